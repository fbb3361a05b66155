import fc from 'fast-check';
import type { MarketingStop } from '@/lib/opt-outs/gate';

/**
 * The steps of the model-based test, as data: small numbers that the world (main-job-world.ts) reads modulo
 * what it has, so that every part of a sequence is a sequence and a failing one shrinks.
 */

/**
 * What recipients reply, and what each account must understand by it; written down here, not asked of the
 * matcher.
 */
export const replyTexts = [
  { text: 'hello', verdict: 'none', rule: null },
  { text: 'Stop', verdict: 'opt-out', rule: 'exact:stop' },
  { text: ' STOP! ', verdict: 'opt-out', rule: 'exact:stop' },
  { text: 'stop please', verdict: 'review', rule: 'review:keyword-with-words' },
  /** Means something only to accounts that have it as a keyword of their own. */
  { text: 'Koffie', verdict: 'own-keyword', rule: 'own:exact:koffie' },
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

/**
 * `again`: not a new one, but an earlier one once more. `sameId`: a new one, under the carrier's id of an
 * earlier one.
 */
export interface ReplyPlan {
  recipient: number;
  sender: number;
  text: number;
  again: number | null;
  sameId: number | null;
}

/** Of a worker's clock. Marketing may leave at the first alone. */
export type Hour = 'noon' | 'night' | 'sunday';

export type CarrierAnswer = 'sent' | 'retry' | 'failed';

/** Steps that may also happen at the same moment. */
export type Step =
  | { do: 'accept'; account: number; recipients: number[]; isMarketing: boolean; again: number | null }
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
      hour: Hour;
    }
  /** A worker claims, perhaps hands over, and says nothing more: it has died, or it is slow. */
  | { do: 'hold'; account: number; limit: number; answers: CarrierAnswer[]; handsOver: boolean; hour: Hour }
  /** A slow worker records what it handed over after all; 0 is the last to have claimed. */
  | { do: 'record'; held: number }
  | { do: 'receipt'; message: number; status: 'delivered' | 'failed' }
  | { do: 'suspend'; account: number; suspended: boolean }
  /** A number comes onto the national registry, or leaves it. `account` null: for the whole industry. */
  | { do: 'registry'; recipient: number; account: number | null; listed: boolean }
  /** An account's cleansing is too old, or its registration has ended; null: neither. */
  | { do: 'stop-marketing'; account: number; why: MarketingStop | null }
  /**
   * Staff decide about a reply without an owner; 0 is the last to have come. `to` null: they note why it is
   * nobody's.
   */
  | { do: 'assign'; reply: number; to: number | null; isOptOut: boolean };

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

/** As fc.record, but plain objects, which read better in a report. */
function record<Parts>(parts: { [Key in keyof Parts]: fc.Arbitrary<Parts[Key]> }): fc.Arbitrary<Parts> {
  return fc.record(parts, { noNullPrototype: true });
}

type StepOf<Name extends SequenceStep['do']> = Extract<SequenceStep, { do: Name }>;
type PartsOf<Name extends SequenceStep['do']> = Omit<StepOf<Name>, 'do'>;

function stepOf<Name extends SequenceStep['do']>(
  name: Name,
  parts: { [Key in keyof PartsOf<Name>]: fc.Arbitrary<PartsOf<Name>[Key]> },
): fc.Arbitrary<StepOf<Name>> {
  return record<PartsOf<Name>>(parts).map((values) => ({ do: name, ...values }) as StepOf<Name>);
}

function weigh<Value>(...weighted: [weight: number, arbitrary: fc.Arbitrary<Value>][]): fc.Arbitrary<Value> {
  return fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const account = fc.nat({ max: 2 });
const recipient = fc.nat({ max: 3 });
const again = fc.option(fc.nat({ max: 5 }), { freq: 3 });
const limit = fc.integer({ min: 1, max: 4 });
const answer = weigh<CarrierAnswer>(
  [5, fc.constant('sent')],
  [2, fc.constant('retry')],
  [1, fc.constant('failed')],
);
const hour = weigh<Hour>([5, fc.constant('noon')], [2, fc.constantFrom('night', 'sunday')]);
const answers = fc.array(answer, { minLength: 1, maxLength: 3 });

const replyText = weigh([3, fc.constant(0)], [3, fc.constantFrom(1, 2)], [3, fc.constantFrom(3, 4)]);

const accept = stepOf('accept', {
  account,
  recipients: fc.uniqueArray(recipient, { minLength: 1, maxLength: 4 }),
  isMarketing: fc.boolean(),
  again,
});
const reply = stepOf('reply', {
  replies: fc.array(
    record<ReplyPlan>({
      recipient,
      sender: weigh([4, fc.constantFrom(0, 1)], [1, fc.constant(2)]),
      text: replyText,
      again,
      sameId: fc.option(fc.nat({ max: 5 }), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const dispatch = stepOf('dispatch', {
  account,
  limit,
  answers,
  throws: weigh([6, fc.constant(false)], [1, fc.constant(true)]),
  receiptsFirst: fc.boolean(),
  hour,
});
const hold = stepOf('hold', { account, limit, answers, handsOver: fc.boolean(), hour });
const late = stepOf('record', { held: fc.nat({ max: 3 }) });

const assign = stepOf('assign', {
  reply: weigh([3, fc.constant(0)], [1, fc.nat({ max: 3 })]),
  to: weigh<number | null>([5, account], [1, fc.constant(null)]),
  isOptOut: fc.boolean(),
});

const registry = stepOf('registry', {
  recipient,
  account: weigh<number | null>([2, fc.constant(null)], [1, account]),
  listed: weigh([3, fc.constant(true)], [1, fc.constant(false)]),
});

const stop = stepOf('stop-marketing', {
  account,
  why: fc.constantFrom('CLEANSING', 'REGISTRATION', null, null),
});

const step: fc.Arbitrary<Step> = weigh<Step>(
  [5, accept],
  [5, reply],
  [5, dispatch],
  [3, hold],
  [2, late],
  [2, stepOf('receipt', { message: fc.nat({ max: 9 }), status: fc.constantFrom('delivered', 'failed') })],
  [1, stepOf('suspend', { account, suspended: fc.boolean() })],
  [2, registry],
  [2, assign],
  [1, stop],
);

const together = stepOf('together', {
  steps: fc.array(record({ step, delayMs: fc.nat({ max: 3 }) }), { minLength: 2, maxLength: 5 }),
});
const leasesEnd = fc.constant({ do: 'leases-end' } as const);
const retriesDue = fc.constant({ do: 'retries-due' } as const);

/** Meetings that steps picked one by one would seldom make. */
const scene: fc.Arbitrary<SequenceStep[]> = weigh<SequenceStep[]>(
  // several dispatchers at the same account's queue
  [
    2,
    fc.tuple(accept, fc.array(dispatch, { minLength: 2, maxLength: 3 })).map(([first, dispatches]) => [
      first,
      {
        do: 'together',
        steps: dispatches.map((one) => ({ step: { ...one, account: first.account }, delayMs: 0 })),
      },
    ]),
  ],
  // a slow worker, whose messages the carrier did not take, is overtaken by another, and records first
  [
    1,
    fc
      .tuple(accept, hold, fc.constantFrom('retry', 'failed'), hold)
      .map(([first, slow, refusal, second]) => [
        first,
        { ...slow, account: first.account, handsOver: true, answers: [refusal] },
        { do: 'leases-end' },
        { ...second, account: first.account, handsOver: true },
        { do: 'record', held: 1 },
        { do: 'record', held: 0 },
      ]),
  ],
  // a recipient says stop while they are being written to
  [
    1,
    fc.tuple(accept, accept, reply, dispatch).map(([first, second, stop, sending]) => [
      first,
      {
        do: 'together',
        steps: [stop, { ...second, account: first.account }, { ...sending, account: first.account }].map(
          (one) => ({
            step: one,
            delayMs: 0,
          }),
        ),
      },
    ]),
  ],
  // a recipient comes onto the registry while marketing to them is accepted, and while it leaves
  [
    2,
    fc.tuple(accept, accept, registry, dispatch).map(([first, second, listing, sending]): SequenceStep[] => {
      const [recipients, account] = [first.recipients, first.account];
      const marketing = { account, recipients, isMarketing: true, again: null };
      return [
        { ...first, ...marketing },
        {
          do: 'together',
          steps: [
            { ...listing, recipient: recipients[0] ?? 0, listed: true },
            { ...second, ...marketing },
            { ...sending, account, hour: 'noon' as const },
          ].map((one) => ({ step: one, delayMs: 0 })),
        },
        { ...second, ...marketing },
        { ...sending, account, limit: 4, hour: 'noon' },
      ];
    }),
  ],
  // a recipient who answers a number that nobody wrote from, while their account writes on, and two of the
  // staff decide
  [
    2,
    fc.tuple(accept, replyText, assign, assign).map(([writing, text, first, second]): SequenceStep[] => [
      writing,
      {
        do: 'reply',
        replies: [{ recipient: writing.recipients[0] ?? 0, sender: 2, text, again: null, sameId: null }],
      },
      {
        do: 'together',
        steps: [
          { ...first, to: writing.account },
          second,
          { ...writing, again: null },
          {
            do: 'dispatch' as const,
            account: writing.account,
            limit: 4,
            answers: ['sent' as const],
            throws: false,
            receiptsFirst: false,
            hour: 'noon' as const,
          },
        ].map((one) => ({ step: one, delayMs: 0 })),
      },
    ]),
  ],
  // every account writes to the same recipient, who answers on both shared numbers
  [
    2,
    fc.tuple(recipient, replyText).map(([whom, text]) => [
      {
        do: 'together',
        steps: [0, 1, 2].map((index) => ({
          step: { do: 'accept', account: index, recipients: [whom], isMarketing: true, again: null },
          delayMs: 0,
        })),
      },
      ...[0, 1].map((sender) => ({
        do: 'reply' as const,
        replies: [{ recipient: whom, sender, text, again: null, sameId: null }],
      })),
    ]),
  ],
);

/**
 * Sequences of at most `size` steps or scenes, each in a world of its own: two or three accounts, three or
 * four recipients.
 */
export function arbitrarySequence(size: number): fc.Arbitrary<Sequence> {
  const one = (single: fc.Arbitrary<SequenceStep>) => single.map((made) => [made]);
  const part = weigh<SequenceStep[]>(
    [6, one(step)],
    [3, one(together)],
    [2, scene],
    [1, one(leasesEnd)],
    [1, one(retriesDue)],
  );
  return record<Sequence>({
    world: record<WorldPlan>({
      accounts: fc.array(
        record<AccountPlan>({
          credits: fc.constantFrom(1000, 1000, 6),
          blocksOnReview: fc.boolean(),
          hasOwnKeyword: fc.boolean(),
          hasOwnNumber: fc.constantFrom(false, false, false, true),
        }),
        { minLength: 2, maxLength: 3 },
      ),
      recipients: fc.integer({ min: 3, max: 4 }),
    }),
    steps: fc.array(part, { maxLength: size, size: 'max' }).map((parts) => parts.flat()),
  });
}
