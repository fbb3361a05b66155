'use client';

import type { FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import type { ReviewPolicy } from '@/lib/settings/schema';
import { ChoiceCards } from './choice-cards';
import { reviewChoices } from './review-choices';
import { SaveBar, Section } from './section';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface ReviewSectionProps {
  userId: number;
  saved: ReviewPolicy;
  /** Of the last 30 days. */
  lately: { replies: number; toReview: number };
  save: ServerAction<[input: { reviewPolicy: ReviewPolicy }]>;
}

export function ReviewSection({ userId, saved, lately, save: saveAction }: ReviewSectionProps) {
  const { value, isChanged, change, undo, settle } = useUnsaved(`review-${userId}`, saved);
  const { save, isPending, problem, clear } = useSave();
  const policy: ReviewPolicy = value === 'BLOCK' ? 'BLOCK' : 'ASK';

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(saveAction, { reviewPolicy: policy }), {
      done: () => {
        settle(policy);
        return policy === 'BLOCK' ? 'Such replies now block at once' : 'Such replies now wait for a person';
      },
    });
  }

  return (
    <Section
      id="review"
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
            <Link
              href="/help#review"
              className="rounded-sm text-accent-text underline underline-offset-4 hover:no-underline"
            >
              More about them
            </Link>
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit}>
        <div className="p-4 sm:p-5">
          <ChoiceCards
            legend="What to do with them"
            name="review"
            value={policy}
            options={reviewChoices}
            onChange={(next) => {
              clear();
              change(next);
            }}
          />
        </div>
        <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
      </form>
    </Section>
  );
}
