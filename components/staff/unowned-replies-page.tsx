import { ReplyLine } from '@/components/messages/reply-line';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import type { ReplyRow } from '@/lib/replies/schema';
import { staffTimeZone } from './staff-time-zone';

interface UnownedRepliesPageProps {
  /** Replies to which no account had written; the newest first. */
  replies: readonly ReplyRow[];
}

export function UnownedRepliesPage({ replies }: UnownedRepliesPageProps) {
  return (
    <>
      <PageHeader
        title="Replies"
        description="What no account can answer for. A reply to an account is in that account’s Message Logs; an answer to a consent SMS stands with its removal request."
      />
      <Card
        title="Replies without an owner"
        aside={
          replies.length > 0 && (
            <span className="text-xs text-ink-faint tabular-nums">{formatCount(replies.length)} newest</span>
          )
        }
      >
        {replies.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Every reply has an owner">
            A reply from someone to whom no account has written is kept here.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {replies.map((reply) => (
              <ReplyLine
                key={`${reply.msisdn} ${reply.id}`}
                reply={reply}
                time={<Time value={reply.receivedAt} timeZone={staffTimeZone} />}
              />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
