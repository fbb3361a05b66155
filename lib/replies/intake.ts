import type { Pool } from 'pg';
import { isAboutContent } from '@/lib/db/content-errors';
import { NaturalBatcher } from '@/lib/messages/natural-batching';
import { inSpan, keepOrigin } from '@/lib/metrics/tracing';
import { maxRepliesPerBatch, receiveReplies } from './commands';
import type { IncomingReply, ReplyOutcome } from './schema';

/** The most text, in UTF-16 units, that one transaction takes; a reply may be a megabyte. */
const maxBatchWeight = 4_000_000;

export type ReplyIntake = NaturalBatcher<IncomingReply, ReplyOutcome>;

/** Each reply has a span of its own until it is committed, with however many others. */
class TracedBatcher extends NaturalBatcher<IncomingReply, ReplyOutcome> {
  override submit(reply: IncomingReply): Promise<ReplyOutcome> {
    return inSpan('reply', { attributes: { 'client_zone.carrier': reply.carrier } }, () => {
      keepOrigin(reply);
      return super.submit(reply);
    });
  }
}

/**
 * What stands behind every carrier door of a process: replies that arrive while a transaction is running go
 * together into the next one. `submit` resolves when the reply, and any opt-out it causes, is committed.
 */
export function createReplyIntake(pool: Pool): ReplyIntake {
  return new TracedBatcher(
    (replies) => receiveReplies(pool, replies),
    {
      maxItems: maxRepliesPerBatch,
      maxWeight: maxBatchWeight,
      weigh: ({ text, raw }) => text.length + (raw?.length ?? 0),
    },
    (error) => !isAboutContent(error),
  );
}
