/**
 * What becomes of a reply without an owner. WAITING: it is certainly an opt-out, UNSURE: it may be one (the
 * matcher's `review`); of both a member of staff is to decide. KEPT: anything else.
 */
export type UnownedState = 'WAITING' | 'UNSURE' | 'ASSIGNED' | 'NOTED' | 'KEPT';

/** How many wait for a member of staff, each counted up to 100. */
export interface WaitingCounts {
  certain: number;
  unsure: number;
}

/** What names one: its number belongs to the key of the table. */
export interface UnownedKey {
  msisdn: string;
  id: string;
}

/** An account that may be meant: it has written to the number. */
export interface LikelyAccount {
  accountId: number;
  name: string;
  /** From where it wrote last, when (ISO 8601, UTC), and the beginning of what. */
  senderNumber: string;
  wroteAt: string;
  text: string | null;
  /** The number is blocked for it already. */
  isBlocked: boolean;
}

export interface AssignInput extends UnownedKey {
  accountId: number;
  /**
   * What the member of staff makes of an uncertain one: it is an opt-out and blocks; or, false, the account
   * judges it, as it would have. A certain one blocks however this is, and what is no wish never does.
   */
  isOptOut: boolean;
  /** Why this account; it stands in the history, and the customer reads it. */
  reason: string;
}

export interface NoteInput extends UnownedKey {
  /** Why it is assigned to nobody. */
  reason: string;
}

export type UnownedRefusal = 'not-there' | 'decided' | 'no-account' | 'no-reason';

export type AssignResult =
  /**
   * `outcome`: blocked now; blocked before; let back in by the recipient's own YES since; among what the
   * account is to review; or just among its replies.
   */
  | {
      ok: true;
      outcome: 'blocked' | 'already-blocked' | 'let-in-since' | 'to-review' | 'given';
      accountName: string;
    }
  | { ok: false; reason: UnownedRefusal; message: string };

export type NoteResult = { ok: true } | { ok: false; reason: UnownedRefusal; message: string };

/** The longest reason that is kept. */
export const maxReasonLength = 500;
