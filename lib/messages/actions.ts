'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { splitRecipients } from '@/lib/sms/recipients';
import { acceptMessages } from './commands';
import { cancelScheduled, changeScheduled } from './scheduled';
import { messagePurposes } from './schema';
import { readSendTime } from './send-time';

const clock = { date: z.string().max(40).default(''), time: z.string().max(40).default('') };
const purpose = z.enum(messagePurposes);
const message = z.object({
  recipients: z.string().transform(splitRecipients),
  text: z.string(),
  idempotencyKey: z.uuid(),
  // left out by a page of before: the account's default
  purpose: purpose.nullable().default(null),
  when: z.enum(['now', 'lawful', 'at']).default('now'),
  ...clock,
});
const batchId = z.string().regex(/^\d{1,18}$/);

/** The send form: one message to many, now or later. */
export const sendMessages = customerAction(
  message,
  async (pool, scope, { when, date, time, ...input }) => {
    const read = await readSendTime(pool, scope, { when, date, time }, new Date());
    return read.ok ? acceptMessages(pool, scope, { ...input, sendAt: read.sendAt }) : read;
  },
  {
    may: 'messages.send',
    doing: 'Accepting messages',
    invalid: 'The form was not complete. Reload the page and send again.',
    failed: 'The message could not be sent just now. Nothing was charged; send again in a moment.',
  },
);

const gone = {
  ok: false,
  message: 'These messages are not scheduled any more: they have left, or somebody has cancelled them.',
} as const;

/** Cancels what is left of a scheduled batch. */
export const cancelScheduledBatch = customerAction(
  z.object({ batchId }),
  async (pool, scope, input) => {
    const cancelled = await cancelScheduled(pool, scope, input);
    const credits = cancelled.reduce((sum, { cost }) => sum + cost, 0);
    return cancelled.length === 0 ? gone : { ok: true, cancelled: cancelled.length, credits };
  },
  {
    may: 'messages.send',
    doing: 'Cancelling scheduled messages',
    failed: 'They could not be cancelled just now, and leave at their time. Try again in a moment.',
    refreshes: true,
    ids: (input) => input,
  },
);

/** Says when what is left of a scheduled batch leaves, what it says and what it is for. */
export const changeScheduledBatch = customerAction(
  z.object({
    batchId,
    purpose: purpose.nullable().default(null),
    // left out by a page of before: as it is
    text: z.string().nullable().default(null),
    ...clock,
  }),
  async (pool, scope, { date, time, ...change }) => {
    const read = await readSendTime(pool, scope, { when: 'at', date, time }, new Date());
    if (!read.ok) return read;
    const result = await changeScheduled(pool, scope, { ...change, sendAt: read.sendAt ?? new Date() });
    return result.ok && result.changed === 0 ? gone : result;
  },
  {
    may: 'messages.send',
    doing: 'Changing scheduled messages',
    failed: 'They could not be changed just now, and leave as they were. Try again in a moment.',
    refreshes: true,
    ids: ({ batchId }) => ({ batchId }),
  },
);
