'use client';

import { EmptyState } from '@/components/ui/empty-state';
import { ReviewCard } from './review-card';
import type { ReplyToReview } from './review-decisions';

interface ReviewListProps {
  replies: readonly ReplyToReview[];
  timeZone: string;
}

/** The replies that wait, for whoever looks and decides nothing. */
export function ReviewList({ replies, timeZone }: ReviewListProps) {
  if (replies.length === 0) {
    return (
      <div className="max-w-4xl rounded-lg border border-line bg-surface">
        <EmptyState kind="nothing-yet" title="Nothing to review">
          Replies that may be opt-outs, such as “Stop please”, wait here until one of your team decides. A
          plain “Stop” is blocked at once.
        </EmptyState>
      </div>
    );
  }
  return (
    <ul aria-label="Replies to review" className="max-w-4xl space-y-3">
      {replies.map((reply) => (
        <li key={reply.id}>
          <ReviewCard reply={reply} timeZone={timeZone} isActive={false} onDecide={null} />
        </li>
      ))}
    </ul>
  );
}
