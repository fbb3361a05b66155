/** How an opt-out came to be; the words of the database. */
export type OptOutKind = 'REPLY' | 'SHARED_SENDER' | 'MANUAL' | 'IMPORT' | 'API' | 'STAFF';

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
  | { ok: true }
  | { ok: false; reason: 'not-there' | 'made-by-reply' | 'made-by-staff'; message: string };

/** The most numbers that are added or removed at a time; an import takes more. */
export const maxNumbersAtATime = 1000;

/** The most numbers that a program adds or checks at a time. */
export const maxNumbersOfProgram = 10_000;

/** The entries an account may remove itself: those it made itself (design: the invariants). */
export const removableKinds = ['MANUAL', 'IMPORT', 'API'] as const satisfies readonly OptOutKind[];
