import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { formatNumberOf } from '@/components/ui/format-count';
import { Skeleton } from '@/components/ui/skeleton';
import type { RecentDecision, ReplyToReview, ReviewActions } from './review-decisions';
import { ReviewList } from './review-list';
import { ReviewQueue } from './review-queue';

interface ReviewPageProps extends ReviewActions {
  /** Those that have waited longest, oldest first. */
  replies: readonly ReplyToReview[];
  /** How many wait in all, counted up to 100. */
  waiting: number;
  /** What this person has decided in the last minutes, the latest first. */
  recent: readonly RecentDecision[];
  timeZone: string;
  /** Whether who looks may decide. */
  mayDecide: boolean;
}

const heading = {
  title: 'Replies to review',
  above: [{ href: '/messages', label: 'Message Logs' }],
  description:
    'Replies that may be opt-outs, for you to decide. Until you do, these recipients can still be written to.',
};

const lookingOn =
  'Replies that may be opt-outs, for a sender or an administrator of your team to decide. Until then, these recipients can still be written to.';

export function ReviewPage(props: ReviewPageProps) {
  const { replies, waiting, recent, timeZone, mayDecide, ...actions } = props;
  return (
    <>
      <PageHeader
        {...heading}
        {...(!mayDecide && { description: lookingOn })}
        aside={
          <>
            {waiting > 0 && (
              <span className="text-sm text-ink-faint tabular-nums">
                {waiting > 99 ? 'more than 99 replies' : formatNumberOf(waiting, 'reply', 'replies')}
              </span>
            )}
            <LiveIndicator topics={['replies', 'opt-outs']} />
          </>
        }
      />
      {mayDecide ? (
        <ReviewQueue replies={replies} recent={recent} timeZone={timeZone} {...actions} />
      ) : (
        <ReviewList replies={replies} timeZone={timeZone} />
      )}
    </>
  );
}

/** For `loading.tsx`. */
export function ReviewPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <ul className="max-w-4xl space-y-3" aria-hidden="true">
        {[0, 1, 2].map((card) => (
          <li key={card} className="space-y-3 rounded-lg border border-line bg-surface p-4">
            <Skeleton className="w-40" />
            <Skeleton className="h-5 w-3/5" />
            <Skeleton className="w-4/5" />
            <div className="flex gap-2">
              <Skeleton className="h-9 w-24" />
              <Skeleton className="h-9 w-32" />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
