import 'server-only';
import { randomUUID } from 'node:crypto';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountScope } from '@/lib/auth/scope';
import { getPool } from '@/lib/db/client';
import * as commands from '@/lib/webhooks/commands';
import * as queries from '@/lib/webhooks/queries';
import type { DeliveryRow, WebhookRow } from '@/lib/webhooks/schema';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import { lower, upper } from './names';
import * as operations from './webhook-operations';

export const list = serve(operations.listWebhooks, async ({ scope, now }) => {
  const rows = await queries.listWebhooks(getPool(), scope, now);
  return reply(200, { data: rows.map(composeWebhook) });
});

export const create = serve(operations.createWebhook, async ({ scope, body, now }) => {
  // An answer that is lost is answered again under its Idempotency-Key.
  const made = await commands.makeEndpoint(getPool(), scope, { ...body, handle: randomUUID() }, now);
  if (!made.ok) return refuse(made, 'too-many-webhooks');
  const row = await queries.readWebhook(getPool(), scope, made.id, now);
  return row ? reply(201, { ...composeWebhook(row), secret: made.secret }) : refuseMissing();
});

export const get = serve(operations.getWebhook, async ({ scope, params: { id }, now }) => {
  const row = await queries.readWebhook(getPool(), scope, id, now);
  return row ? reply(200, composeWebhook(row)) : refuseMissing();
});

export const change = serve(operations.changeWebhook, async ({ scope, params: { id }, body, now }) => {
  const result = await commands.changeEndpoint(getPool(), scope, { ...body, id }, now);
  return answerWith(scope, id, now, result);
});

export const remove = serve(operations.removeWebhook, async ({ scope, params: { id }, now }) => {
  if (!(await queries.readWebhook(getPool(), scope, id, now))) return refuseMissing();
  const result = await commands.removeEndpoint(getPool(), scope, { id }, now);
  return result.ok ? reply(204, null) : refuse(result);
});

export const rotate = serve(operations.rotateWebhookSecret, async ({ scope, params, body, now }) => {
  const { id } = params;
  const before = await queries.readWebhook(getPool(), scope, id, now);
  if (!before) return refuseMissing();
  const { overlapHours } = body;
  const rotated = await commands.rotateSecret(
    getPool(),
    scope,
    { id, seen: before.generation, overlapHours },
    now,
  );
  if (!rotated.ok) return refuse(rotated);
  const row = await queries.readWebhook(getPool(), scope, id, now);
  return row ? reply(200, { ...composeWebhook(row), secret: rotated.secret }) : refuseMissing();
});

export const pause = serve(operations.pauseWebhook, async ({ scope, params: { id }, now }) =>
  answerWith(scope, id, now, await commands.pauseEndpoint(getPool(), scope, { id }, now)),
);

export const resume = serve(operations.resumeWebhook, async ({ scope, params: { id }, now }) =>
  answerWith(scope, id, now, await commands.resumeEndpoint(getPool(), scope, { id }, now)),
);

export const sendTest = serve(operations.testWebhook, async ({ scope, params: { id }, now }) => {
  if (!(await queries.readWebhook(getPool(), scope, id, now))) return refuseMissing();
  const sent = await commands.sendTest(getPool(), scope, { id });
  if (!sent.ok) return refuse(sent, 'webhook-paused');
  const row = await queries.readDelivery(getPool(), scope, id, sent.id);
  return row ? reply(202, composeDelivery(id, row)) : refuseMissing();
});

export const listDeliveries = serve(
  operations.listWebhookDeliveries,
  async ({ scope, params: { id }, query, now }) => {
    const place = decodePlace(scope.accountId, 'webhook-deliveries', query.cursor);
    if (place instanceof ApiRefusal) return place;
    if (!(await queries.readWebhook(getPool(), scope, id, now))) return refuseMissing();
    const { state, limit } = query;
    const { rows, older } = await queries.listDeliveries(getPool(), scope, id, place?.[0] ?? null, {
      state: state ? upper(state) : null,
      limit,
    });
    return reply(200, {
      data: rows.map((row) => composeDelivery(id, row)),
      next: older === null ? null : encodePlace(scope.accountId, 'webhook-deliveries', [older]),
    });
  },
);

export const getDelivery = serve(
  operations.getWebhookDelivery,
  async ({ scope, params: { id, deliveryId } }) => {
    const row = await queries.readDelivery(getPool(), scope, id, deliveryId);
    return row ? reply(200, composeDelivery(id, row)) : refuseMissingDelivery();
  },
);

export const resend = serve(
  operations.resendWebhookDelivery,
  async ({ scope, params: { id, deliveryId }, now }) => {
    const webhook = await queries.readWebhook(getPool(), scope, id, now);
    const before = webhook && (await queries.readDelivery(getPool(), scope, id, deliveryId));
    if (!before) return refuseMissingDelivery();
    const sent = await commands.sendAgain(getPool(), scope, { id: deliveryId });
    if (!sent.ok) return refuse(sent, webhook.state === 'ACTIVE' ? 'delivery-under-way' : 'webhook-paused');
    const row = await queries.readDelivery(getPool(), scope, id, deliveryId);
    return row ? reply(202, composeDelivery(id, row)) : refuseMissingDelivery();
  },
);

async function answerWith(scope: AccountScope, id: number, now: Date, result: { ok: true } | Refusal) {
  const row = await queries.readWebhook(getPool(), scope, id, now);
  if (!row) return refuseMissing();
  return result.ok ? reply(200, composeWebhook(row)) : refuse(result);
}

function composeWebhook({ generation: _seen, createdBy: _whose, previousUntil, ...row }: WebhookRow) {
  return { ...row, id: String(row.id), state: lower(row.state), previousSecretUntil: previousUntil };
}

function composeDelivery(webhookId: number, { state, ...row }: DeliveryRow) {
  return { ...row, webhookId: String(webhookId), state: lower(state) };
}

/** A refusal of the pages' commands: of a field, or of the whole for a reason of this API. */
function refuse({ message, fields }: Refusal, reason = 'refused'): ApiRefusal {
  const issues = Object.entries(fields ?? {}).map(([field, problem]) => ({
    path: [field],
    message: problem,
  }));
  return new ApiRefusal(
    issues.length > 0 ? { code: 'invalid', issues } : { code: 'refused', reason, message },
  );
}

function refuseMissing(): ApiRefusal {
  const message = 'The account has no webhook with this id.';
  return new ApiRefusal({ code: 'refused', reason: 'no-such-webhook', message });
}

function refuseMissingDelivery(): ApiRefusal {
  const message = 'This webhook of the account has no delivery with this id. They are kept for 30 days.';
  return new ApiRefusal({ code: 'refused', reason: 'no-such-delivery', message });
}
