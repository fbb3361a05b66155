'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import type { Refusal } from '@/lib/auth/schema';
import { splitRecipients } from '@/lib/sms/recipients';
import { acceptMessages } from './commands';
import { cancelScheduled, changeScheduled } from './scheduled';
import { messagePurposes, type SendResult } from './schema';
import { findWaiting } from './leaving';
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
  // left out by a page of before
  waiting: z.enum(['ask', 'wait']).default('wait'),
  ...clock,
});

const wouldWait = {
  ok: false,
  reason: 'would-wait',
  message: 'Marketing leaves only at lawful hours. Nothing was sent.',
} as const;
const batchId = z.string().regex(/^\d{1,18}$/);

/** The send form: one message to many, now or later; marketing that would have to wait only where it may. */
export const sendMessages = customerAction(
  message,
  async (pool, scope, { when, date, time, waiting, ...input }): Promise<SendResult | Refusal> => {
    const now = new Date();
    const read = await readSendTime(pool, scope, { when, date, time }, now);
    if (!read.ok) return read;
    const message = { ...input, sendAt: read.sendAt };
    if (waiting === 'ask' && when !== 'lawful') {
      const asked = await findWaiting(pool, scope, message, now);
      if (asked.length > 0) return { ...wouldWait, recipients: [], waiting: asked };
    }
    const result = await acceptMessages(pool, scope, message, { refusesStopped: true });
    if (!result.ok) return result;
    const queued = result.recipients.filter(({ outcome }) => outcome === 'queued').map(({ input }) => input);
    return { ...result, waiting: await findWaiting(pool, scope, { ...message, recipients: queued }, now) };
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
