import fc from 'fast-check';

/**
 * The steps, as small numbers that the world reads modulo what it has, so that every part of a sequence is a
 * sequence.
 */
export type RemovalStep =
  | { do: 'say'; account: number; recipient: number; text: number; elsewhere: boolean }
  | { do: 'request'; account: number; recipient: number }
  | { do: 'cancel'; request: number }
  | { do: 'decide'; request: number; staff: number; approve: boolean }
  | { do: 'dispatch'; account: number; after: boolean }
  | { do: 'correct'; account: number; recipient: number }
  | { do: 'expire' };

export type RemovalSequenceStep =
  | RemovalStep
  | { do: 'together'; steps: RemovalStep[] }
  /** Days go by. */
  | { do: 'wait'; days: number };

const account = fc.nat({ max: 1 });
const recipient = fc.nat({ max: 1 });
const request = fc.nat({ max: 3 });
/** 0: Stop; 1, 2: YES; 3: NO; 4: something else. */
const text = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.constantFrom(1, 2) },
  { weight: 2, arbitrary: fc.constantFrom(3, 4) },
);
const rarely = fc.oneof(
  { weight: 5, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

function stepOf<Name extends RemovalStep['do']>(
  name: Name,
  parts: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<RemovalStep> {
  return fc
    .record(parts, { noNullPrototype: true })
    .map((values) => ({ do: name, ...values }) as unknown as RemovalStep);
}

const ask = stepOf('request', { account, recipient });
const say = stepOf('say', { account, recipient, text, elsewhere: rarely });
const dispatch = stepOf('dispatch', { account, after: rarely });
const decide = stepOf('decide', {
  request,
  staff: fc.nat({ max: 1 }),
  approve: fc.constantFrom(true, true, false),
});
const step: fc.Arbitrary<RemovalStep> = fc.oneof(
  { weight: 5, arbitrary: ask },
  { weight: 7, arbitrary: say },
  { weight: 5, arbitrary: dispatch },
  { weight: 5, arbitrary: decide },
  { weight: 2, arbitrary: stepOf('cancel', { request }) },
  { weight: 1, arbitrary: stepOf('correct', { account, recipient }) },
  { weight: 2, arbitrary: fc.constant<RemovalStep>({ do: 'expire' }) },
);

const wait = fc.constantFrom(1, 6, 9).map((days) => ({ do: 'wait' as const, days }));

/** What comes between the steps of a request's way: what would end it, delay it, or must not count. */
const between: fc.Arbitrary<RemovalSequenceStep> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<RemovalStep>({ do: 'cancel', request: 0 }) },
  { weight: 2, arbitrary: wait },
  { weight: 2, arbitrary: fc.constant<RemovalStep>({ do: 'expire' }) },
  { weight: 4, arbitrary: step },
);

/** They say YES and change their mind before anybody has decided. */
const change: fc.Arbitrary<RemovalSequenceStep[]> = fc
  .tuple(account, recipient, fc.constantFrom(0, 3), fc.boolean())
  .map(([who, whom, text, isTogether]) => {
    const subject = { account: who, recipient: whom, elsewhere: false };
    const changed: RemovalStep = { do: 'say', ...subject, text };
    const decided: RemovalStep = { do: 'decide', request: 0, staff: 0, approve: true };
    return [
      { do: 'say', ...subject, text: 0 },
      { do: 'request', account: who, recipient: whom },
      { do: 'dispatch', account: who, after: false },
      { do: 'say', ...subject, text: 1 },
      ...(isTogether ? [{ do: 'together' as const, steps: [changed, decided] }] : [changed, decided]),
    ];
  });

/** Several of the staff at one request. */
const crowd: fc.Arbitrary<RemovalSequenceStep[]> = fc
  .tuple(account, recipient, fc.boolean())
  .map(([who, whom, approve]) => {
    const subject = { account: who, recipient: whom, elsewhere: false };
    return [
      { do: 'say', ...subject, text: 0 },
      { do: 'request', account: who, recipient: whom },
      { do: 'dispatch', account: who, after: false },
      { do: 'say', ...subject, text: 1 },
      {
        do: 'together' as const,
        steps: [
          { do: 'decide', request: 0, staff: 0, approve: true },
          { do: 'decide', request: 0, staff: 1, approve },
          { do: 'decide', request: 0, staff: 1, approve: true },
        ],
      },
    ];
  });

/**
 * A request goes all its way, and something happens on it: meetings that steps picked one by one would seldom
 * make.
 */
const way: fc.Arbitrary<RemovalSequenceStep[]> = fc
  .tuple(
    account,
    recipient,
    fc.nat({ max: 5 }),
    fc.nat({ max: 4 }),
    fc.array(step, { maxLength: 3 }),
    between,
    rarely,
  )
  .map(([who, whom, saying, at, others, coming, elsewhere]) => {
    const subject = { account: who, recipient: whom };
    const all: RemovalSequenceStep[] = [
      { do: 'say', ...subject, text: 0, elsewhere: false },
      { do: 'request', ...subject },
      { do: 'dispatch', account: who, after: false },
      { do: 'say', ...subject, text: saying === 5 ? 3 : 1, elsewhere },
      { do: 'decide', request: 0, staff: 0, approve: true },
    ];
    const met = all[at] as RemovalStep;
    all.splice(
      at,
      1,
      ...(others.length > 0 ? [{ do: 'together' as const, steps: [met, ...others] }] : [coming, met]),
    );
    return all;
  });

const part: fc.Arbitrary<RemovalSequenceStep[]> = fc.oneof(
  { weight: 6, arbitrary: step.map((one) => [one]) },
  { weight: 6, arbitrary: way },
  { weight: 1, arbitrary: change },
  { weight: 1, arbitrary: crowd },
  {
    weight: 2,
    arbitrary: fc
      .array(step, { minLength: 2, maxLength: 4 })
      .map((steps) => [{ do: 'together' as const, steps }]),
  },
  { weight: 1, arbitrary: wait.map((one) => [one]) },
);
/** Sequences of at most ten parts, each a step or a scene. */
export const arbitraryRemovals: fc.Arbitrary<RemovalSequenceStep[]> = fc
  .array(part, { minLength: 1, maxLength: 10 })
  .map((parts) => parts.flat());
