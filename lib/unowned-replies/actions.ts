'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { assignUnownedReply, noteUnownedReply } from './commands';
import { listLikelyAccounts } from './queries';
import { maxReasonLength } from './schema';

const reply = z.object({ msisdn: z.string().min(1).max(200), id: z.string().regex(/^\d{1,18}$/) });
const note = reply.extend({
  reason: z
    .string()
    .trim()
    .min(1, 'Write the reason.')
    .max(maxReasonLength, `Keep the reason to ${maxReasonLength} characters.`),
});
const assignment = note.extend({
  isOptOut: z.boolean(),
  accountId: z.int32('Enter the number of an account.').positive(),
});

/** Which accounts may be meant by a reply without an owner. */
export const suggestAccounts = staffAction(
  reply,
  async (pool, scope, key) => ({ ok: true, accounts: await listLikelyAccounts(pool, scope, key) }),
  { may: 'staff.read', doing: 'Suggesting accounts for a reply' },
);

/** "Assign": gives a reply without an owner to an account; a certain opt-out blocks the number. */
export const assignReply = staffAction(assignment, assignUnownedReply, {
  may: 'replies.assign',
  doing: 'Assigning a reply',
  refreshes: true,
});

/** "Note why not": a reply without an owner is assigned to nobody. */
export const noteReply = staffAction(note, noteUnownedReply, {
  may: 'replies.assign',
  doing: 'Noting about a reply',
  refreshes: true,
});
