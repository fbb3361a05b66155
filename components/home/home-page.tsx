import { IfMay } from '@/components/permissions/permissions';
import { Send, ShieldBan } from 'lucide-react';
import { LiveIndicator } from '@/components/live/live-indicator';
import { ReplyLine } from '@/components/messages/reply-line';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Attention, DayCounts, Period, TextRate } from '@/lib/home/schema';
import type { ReplyRow } from '@/lib/replies/list';
import { AttentionList } from './attention-list';
import { ChartCard } from './chart-card';
import { findRate, formatRate, type ChartDay } from './chart-series';
import { FirstSteps } from './first-steps';
import { PeriodNav } from './period-nav';
import { TextRates } from './text-rates';

interface HomePageProps {
  accountName: string;
  timeZone: string;
  period: Period;
  home: {
    days: readonly ChartDay[];
    textRates: readonly TextRate[];
    attention: readonly Attention[];
    isFresh: boolean;
    uncounted: readonly string[];
  };
  /** It writes to its owner alone; the first steps are on a page of their own. */
  isTrial: boolean;
  /** The newest first, a handful. */
  latestReplies: readonly ReplyRow[];
}

export function HomePage({ accountName, timeZone, period, home, isTrial, latestReplies }: HomePageProps) {
  return (
    <>
      <PageHeader
        title={accountName}
        aside={<LiveIndicator topics={['messages', 'replies', 'opt-outs']} />}
        actions={
          <>
            <ButtonLink href="/messages/opt-outs">
              <ShieldBan aria-hidden="true" className="size-4" />
              Auto Opt-Outs
            </ButtonLink>
            <IfMay may="messages.send">
              <ButtonLink href="/send" variant="primary">
                <Send aria-hidden="true" className="size-4" />
                Send a message
              </ButtonLink>
            </IfMay>
          </>
        }
      />
      {isTrial && (
        <div className="mb-4">
          <Callout title="This is a trial account">
            It sends only to your own phone.{' '}
            <Link href="/welcome" className="rounded-sm underline underline-offset-4">
              Take the first steps
            </Link>
            , or ask us to make it a full account.
          </Callout>
        </div>
      )}
      {home.isFresh ? (
        <>
          {home.attention.length > 0 && <AttentionList attention={home.attention} />}
          <FirstSteps />
        </>
      ) : (
        <>
          <AttentionList attention={home.attention} />
          <Figures period={period} days={home.days} isPartial={home.uncounted.length > 0} />
          <div className="mt-3 grid gap-3">
            <TextRates textRates={home.textRates} isPartial={home.uncounted.length > 0} />
            <LatestReplies replies={latestReplies} timeZone={timeZone} />
          </div>
        </>
      )}
    </>
  );
}

interface FiguresProps {
  period: Period;
  days: readonly ChartDay[];
  /** Earlier days are still being counted. */
  isPartial: boolean;
}

function Figures({ period, days, isPartial }: FiguresProps) {
  const sum = sumDays(days);
  const rate = findRate(sum.optOuts, sum.delivered);
  return (
    <section aria-labelledby="figures">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 id="figures" className="text-base font-semibold">
          The last {period} days
        </h2>
        <div className="max-sm:w-full">
          <PeriodNav current={period} />
        </div>
      </div>
      {isPartial && (
        <div className="mb-3">
          <Callout>
            Earlier days are being counted for the first time; they appear here by themselves.
          </Callout>
        </div>
      )}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Messages" value={sum.messages} href="/messages" note="Accepted for sending" />
        <Stat
          label="Delivered"
          value={sum.delivered}
          href="/messages?status=DELIVERED"
          note={formatShare(sum.delivered, sum.messages)}
        />
        <Stat label="Replies" value={sum.replies} href="/messages?tab=incoming" note="From recipients" />
        <Stat
          label="Opt-outs by reply"
          value={sum.optOuts}
          href="/messages/opt-outs"
          note={rate === null ? 'Too few delivered for a rate' : `${formatRate(rate)} per 100 delivered`}
        />
      </div>
      <div className="mt-3 grid gap-3 lg:grid-cols-2">
        <div className="min-w-0 lg:col-span-2">
          <ChartCard name="messages" days={days} />
        </div>
        <ChartCard name="opt-outs" days={days} />
        <ChartCard name="rate" days={days} />
      </div>
    </section>
  );
}

function sumDays(
  days: readonly ChartDay[],
): Pick<DayCounts, 'messages' | 'delivered' | 'replies' | 'optOuts'> {
  const sum = { messages: 0, delivered: 0, replies: 0, optOuts: 0 };
  for (const { counts } of days) {
    if (!counts) continue;
    sum.messages += counts.messages;
    sum.delivered += counts.delivered;
    sum.replies += counts.replies;
    sum.optOuts += counts.optOuts;
  }
  return sum;
}

function formatShare(part: number, whole: number): string {
  return whole === 0 ? 'Nothing sent' : `${Math.round((part / whole) * 1000) / 10} % of those`;
}

function LatestReplies({ replies, timeZone }: { replies: readonly ReplyRow[]; timeZone: string }) {
  return (
    <Card
      title="Latest replies"
      className="min-w-0"
      aside={
        replies.length > 0 && (
          <Link
            href="/messages?tab=incoming"
            className="rounded-sm text-sm text-accent-text underline-offset-4 hover:underline"
          >
            All replies
          </Link>
        )
      }
    >
      {replies.length === 0 ? (
        <EmptyState kind="nothing-yet" title="No replies yet">
          What recipients reply appears here at once.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {replies.map((reply) => (
            <ReplyLine
              key={reply.id}
              reply={reply}
              time={<RelativeTime value={reply.receivedAt} timeZone={timeZone} />}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
