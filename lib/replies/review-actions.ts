'use server';

import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import type { AccountScope } from '@/lib/auth/scope';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { dismissReviewedReply, optOutReviewedReply, undoReview, type ReviewResult } from './review-commands';

/** What the buttons of Replies to review answer with; every refusal is a value with a sentence. */
export type ReviewAnswer = ReviewResult | { ok: false; reason: 'failed'; message: string };

// What is none finds no reply.
const replyIdSchema = z.string().max(20).catch('');
const decisionSchema = z.enum(['OPTED_OUT', 'DISMISSED']).catch('DISMISSED');

/** "Opt out". */
export async function optOutReply(replyId: string): Promise<ReviewAnswer> {
  return answer((scope) => optOutReviewedReply(getPool(), scope, replyIdSchema.parse(replyId)));
}

/** "Not an opt-out". */
export async function dismissReply(replyId: string): Promise<ReviewAnswer> {
  return answer((scope) => dismissReviewedReply(getPool(), scope, replyIdSchema.parse(replyId)));
}

/** "Undo" of what the page shows as decided. */
export async function undoDecision(replyId: string, decision: string): Promise<ReviewAnswer> {
  return answer((scope) =>
    undoReview(getPool(), scope, replyIdSchema.parse(replyId), decisionSchema.parse(decision)),
  );
}

async function answer(decide: (scope: AccountScope) => Promise<ReviewResult>): Promise<ReviewAnswer> {
  const { scope } = await requireCustomer();
  try {
    return await decide(scope);
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Deciding about a reply failed');
    return {
      ok: false,
      reason: 'failed',
      message: 'That did not work just now. Nothing was changed; try again.',
    };
  }
}
