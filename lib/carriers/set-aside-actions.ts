'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { maxSetAsideReason } from './schema';
import { noteSetAside, recordSetAside } from './set-aside-commands';

const reply = z.object({ id: z.string().regex(/^\d{1,18}$/) });

/** "Record it": records a reply that could not be recorded before. */
export const tryReplyAgain = staffAction(reply, recordSetAside, {
  may: 'replies.assign',
  doing: 'Recording a reply that was set aside',
  failed: 'It could not be tried just now. It still waits here.',
  refreshes: true,
});

/** "Leave it": a reply that could not be recorded need not be. */
export const leaveReply = staffAction(
  reply.extend({
    reason: z
      .string()
      .trim()
      .min(1, 'Write the reason.')
      .max(maxSetAsideReason, `Keep the reason to ${maxSetAsideReason} characters.`),
  }),
  noteSetAside,
  { may: 'replies.assign', doing: 'Noting about a reply that was set aside', refreshes: true },
);
