import type { ServerAction } from '@/components/actions/call-action';

/** A reply that waits for a person to decide whether it is an opt-out. */
export interface ReplyToReview {
  id: string;
  /** What the network gave when it is no number: "MTN". */
  msisdn: string;
  text: string;
  /** How many characters it has when `text` is but its beginning; null: `text` is all of it. */
  wholeLength: number | null;
  rule: string | null;
  /** ISO 8601, UTC. */
  receivedAt: string;
  /** The message it answered. */
  answered: { text: string; sentAt: string } | null;
  /** A network's own name cannot be written to, so there is nothing to block. */
  canOptOut: boolean;
}

export type Decision = 'OPTED_OUT' | 'DISMISSED';

/** One that was made a moment ago. */
export interface RecentDecision {
  replyId: string;
  msisdn: string;
  text: string;
  decision: Decision;
  /** False once the recipient has been told. */
  canUndo: boolean;
  /** How long the confirmation SMS still waits; null when none does. */
  toldInMs: number | null;
}

/**
 * `toldInMs`: when the recipient gets the confirmation SMS, after which nothing can be undone; null: never.
 */
export type Decided = { ok: true; toldInMs: number | null };

/** The three things a person can do: server actions. */
export interface ReviewActions {
  optOut: ServerAction<[replyId: string], Decided>;
  dismiss: ServerAction<[replyId: string], Decided>;
  undo: ServerAction<[{ replyId: string; decision: Decision }], Decided>;
}
