import type { CreditEntryKind } from '@/lib/db/generated/enums';

/** The words for what changed a balance. */
export const entryKindLabels = {
  TOP_UP: 'Top-up',
  SEND: 'Messages',
  REFUND: 'Refund',
  TRANSFER: 'Transfer',
  CORRECTION: 'Correction',
} as const satisfies Record<CreditEntryKind, string>;

/** The most credits that are moved at once: a slip of the finger is not a thousand million. */
export const maxCredits = 1_000_000_000;
export const maxReferenceLength = 100;

/** Why credits were not moved. */
export type TransferRefusal =
  /** Not a whole number. */
  | 'not-whole'
  /** Zero or fewer. */
  | 'too-few'
  | 'too-many'
  /** From an account to itself. */
  | 'same-account'
  /** The other one is no sub-account of the account that asks, or is not there. */
  | 'no-such-account'
  /** More than there is. */
  | 'insufficient-credits'
  | 'reference-too-long'
  /** Another transfer was asked for under the same request id. */
  | 'request-used';

/**
 * Of a transfer: what both have now, or why nothing was moved. `message` is for people, and says what to
 * do.
 */
export type TransferResult =
  | {
      ok: true;
      /** What the account that asked has left. */
      credits: number;
      /** What the other one has. */
      otherCredits: number;
      /** It had been carried out before, under the same request id. */
      isRepeat: boolean;
    }
  | { ok: false; reason: TransferRefusal; message: string; fields?: Readonly<Record<string, string>> };
