'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { formatNumberOf } from '@/components/ui/format-count';
import { To } from '@/components/help/prose';
import type { ReviewPolicy } from '@/lib/settings/schema';
import { ChoiceSection } from './choice-section';
import { reviewChoices } from './review-choices';

interface ReviewSectionProps {
  userId: number;
  saved: ReviewPolicy;
  /** Of the last 30 days. */
  lately: { replies: number; toReview: number };
  save: ServerAction<[input: { reviewPolicy: ReviewPolicy }]>;
}

export function ReviewSection({ userId, saved, lately, save }: ReviewSectionProps) {
  return (
    <ChoiceSection
      id="review"
      userId={userId}
      legend="What to do with them"
      choices={reviewChoices}
      saved={saved}
      prepareSave={(reviewPolicy) => prepareCall(save, { reviewPolicy })}
      title="Replies that are probably opt-outs"
      description={
        <>
          <p>
            “Stop. Thank you”, “take me off your list”, “sotp”: not one of the words, but hardly anything
            else.
          </p>
          <p>
            {lately.replies === 0
              ? 'You had no replies in the last 30 days.'
              : `Of your ${formatNumberOf(lately.replies, 'reply', 'replies')} in the last 30 days, ${lately.toReview} ${lately.toReview === 1 ? 'was' : 'were'} like that.`}
          </p>
          <p>
            <To href="/help#review">More about them</To>
          </p>
        </>
      }
    />
  );
}
