import { Send, ShieldBan } from 'lucide-react';
import { LiveIndicator } from '@/components/live/live-indicator';
import { ReplyLine } from '@/components/messages/reply-line';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ReplyRow } from '@/lib/replies/schema';

interface HomePageProps {
  accountName: string;
  timeZone: string;
  /** The last 30 days. */
  overview: { messages: number; delivered: number; replies: number; optOuts: number };
  /** The newest first, a handful. */
  latestReplies: readonly ReplyRow[];
}

function formatShare(part: number, whole: number): string {
  return whole === 0 ? 'Nothing sent yet' : `${Math.round((part / whole) * 1000) / 10} % of those sent`;
}

export function HomePage({ accountName, timeZone, overview, latestReplies }: HomePageProps) {
  return (
    <>
      <PageHeader
        title={accountName}
        aside={<LiveIndicator topics={['messages', 'replies', 'opt-outs']} />}
        description="The last 30 days."
        actions={
          <>
            <ButtonLink href="/messages/opt-outs">
              <ShieldBan aria-hidden="true" className="size-4" />
              Auto Opt-Outs
            </ButtonLink>
            <ButtonLink href="/send" variant="primary">
              <Send aria-hidden="true" className="size-4" />
              Send a message
            </ButtonLink>
          </>
        }
      />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Messages" value={overview.messages} href="/messages" note="Accepted for sending" />
        <Stat
          label="Delivered"
          value={overview.delivered}
          href="/messages"
          note={formatShare(overview.delivered, overview.messages)}
        />
        <Stat label="Replies" value={overview.replies} href="/messages?tab=incoming" note="From recipients" />
        <Stat label="Opt-outs" value={overview.optOuts} href="/messages/opt-outs" note="Added to your list" />
      </div>
      <Card
        title="Latest replies"
        className="mt-4"
        aside={
          latestReplies.length > 0 && (
            <Link
              href="/messages?tab=incoming"
              className="rounded-sm text-sm text-accent-text underline-offset-4 hover:underline"
            >
              All replies
            </Link>
          )
        }
      >
        {latestReplies.length === 0 ? (
          <EmptyState
            kind="nothing-yet"
            title="No replies yet"
            action={
              <ButtonLink href="/send">
                <Send aria-hidden="true" className="size-4" />
                Send a message
              </ButtonLink>
            }
          >
            What recipients reply appears here at once.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {latestReplies.map((reply) => (
              <ReplyLine
                key={reply.id}
                reply={reply}
                time={<RelativeTime value={reply.receivedAt} timeZone={timeZone} />}
              />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
