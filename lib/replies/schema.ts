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
   * The carrier's request body as it came (of Kannel, the text's bytes), when `text` alone cannot give it
   * back (not UTF-8, NUL characters).
   */
  raw: Buffer | null;
  receivedAt: Date;
  /**
   * When it arrived at the gateway, to the second, which may hand replies over late and in another order;
   * left out: the carrier does not say.
   */
  arrivedAt?: Date;
  /**
   * `part`: of a longer reply, whose rest did not come. `receipt`: what the network says of a message, sent
   * as if it were a text of the recipient's. Left out: a whole reply.
   */
  kind?: 'part' | 'receipt';
}

/** When it was written, as far as is known. */
export function timeOf({ arrivedAt, receivedAt }: Pick<IncomingReply, 'arrivedAt' | 'receivedAt'>): Date {
  return arrivedAt ?? receivedAt;
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
