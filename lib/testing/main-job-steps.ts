import fc from 'fast-check';

/**
 * The steps of the model-based test, as data: small numbers that the world (main-job-world.ts) reads modulo what it has, so
 * that every part of a sequence is a sequence and a failing one shrinks.
 */

/** What recipients reply, and what each account must understand by it; written down here, not asked of the matcher. */
export const replyTexts = [
  { text: 'hello', verdict: 'none', rule: null },
  { text: 'Stop', verdict: 'opt-out', rule: 'exact:stop' },
  { text: ' STOP! ', verdict: 'opt-out', rule: 'exact:stop' },
  { text: 'stop please', verdict: 'review', rule: 'review:keyword-with-words' },
  /** Means something only to accounts that have it as a keyword of their own. */
  { text: 'Genoeg', verdict: 'own-keyword', rule: 'own:exact:genoeg' },
] as const;

export type ReplyText = (typeof replyTexts)[number];

export interface AccountPlan {
  /** Some have too few credits for what they want to send. */
  credits: number;
  blocksOnReview: boolean;
  hasOwnKeyword: boolean;
  hasOwnNumber: boolean;
}

export interface WorldPlan {
  accounts: AccountPlan[];
  recipients: number;
}

/** `again`: not a new one, but an earlier one once more. */
export interface ReplyPlan {
  recipient: number;
  sender: number;
  text: number;
  again: number | null;
}

export type CarrierAnswer = 'sent' | 'retry' | 'failed';

/** Steps that may also happen at the same moment. */
export type Step =
  | { do: 'accept'; account: number; recipients: number[]; again: number | null }
  | { do: 'reply'; replies: ReplyPlan[] }
  | {
      do: 'dispatch';
      account: number;
      limit: number;
      answers: CarrierAnswer[];
      /** The carrier takes nothing of the batch. */
      throws: boolean;
      /** Its delivery receipts arrive before its answer. */
      receiptsFirst: boolean;
    }
  /** A worker claims, perhaps hands over, and says nothing more: it has died, or it is slow. */
  | { do: 'hold'; account: number; limit: number; answers: CarrierAnswer[]; handsOver: boolean }
  /** A slow worker records what it handed over after all. */
  | { do: 'record'; held: number }
  | { do: 'receipt'; message: number; status: 'delivered' | 'failed' }
  | { do: 'suspend'; account: number; suspended: boolean };

export type SequenceStep =
  | Step
  | { do: 'together'; steps: { step: Step; delayMs: number }[] }
  /** The leases of what was claimed and never recorded are over. */
  | { do: 'leases-end' }
  /** What the carrier put off is due. */
  | { do: 'retries-due' };

export interface Sequence {
  world: WorldPlan;
  steps: SequenceStep[];
}

const account = fc.nat({ max: 2 });
const again = fc.option(fc.nat({ max: 5 }), { freq: 3 });
const limit = fc.integer({ min: 1, max: 4 });
const answers = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant('sent' as const) },
    { weight: 2, arbitrary: fc.constant('retry' as const) },
    { weight: 1, arbitrary: fc.constant('failed' as const) },
  ),
  { minLength: 1, maxLength: 3 },
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constantFrom(1, 2) },
  { weight: 3, arbitrary: fc.constantFrom(3, 4) },
);
const reply: fc.Arbitrary<ReplyPlan> = fc.record({
  recipient: fc.nat({ max: 3 }),
  sender: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 1) }, { weight: 1, arbitrary: fc.constant(2) }),
  text,
  again,
});

function stepOf<Name extends Step['do']>(
  name: Name,
  parts: {
    [Key in Exclude<keyof Extract<Step, { do: Name }>, 'do'>]: fc.Arbitrary<Extract<Step, { do: Name }>[Key]>;
  },
): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(name), ...parts }) as unknown as fc.Arbitrary<Step>;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: stepOf('accept', {
      account,
      recipients: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
      again,
    }),
  },
  { weight: 5, arbitrary: stepOf('reply', { replies: fc.array(reply, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 5,
    arbitrary: stepOf('dispatch', {
      account,
      limit,
      answers,
      throws: fc.oneof(
        { weight: 6, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      receiptsFirst: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: stepOf('hold', { account, limit, answers, handsOver: fc.boolean() }) },
  { weight: 2, arbitrary: stepOf('record', { held: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: stepOf('receipt', {
      message: fc.nat({ max: 9 }),
      status: fc.constantFrom('delivered', 'failed'),
    }),
  },
  { weight: 1, arbitrary: stepOf('suspend', { account, suspended: fc.boolean() }) },
);

const together: fc.Arbitrary<SequenceStep> = fc.record({
  do: fc.constant('together' as const),
  steps: fc.array(fc.record({ step, delayMs: fc.nat({ max: 3 }) }), { minLength: 2, maxLength: 5 }),
});

/** Sequences of at most `size` steps, each in a world of its own: two or three accounts, three or four recipients. */
export function arbitrarySequence(size: number): fc.Arbitrary<Sequence> {
  return fc.record({
    world: fc.record({
      accounts: fc.array(
        fc.record({
          credits: fc.constantFrom(1000, 1000, 6),
          blocksOnReview: fc.boolean(),
          hasOwnKeyword: fc.boolean(),
          hasOwnNumber: fc.constantFrom(false, false, false, true),
        }),
        { minLength: 2, maxLength: 3 },
      ),
      recipients: fc.integer({ min: 3, max: 4 }),
    }),
    steps: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: step },
        { weight: 4, arbitrary: together },
        { weight: 1, arbitrary: fc.constant({ do: 'leases-end' as const }) },
        { weight: 1, arbitrary: fc.constant({ do: 'retries-due' as const }) },
      ),
      { maxLength: size, size: 'max' },
    ),
  });
}
