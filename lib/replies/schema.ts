import type { Verdict } from '@/lib/opt-outs/matcher';
import type { SenderNumber } from '@/lib/sms/sender-number';

/** A reply as a carrier hands it over. */
export interface IncomingReply {
  carrier: string;
  /** The carrier's own id of this reply; with its content, what makes receiving it twice harmless. */
  carrierMessageId: string;
  /** The recipient who wrote: an MSISDN, or what the network gave ("MTN"). */
  from: string;
  /** The sender number they wrote to. */
  to: SenderNumber;
  text: string;
  /**
   * The carrier's request body as it came, when `text` alone cannot give it back (not UTF-8, NUL characters).
   */
  raw: Buffer | null;
  receivedAt: Date;
}

export type ReplyOutcome =
  | { status: 'accepted'; accountIds: number[]; verdict: Verdict }
  /** This carrier has handed us this reply before, id and content; nothing was done again. */
  | { status: 'duplicate' };

export type StoredVerdict = 'OPT_OUT' | 'REVIEW' | 'NONE';

export const storedVerdicts = {
  'opt-out': 'OPT_OUT',
  review: 'REVIEW',
  none: 'NONE',
} as const satisfies Record<Verdict, StoredVerdict>;
