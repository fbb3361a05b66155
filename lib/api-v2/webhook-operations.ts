import { z } from 'zod';
import { maxEndpoints, maxUrlLength, overlapHours, webhookChoices } from '@/lib/webhooks/schema';
import { declareOperation } from './declare';
import { at, cursor, idText, limit, named, next } from './shapes';

const shared = {
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(webhookChoices)).describe('What it is told of.'),
  withTexts: z.boolean().describe('Whether deliveries hold what people wrote.'),
  inOrder: z.boolean().describe('Whether an event of a number waits until the one before it was delivered.'),
  state: z
    .enum(['active', 'paused', 'paused-by-failures'])
    .describe('What happens while it is paused is kept for 30 days, and sent once it is resumed.'),
  waiting: z.int().describe('Deliveries that wait, counted to 1,000.'),
  failingSince: at.nullable().describe('Since when nothing worked; null: it works.'),
  reason: z.string().nullable().describe('Why the last attempt failed.'),
  pausedAt: at.nullable(),
  previousSecretUntil: at
    .nullable()
    .describe('Until when deliveries are signed with the secret before this one too; null: they are not.'),
  createdAt: at,
};
const webhook = z.object(shared).register(named, { id: 'Webhook' });
const secret = z
  .string()
  .describe('What deliveries are signed with (“whsec_…”). It is answered here and never again.');
const withSecret = z.object({ ...shared, secret }).register(named, { id: 'WebhookWithSecret' });
const webhooks = z
  .object({ data: z.array(webhook).describe('All of them, the oldest first.') })
  .register(named, { id: 'Webhooks' });

/** How a delivery stands. */
export const deliveryStates = ['waiting', 'sending', 'delivered', 'failed'] as const;

const delivery = z
  .object({
    id: z.string(),
    webhookId: z.string(),
    messageId: z
      .string()
      .describe('The header “webhook-id” of the request: the same however often it is sent.'),
    type: z.string().describe('“opt_out.created”, …'),
    state: z.enum(deliveryStates).describe('“failed”: it was given up; it can be sent again.'),
    attempts: z.int(),
    body: z.string().describe('The body of the request, as it is sent.'),
    statusCode: z.int().nullable().describe('Of the last answer.'),
    answer: z.string().nullable().describe('The beginning of the last answer.'),
    reason: z.string().nullable().describe('Why the last attempt failed.'),
    durationMs: z.int().nullable().describe('How long the last attempt took.'),
    createdAt: at,
    attemptedAt: at.nullable(),
    nextAttemptAt: at.nullable(),
    finishedAt: at.nullable(),
  })
  .register(named, { id: 'WebhookDelivery' });
const deliveryPage = z
  .object({ data: z.array(delivery), next })
  .register(named, { id: 'WebhookDeliveryPage' });

const url = z
  .string()
  .trim()
  .min(1)
  .max(maxUrlLength)
  .refine((text) => !text.includes('\0'), 'Leave out control characters.')
  .describe('Where deliveries go: a public address, by https.');
const events = z
  .array(z.enum(webhookChoices))
  .min(1)
  .transform((chosen) => [...new Set(chosen)])
  .describe('What it is to be told of.');
const withTexts = z.boolean().describe('Whether deliveries are to hold what people wrote.');
const inOrder = z
  .boolean()
  .describe('Whether an event of a number is to wait until the one before it was delivered.');

const newWebhook = z
  .strictObject({ url, events, withTexts: withTexts.default(false), inOrder: inOrder.default(false) })
  .register(named, { id: 'NewWebhook' });
const change = z
  .strictObject({
    url: url.optional(),
    events: events.optional(),
    withTexts: withTexts.optional(),
    inOrder: inOrder.optional(),
  })
  .register(named, { id: 'WebhookChange' });
const rotation = z
  .strictObject({
    overlapHours: z
      .literal(overlapHours)
      .default(24)
      .describe('For how many hours deliveries are signed with the old secret too.'),
  })
  .register(named, { id: 'SecretRotation' });

/** An id in a path; one that is too large is nobody's. */
const webhookId = idText
  .transform((id) => (Number(id) > 2_147_483_647 ? 0 : Number(id)))
  .describe('As an answer gave it.');
const webhookInPath = z.strictObject({ id: webhookId });
const deliveryInPath = z.strictObject({
  id: webhookId,
  deliveryId: idText.describe('As an answer gave it.'),
});

const someWebhook = { params: { id: '1' } };
const someDelivery = { params: { id: '1', deliveryId: '1001' } };

export const listWebhooks = declareOperation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/webhooks',
  scope: 'WEBHOOKS',
  summary: 'List webhooks',
  description: `The webhooks of the account: at most ${maxEndpoints}.`,
  doing: 'reading webhooks',
  answers: { 200: webhooks },
  problems: [],
  example: {},
});

export const createWebhook = declareOperation({
  id: 'createWebhook',
  method: 'POST',
  path: '/webhooks',
  scope: 'WEBHOOKS',
  summary: 'Add a webhook',
  description:
    'From now on the address is told of these events. The secret of the answer checks their signatures; it is shown this once.',
  doing: 'adding a webhook',
  body: newWebhook,
  answers: { 201: withSecret },
  problems: ['too-many-webhooks'],
  isSecret: true,
  example: {
    body: { url: 'https://example.com/hooks', events: ['opt_out.created', 'opt_out.removed'], inOrder: true },
  },
});

export const getWebhook = declareOperation({
  id: 'getWebhook',
  method: 'GET',
  path: '/webhooks/{id}',
  scope: 'WEBHOOKS',
  summary: 'Get a webhook',
  description: 'One webhook, and how it fares.',
  doing: 'reading a webhook',
  params: webhookInPath,
  answers: { 200: webhook },
  problems: ['no-such-webhook'],
  hasEtag: true,
  example: someWebhook,
});

export const changeWebhook = declareOperation({
  id: 'changeWebhook',
  method: 'PATCH',
  path: '/webhooks/{id}',
  scope: 'WEBHOOKS',
  summary: 'Change a webhook',
  description: 'Changes the fields that are sent, and leaves the others. What waits goes to the new address.',
  doing: 'changing a webhook',
  params: webhookInPath,
  body: change,
  answers: { 200: webhook },
  problems: ['no-such-webhook'],
  example: { ...someWebhook, body: { withTexts: true } },
});

export const removeWebhook = declareOperation({
  id: 'removeWebhook',
  method: 'DELETE',
  path: '/webhooks/{id}',
  scope: 'WEBHOOKS',
  summary: 'Remove a webhook',
  description: 'Removes a webhook with its log. What waits for it is not sent.',
  doing: 'removing a webhook',
  params: webhookInPath,
  answers: { 204: null },
  problems: ['no-such-webhook'],
  example: someWebhook,
});

export const rotateWebhookSecret = declareOperation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/webhooks/{id}/rotate-secret',
  scope: 'WEBHOOKS',
  summary: 'Give a webhook a new secret',
  description:
    'Deliveries are signed with the new secret, and for so many hours with the old one too, so that none is refused meanwhile.',
  doing: 'giving a webhook a new secret',
  params: webhookInPath,
  body: rotation,
  answers: { 200: withSecret },
  problems: ['no-such-webhook'],
  isSecret: true,
  example: { ...someWebhook, body: { overlapHours: 24 } },
});

export const pauseWebhook = declareOperation({
  id: 'pauseWebhook',
  method: 'POST',
  path: '/webhooks/{id}/pause',
  scope: 'WEBHOOKS',
  summary: 'Pause a webhook',
  description: 'Nothing is sent any more; what happens meanwhile is kept for 30 days.',
  doing: 'pausing a webhook',
  params: webhookInPath,
  answers: { 200: webhook },
  problems: ['no-such-webhook'],
  example: someWebhook,
});

export const resumeWebhook = declareOperation({
  id: 'resumeWebhook',
  method: 'POST',
  path: '/webhooks/{id}/resume',
  scope: 'WEBHOOKS',
  summary: 'Resume a webhook',
  description: 'Sends what was held back, and what comes; also after it was paused because nothing worked.',
  doing: 'resuming a webhook',
  params: webhookInPath,
  answers: { 200: webhook },
  problems: ['no-such-webhook'],
  example: someWebhook,
});

export const testWebhook = declareOperation({
  id: 'testWebhook',
  method: 'POST',
  path: '/webhooks/{id}/test',
  scope: 'WEBHOOKS',
  summary: 'Send a test',
  description: 'Sends a delivery that tells of nothing (“webhook.test”). Read it to see what came of it.',
  doing: 'sending a test to a webhook',
  params: webhookInPath,
  answers: { 202: delivery },
  problems: ['no-such-webhook', 'webhook-paused'],
  example: someWebhook,
});

export const listWebhookDeliveries = declareOperation({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: '/webhooks/{id}/deliveries',
  scope: 'WEBHOOKS',
  summary: 'List deliveries',
  description: 'What a webhook was sent in the last 30 days and what waits, the newest first.',
  doing: 'reading webhook deliveries',
  params: webhookInPath,
  query: z.strictObject({
    state: z.enum(deliveryStates).optional().describe('Only those that stand so.'),
    limit: limit(200, 50),
    cursor: cursor.optional(),
  }),
  answers: { 200: deliveryPage },
  problems: ['no-such-webhook', 'invalid-cursor'],
  example: { ...someWebhook, query: { state: 'failed' } },
});

export const getWebhookDelivery = declareOperation({
  id: 'getWebhookDelivery',
  method: 'GET',
  path: '/webhooks/{id}/deliveries/{deliveryId}',
  scope: 'WEBHOOKS',
  summary: 'Get a delivery',
  description: 'One delivery: what was sent, what was answered, and when it is tried again.',
  doing: 'reading a webhook delivery',
  params: deliveryInPath,
  answers: { 200: delivery },
  problems: ['no-such-delivery'],
  hasEtag: true,
  example: someDelivery,
});

export const resendWebhookDelivery = declareOperation({
  id: 'resendWebhookDelivery',
  method: 'POST',
  path: '/webhooks/{id}/deliveries/{deliveryId}/resend',
  scope: 'WEBHOOKS',
  summary: 'Send a delivery again',
  description: 'Sends it once more under the same “webhook-id”, whether it was taken or given up.',
  doing: 'sending a webhook delivery again',
  params: deliveryInPath,
  answers: { 202: delivery },
  problems: ['no-such-delivery', 'webhook-paused', 'delivery-under-way'],
  example: someDelivery,
});
