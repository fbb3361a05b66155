'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { dismissReviewedReply, optOutReviewedReply, undoReview } from './review-commands';

// What is none finds no reply.
const replyId = z.string().max(20).catch('');
const decision = z.enum(['OPTED_OUT', 'DISMISSED']).catch('DISMISSED');

const manner = {
  may: 'replies.decide',
  doing: 'Deciding about a reply',
  failed: 'That did not work just now. Nothing was changed; try again.',
} as const;

/** "Opt out". */
export const optOutReply = customerAction(replyId, optOutReviewedReply, manner);

/** "Not an opt-out". */
export const dismissReply = customerAction(replyId, dismissReviewedReply, manner);

/** "Undo" of what the page shows as decided. */
export const undoDecision = customerAction(
  z.object({ replyId, decision }),
  (pool, scope, { replyId, decision }) => undoReview(pool, scope, replyId, decision),
  manner,
);
