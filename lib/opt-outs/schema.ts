/** How an opt-out came to be; the words of the database. */
export type OptOutKind = 'REPLY' | 'SHARED_SENDER' | 'MANUAL' | 'IMPORT' | 'API' | 'STAFF';

/** What a list of opt-outs is narrowed to, and its order. */
export interface OptOutFilter {
  /** Part of a number however it is typed, or of what was replied. Empty: everything. */
  search: string;
  /** Empty: all of them. */
  kinds: OptOutKind[];
  /** A value of `ruleGroups`. */
  rule: string | null;
  /** "2026-11-22": the first and the last day, in the account's time zone. */
  from: string | null;
  to: string | null;
  sort: 'newest' | 'oldest';
}

export interface OptOutRow {
  /** The episode. */
  id: string;
  msisdn: string;
  kind: OptOutKind;
  replyText: string | null;
  /** How many characters the reply has when `replyText` is but its beginning; null: it is all of it. */
  replyWholeLength: number | null;
  rule: string | null;
  senderNumber: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** What became of one number that someone asked to add, as typed. */
export type AddOptOutResult = { input: string } & (
  | { outcome: 'added'; msisdn: string }
  /** `since`: ISO 8601, UTC. */
  | { outcome: 'already-there'; msisdn: string; since: string }
  | { outcome: 'invalid'; reason: string }
  /** Typed before in the same list. */
  | { outcome: 'duplicate'; msisdn: string }
);

export type RemoveOptOutResult =
  { ok: true } | { ok: false; reason: 'not-there' | 'made-by-reply' | 'made-by-staff'; message: string };

/** The most numbers that are added or removed at a time; an import takes more. */
export const maxNumbersAtATime = 1000;

/** The entries an account may remove itself: those it made itself (design: the invariants). */
export const removableKinds = ['MANUAL', 'IMPORT', 'API'] as const satisfies readonly OptOutKind[];
