import type { RemovalRequestEvent, RemovalRequestState } from './schema';

/**
 * The removal request as a state machine, as data: for each state and event what follows, under which guards,
 * with what effects. What is not written here cannot happen.
 */

/** `NEW`: there is no request yet. */
export type State = RemovalRequestState | 'NEW';

/** What is known when an event occurs. */
export interface Facts {
  /** The request comes from a signed-in user of the account, not from the public form. */
  isSignedIn?: boolean;
  /** The reply came to the sender number of the consent SMS, after the network was handed it. */
  answersConsent?: boolean;
  /** Its time to be answered is over. */
  isExpired?: boolean;
  /** The staff have set that an exact YES needs none of them. */
  isAutoApproved?: boolean;
}

const guards = {
  isSignedIn: (facts: Facts) => facts.isSignedIn === true,
  answersConsent: (facts: Facts) => facts.answersConsent === true,
  isInTime: (facts: Facts) => facts.isExpired !== true,
  isExpired: (facts: Facts) => facts.isExpired === true,
  isAutoApproved: (facts: Facts) => facts.isAutoApproved === true,
} satisfies Record<string, (facts: Facts) => boolean>;
export type Guard = keyof typeof guards;

/**
 * `send-link`: e-mail the owner a link. `ask`: queue the consent SMS. `take-back`: the consent SMS, unless it
 * has left. `lift`: end the episode. `give-notice`: the customer, by e-mail, in the portal.
 */
export type Effect = 'send-link' | 'ask' | 'take-back' | 'lift' | 'give-notice';

export interface Transition {
  to: RemovalRequestState;
  guards: readonly Guard[];
  effects: readonly Effect[];
}

function go(to: RemovalRequestState, options: { if?: Guard[]; do?: Effect[] } = {}): Transition {
  return { to, guards: options.if ?? [], effects: options.do ?? [] };
}

/** Of several transitions the first whose guards hold is taken; without one the event changes nothing. */
export const machine: Record<State, Partial<Record<RemovalRequestEvent, readonly Transition[]>>> = {
  NEW: {
    REQUESTED: [
      go('AWAITING_REPLY', { if: ['isSignedIn'], do: ['ask'] }),
      go('AWAITING_CONFIRMATION', { do: ['send-link'] }),
    ],
  },
  AWAITING_CONFIRMATION: {
    CONFIRMED: [go('AWAITING_REPLY', { if: ['isInTime'], do: ['ask'] })],
    // A stranger may have filled in the form: the account is not told of what it did not ask for.
    OPT_OUT: [go('REFUSED')],
    CANCELLED: [go('CANCELLED')],
    EXPIRED: [go('EXPIRED', { if: ['isExpired'] })],
    BLOCK_LIFTED: [go('CANCELLED')],
  },
  AWAITING_REPLY: {
    YES: [
      go('REMOVED', { if: ['answersConsent', 'isInTime', 'isAutoApproved'], do: ['lift', 'give-notice'] }),
      go('AWAITING_APPROVAL', { if: ['answersConsent', 'isInTime'] }),
    ],
    NO: [go('REFUSED', { if: ['answersConsent', 'isInTime'], do: ['give-notice'] })],
    // Whoever says stop once more, asked or not, on whichever of the account's numbers, is not asked.
    OPT_OUT: [go('REFUSED', { do: ['take-back', 'give-notice'] })],
    CANCELLED: [go('CANCELLED', { do: ['take-back'] })],
    EXPIRED: [go('EXPIRED', { if: ['isExpired'], do: ['take-back', 'give-notice'] })],
    BLOCK_LIFTED: [go('CANCELLED', { do: ['take-back'] })],
  },
  AWAITING_APPROVAL: {
    // They have changed their mind before anybody decided.
    NO: [go('REFUSED', { if: ['answersConsent'], do: ['give-notice'] })],
    OPT_OUT: [go('REFUSED', { do: ['give-notice'] })],
    APPROVED: [go('REMOVED', { do: ['lift', 'give-notice'] })],
    REJECTED: [go('REJECTED', { do: ['give-notice'] })],
    CANCELLED: [go('CANCELLED')],
    BLOCK_LIFTED: [go('CANCELLED')],
  },
  REMOVED: {},
  REFUSED: {},
  EXPIRED: {},
  REJECTED: {},
  CANCELLED: {},
};

/** What follows when this happens in this state; null: nothing. Pure. */
export function decide(state: State, event: RemovalRequestEvent, facts: Facts = {}): Transition | null {
  const candidates = machine[state][event] ?? [];
  return candidates.find((transition) => transition.guards.every((guard) => guards[guard](facts))) ?? null;
}

/** The states in which this can lead anywhere. */
export function statesOf(event: RemovalRequestEvent): RemovalRequestState[] {
  return (Object.keys(machine) as State[]).filter(
    (state): state is RemovalRequestState => state !== 'NEW' && machine[state][event] !== undefined,
  );
}
