'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import * as commands from './commands';
import { maxUrlLength, overlapHours, webhookChoices } from './schema';

const settings = {
  url: z
    .string()
    .transform((url) => url.replaceAll('\0', '').trim())
    .refine((url) => url !== '', 'Enter the address that is to be told.')
    .refine((url) => url.length <= maxUrlLength, `Keep the address to ${maxUrlLength} characters.`),
  events: z.array(z.enum(webhookChoices)).min(1, 'Choose at least one thing that it is to be told.'),
  withTexts: z.boolean(),
  inOrder: z.boolean(),
};
const one = z.object({ id: z.int32() });

/** Adds a webhook; the answer has its secret, which is shown this once. */
export const addWebhook = customerAction(
  z.object({ handle: z.uuid(), ...settings }),
  (pool, scope, input) => commands.makeEndpoint(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Adding a webhook',
    failed: 'The webhook was not added. Try again in a moment.',
    refreshes: true,
  },
);

/** Changes where a webhook leads and what it is told. */
export const changeWebhook = customerAction(
  z.object({ id: z.int32(), ...settings }),
  (pool, scope, input) => commands.changeEndpoint(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Changing a webhook',
    failed: 'The webhook is as it was. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Gives a webhook a new secret. */
export const rotateWebhook = customerAction(
  z.object({ id: z.int32(), seen: z.int32(), overlapHours: z.literal(overlapHours) }),
  (pool, scope, input) => commands.rotateSecret(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Giving a webhook a new secret',
    failed: 'The webhook has its old secret still. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Holds back what a webhook is told. */
export const pauseWebhook = customerAction(
  one,
  (pool, scope, input) => commands.pauseEndpoint(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Pausing a webhook',
    failed: 'The webhook is not paused. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Sends a webhook what was held back, and what comes. */
export const resumeWebhook = customerAction(
  one,
  (pool, scope, input) => commands.resumeEndpoint(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Resuming a webhook',
    failed: 'The webhook is still paused. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Removes a webhook with its log. */
export const removeWebhook = customerAction(
  one,
  (pool, scope, input) => commands.removeEndpoint(pool, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Removing a webhook',
    failed: 'The webhook is still there. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Sends a webhook something that tells of nothing. */
export const testWebhook = customerAction(
  one,
  (pool, scope, input) => commands.sendTest(pool, scope, input),
  {
    may: 'settings.change',
    doing: 'Sending a test to a webhook',
    failed: 'No test was sent. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ webhookId: id }),
  },
);

/** Sends a delivery of the log again. */
export const resendDelivery = customerAction(
  z.object({ id: z.string().regex(/^\d{1,18}$/) }),
  (pool, scope, input) => commands.sendAgain(pool, scope, input),
  {
    may: 'settings.change',
    doing: 'Sending a webhook delivery again',
    failed: 'It was not sent again. Try again in a moment.',
    refreshes: true,
    ids: ({ id }) => ({ deliveryId: id }),
  },
);
