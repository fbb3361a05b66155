'use client';

import type { FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import type { ReviewPolicy } from '@/lib/settings/schema';
import { ChoiceCards } from './choice-cards';
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

const choices = [
  {
    value: 'ASK',
    label: 'Ask a person',
    text: 'The reply waits under Replies to review, and somebody of your team decides. Until then the number can still be written to.',
  },
  {
    value: 'BLOCK',
    label: 'Block at once',
    text: 'The number is blocked as if the reply had been a plain “Stop”, and gets the confirmation. Now and then that will be somebody who meant something else; only their own YES lets them back in.',
  },
] as const satisfies readonly { value: ReviewPolicy; label: string; text: string }[];

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
            options={choices}
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
