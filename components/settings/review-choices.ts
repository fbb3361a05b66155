import type { ReviewPolicy } from '@/lib/settings/schema';
import type { Choice } from './choice-section';

/** What can be done with a reply that is probably an opt-out. */
export const reviewChoices = [
  {
    value: 'ASK',
    label: 'Ask a person',
    text: 'The reply waits under Replies to review, and somebody of your team decides. Until then the number can still be written to.',
    done: 'Such replies now wait for a person',
  },
  {
    value: 'BLOCK',
    label: 'Block at once',
    text: 'The number is blocked as if the reply had been a plain “Stop”, and gets the confirmation. Now and then that will be somebody who meant something else; only their own YES lets them back in.',
    done: 'Such replies now block at once',
  },
] as const satisfies readonly Choice<ReviewPolicy>[];
