import { describe, expect, test } from 'vitest';
import { isOpen, removalRequestEvents, removalRequestStates, type RemovalRequestEvent } from './schema';
import { decide, machine, statesOf, type Facts, type State } from './state';

// Every fact a guard may ask for, in every combination.
const facts: Facts[] = [...Array(16).keys()].map((bits) => ({
  isSignedIn: (bits & 1) > 0,
  answersConsent: (bits & 2) > 0,
  isExpired: (bits & 4) > 0,
  isAutoApproved: (bits & 8) > 0,
}));

/**
 * What must follow, written down a second time, by hand, in another form than the machine's: from state and
 * event to the state after it. What is not here must change nothing.
 */
function expected(state: State, event: RemovalRequestEvent, given: Facts): State {
  const { isSignedIn, answersConsent, isExpired, isAutoApproved } = given;
  switch (`${state} ${event}`) {
    case 'NEW REQUESTED':
      return isSignedIn ? 'AWAITING_REPLY' : 'AWAITING_CONFIRMATION';
    case 'AWAITING_CONFIRMATION CONFIRMED':
      return isExpired ? state : 'AWAITING_REPLY';
    case 'AWAITING_CONFIRMATION EXPIRED':
    case 'AWAITING_REPLY EXPIRED':
      return isExpired ? 'EXPIRED' : state;
    case 'AWAITING_REPLY YES':
      if (!answersConsent || isExpired) return state;
      return isAutoApproved ? 'REMOVED' : 'AWAITING_APPROVAL';
    case 'AWAITING_REPLY NO':
      return answersConsent && !isExpired ? 'REFUSED' : state;
    case 'AWAITING_APPROVAL NO':
      return answersConsent ? 'REFUSED' : state;
    case 'AWAITING_CONFIRMATION OPT_OUT':
    case 'AWAITING_REPLY OPT_OUT':
    case 'AWAITING_APPROVAL OPT_OUT':
      return 'REFUSED';
    case 'AWAITING_APPROVAL APPROVED':
      return 'REMOVED';
    case 'AWAITING_APPROVAL REJECTED':
      return 'REJECTED';
    case 'AWAITING_CONFIRMATION CANCELLED':
    case 'AWAITING_REPLY CANCELLED':
    case 'AWAITING_APPROVAL CANCELLED':
    case 'AWAITING_CONFIRMATION BLOCK_LIFTED':
    case 'AWAITING_REPLY BLOCK_LIFTED':
    case 'AWAITING_APPROVAL BLOCK_LIFTED':
      return 'CANCELLED';
    default:
      return state;
  }
}

const pairs = (['NEW', ...removalRequestStates] as State[]).flatMap((state) =>
  removalRequestEvents.map((event) => [state, event] as const),
);

test.each(pairs)('%s, %s', (state, event) => {
  for (const given of facts) {
    expect([given, decide(state, event, given)?.to ?? state]).toEqual([given, expected(state, event, given)]);
  }
});

describe('whatever happens', () => {
  const all = pairs.flatMap(([state, event]) =>
    (machine[state][event] ?? []).map((transition) => ({ state, event, ...transition })),
  );

  test('there are transitions to look at, and none leads back to where it began', () => {
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ state, to }) => state === to)).toEqual([]);
  });

  test('a block is lifted by the recipient’s YES and nothing else: invariant 5', () => {
    const lifting = all.filter(({ effects, to }) => effects.includes('lift') || to === 'REMOVED');
    expect(lifting.map(({ state, event }) => `${state} ${event}`).sort()).toEqual([
      'AWAITING_APPROVAL APPROVED',
      'AWAITING_REPLY YES',
    ]);
    expect(lifting.every(({ effects, to }) => effects.includes('lift') && to === 'REMOVED')).toBe(true);
    const toApproval = all.filter(({ to }) => to === 'AWAITING_APPROVAL');
    expect(toApproval.map(({ event, guards }) => [event, guards])).toEqual([
      ['YES', ['answersConsent', 'isInTime']],
    ]);
  });

  test('only what begins to wait for a reply asks: invariant 6', () => {
    expect(all.every(({ to, effects }) => (to === 'AWAITING_REPLY') === effects.includes('ask'))).toBe(true);
  });

  test('a request that ends while it waits for a reply takes its SMS back, unless it was answered', () => {
    const ends = all.filter(({ state, to }) => state === 'AWAITING_REPLY' && !isOpen(to));
    for (const { event, effects } of ends) {
      expect([event, effects.includes('take-back')]).toEqual([event, !['YES', 'NO'].includes(event)]);
    }
  });

  test('the customer is told of approval, rejection, refusal and expiry, and not of what they did', () => {
    const told = all
      .filter(({ effects }) => effects.includes('give-notice'))
      .map(({ state, to }) => `${state} ${to}`);
    expect([...new Set(told)].sort()).toEqual([
      'AWAITING_APPROVAL REFUSED',
      'AWAITING_APPROVAL REJECTED',
      'AWAITING_APPROVAL REMOVED',
      'AWAITING_REPLY EXPIRED',
      'AWAITING_REPLY REFUSED',
      'AWAITING_REPLY REMOVED',
    ]);
  });

  test('what is over stays over', () => {
    for (const state of removalRequestStates.filter((one) => !isOpen(one)))
      expect(machine[state]).toEqual({});
    expect(statesOf('CANCELLED')).toEqual(['AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL']);
    expect(statesOf('REQUESTED')).toEqual([]);
  });
});
