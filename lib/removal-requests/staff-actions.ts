'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { addOptOutByStaff, removeOptOutByCorrection } from './corrections';
import { decideAndExplain } from './decisions';
import { maxDecisionsAtATime } from './schema';

const reason = z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.');
const accountId = z.int32().positive();

const decisions = z.object({
  requests: z
    .array(z.object({ accountId, requestId: z.string().regex(/^\d{1,18}$/) }))
    .min(1, 'Select at least one request.')
    .max(maxDecisionsAtATime, `Decide at most ${maxDecisionsAtATime} requests at a time.`),
  decision: z.discriminatedUnion('decision', [
    z.object({ decision: z.literal('approve') }),
    z.object({ decision: z.literal('reject'), reason }),
  ]),
});

/**
 * Approves or rejects requests. Each has its own outcome: another member of staff may have decided one
 * meanwhile.
 */
export const decideRemovalRequests = staffAction(
  decisions,
  async (pool, scope, { requests, decision }) => ({
    ok: true,
    results: await decideAndExplain(pool, scope, requests, decision),
  }),
  {
    may: 'removal-requests.decide',
    doing: 'Deciding removal requests',
    failed: 'This could not be decided just now. Nothing was changed; try again.',
    refreshes: true,
    ids: ({ requests }) => ({ requests: requests.length }),
  },
);

const correction = z.object({
  accountId,
  number: z.string().trim().min(1, 'Enter the number.').max(40, 'That is too long for a number.'),
  reason,
});
const ids = ({ accountId }: { accountId: number }) => ({ accountId });

/** Blocks a number for an account, on its behalf. */
export const addOptOutForAccount = staffAction(correction, addOptOutByStaff, {
  may: 'opt-outs.correct',
  doing: 'Adding an opt-out for an account',
  refreshes: true,
  ids,
});

/**
 * Takes out an opt-out that never was the recipient's wish: invariant 5's one exception, marked as a
 * correction.
 */
export const correctOptOut = staffAction(correction, removeOptOutByCorrection, {
  may: 'opt-outs.correct',
  doing: 'Taking out an opt-out',
  refreshes: true,
  ids,
});
