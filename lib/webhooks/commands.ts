import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { Refusal } from '@/lib/auth/schema';
import { lockAccount } from '@/lib/auth/lock-account';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { findUrlProblem } from './address';
import { readAddressRules } from './address-rules';
import { maxEndpoints, testType, type WebhookChoice } from './schema';
import { makeSecret, sealWebhookSecret } from './signature';

/** An endpoint that was made or has a new secret. The secret is shown now and never again. */
export type SecretAnswer = { ok: true; id: number; secret: string } | Refusal;
type Done = { ok: true } | Refusal;

/** What one chooses for an endpoint. */
export interface EndpointSettings {
  url: string;
  events: readonly WebhookChoice[];
  withTexts: boolean;
  inOrder: boolean;
}

const notThere = 'There is no such webhook any more. Reload the page.';

/**
 * Makes an endpoint. Asked again with the same handle, the answer to the first was lost, and its secret with
 * it: it gets another, and whatever is chosen for it now, as long as nobody has given it one since.
 */
export async function makeEndpoint(
  pool: Pool,
  scope: AccountScope,
  { handle, url, events, withTexts, inOrder }: EndpointSettings & { handle: string },
  now: Date,
  rules = readAddressRules(),
): Promise<SecretAnswer> {
  const problem = findUrlProblem(url, rules);
  if (problem !== null) return refuse(problem, 'url');
  return withTransaction(pool, async (client): Promise<SecretAnswer> => {
    const { accountId } = scope;
    await lockAccount(client, accountId);
    const endpoints = prismaOn(client).webhookEndpoint;
    const secret = makeSecret();
    const kept = {
      ...{ url, events: [...events], withTexts, inOrder },
      sealedSecret: sealWebhookSecret(accountId, secret),
    };
    const made = async (id: number): Promise<SecretAnswer> => {
      await recordActOf(client, scope, 'webhook.make', { webhookId: id, events }, now);
      return { ok: true, id, secret };
    };
    const earlier = await endpoints.findUnique({ where: { accountId_handle: { accountId, handle } } });
    if (earlier) {
      if (earlier.generation > 1 || earlier.removedAt) {
        return refuse('This webhook was added already. Give it a new secret instead.');
      }
      await endpoints.update({
        where: { accountId_id: { accountId, id: earlier.id } },
        data: kept,
      });
      return made(earlier.id);
    }
    if ((await endpoints.count({ where: { accountId, removedAt: null } })) >= maxEndpoints) {
      return refuse(`An account has at most ${maxEndpoints} webhooks. Remove one that is no longer used.`);
    }
    const { id } = await endpoints.create({
      data: { accountId, handle, ...kept, retryAt: now, createdBy: scope.userId, createdAt: now },
    });
    return made(id);
  });
}

/**
 * Changes what an endpoint is told, and where; what is left out stays. What waits for it goes to the new
 * address.
 */
export async function changeEndpoint(
  pool: Pool,
  scope: AccountScope,
  {
    id,
    url,
    events,
    withTexts,
    inOrder,
  }: { [Name in keyof EndpointSettings]?: EndpointSettings[Name] | undefined } & { id: number },
  now: Date,
  rules = readAddressRules(),
): Promise<Done> {
  const problem = url === undefined ? null : findUrlProblem(url, rules);
  if (problem !== null) return refuse(problem, 'url');
  return withTransaction(pool, async (client): Promise<Done> => {
    const { count } = await prismaOn(client).webhookEndpoint.updateMany({
      where: { accountId: scope.accountId, id, removedAt: null },
      data: { url, events: events && [...events], withTexts, inOrder, retryAt: now, heldUntil: null },
    });
    if (count === 0) return refuse(notThere);
    await recordActOf(client, scope, 'webhook.change', { webhookId: id, events, withTexts, inOrder }, now);
    return { ok: true };
  });
}

const rotate = statement({
  name: 'rotate-webhook-secret',
  values: { accountId: 'int4', id: 'int4', seen: 'int4', sealedSecret: 'text', until: 'timestamptz' },
  sql: ($) => `
    update webhook_endpoint set
      -- asked again, since the answer was lost: what signs beside the new secret is still the one that programs have
      previous_secret = case when generation = ${$.seen} then sealed_secret else previous_secret end,
      previous_until = ${$.until},
      generation = ${$.seen} + 1, sealed_secret = ${$.sealedSecret}
    where account_id = ${$.accountId} and id = ${$.id} and removed_at is null and generation in (${$.seen}, ${$.seen} + 1)`,
});

/**
 * Gives an endpoint a new secret; for so many hours deliveries are signed with the old one too.
 *
 * @param seen its generation on the page: asked again, it is the same change with another secret, which is
 *   then the one that counts, whoever asked
 */
export async function rotateSecret(
  pool: Pool,
  scope: AccountScope,
  { id, seen, overlapHours }: { id: number; seen: number; overlapHours: number },
  now: Date,
): Promise<SecretAnswer> {
  return withTransaction(pool, async (client): Promise<SecretAnswer> => {
    const secret = makeSecret();
    const rotated = await rotate.run(client, {
      accountId: scope.accountId,
      id,
      seen,
      sealedSecret: sealWebhookSecret(scope.accountId, secret),
      until: new Date(now.getTime() + overlapHours * 3_600_000),
    });
    if (rotated === 0) {
      return refuse('This webhook was changed or removed meanwhile. Reload the page to see how it is now.');
    }
    await recordActOf(client, scope, 'webhook.rotate', { webhookId: id, overlapHours }, now);
    return { ok: true, id, secret };
  });
}

/** Sends an endpoint nothing more; what happens meanwhile is kept for it. */
export async function pauseEndpoint(
  pool: Pool,
  scope: AccountScope,
  { id }: { id: number },
  now: Date,
): Promise<Done> {
  return withTransaction(pool, async (client): Promise<Done> => {
    const { count } = await prismaOn(client).webhookEndpoint.updateMany({
      where: { accountId: scope.accountId, id, removedAt: null, state: 'ACTIVE' },
      data: { state: 'PAUSED', pausedAt: now },
    });
    return finish(client, scope, { id, kind: 'webhook.pause', isDone: count === 1 }, now);
  });
}

const resume = statement({
  name: 'resume-webhook',
  values: { accountId: 'int4', id: 'int4' },
  sql: ($) => `
    with moment as materialized (
      select now() as at
    ), resumed as (
      update webhook_endpoint set state = 'ACTIVE', failures = 0, failing_since = null, reason = null, paused_at = null,
        retry_at = at, held_until = null
      from moment where account_id = ${$.accountId} and id = ${$.id} and removed_at is null and state <> 'ACTIVE'
      returning id
    ), hurried as (
      -- with all their attempts again: one more failure must not be the last of what has failed for three days
      update webhook_delivery set next_attempt_at = least(next_attempt_at, at), attempts = 0 from moment, resumed
      where account_id = ${$.accountId} and endpoint_id = resumed.id and (next_attempt_at > at or attempts > 0)
        and webhook_delivery.state = 'WAITING'
    )
    select from resumed`,
});

/** Sends an endpoint what waits for it, from now on again. */
export async function resumeEndpoint(
  pool: Pool,
  scope: AccountScope,
  { id }: { id: number },
  now: Date,
): Promise<Done> {
  return withTransaction(pool, async (client): Promise<Done> => {
    const resumed = await resume.run(client, { accountId: scope.accountId, id });
    return finish(client, scope, { id, kind: 'webhook.resume', isDone: resumed === 1 }, now);
  });
}

/** Removes an endpoint with its log; what waits for it is not sent. */
export async function removeEndpoint(
  pool: Pool,
  scope: AccountScope,
  { id }: { id: number },
  now: Date,
): Promise<Done> {
  return withTransaction(pool, async (client): Promise<Done> => {
    const { count } = await prismaOn(client).webhookEndpoint.updateMany({
      where: { accountId: scope.accountId, id, removedAt: null },
      data: { removedAt: now },
    });
    return finish(client, scope, { id, kind: 'webhook.remove', isDone: count === 1 }, now);
  });
}

const insertTest = statement({
  name: 'insert-webhook-test',
  values: { accountId: 'int4', id: 'int4' },
  columns: columnsOf('WebhookDelivery', 'id'),
  sql: ($) => `
    insert into webhook_delivery (account_id, endpoint_id, type, data, next_attempt_at, created_at)
    select account_id, id, '${testType}', jsonb_build_object('message', 'This is a test.'), now(), now() from webhook_endpoint
    where account_id = ${$.accountId} and id = ${$.id} and removed_at is null and state = 'ACTIVE'
    on conflict do nothing returning id`,
});

/** Sends an endpoint a delivery that tells of nothing; answers with the id of that. */
export async function sendTest(
  pool: Pool,
  scope: AccountScope,
  { id }: { id: number },
): Promise<{ ok: true; id: string } | Refusal> {
  const inserted = await insertTest.one(pool, { accountId: scope.accountId, id });
  return inserted ? { ok: true, id: inserted.id } : refuse('This webhook is paused. Resume it first.');
}

const requeue = statement({
  name: 'send-webhook-delivery-again',
  values: { accountId: 'int4', id: 'int8' },
  sql: ($) => `
    update webhook_delivery set state = 'WAITING', next_attempt_at = now(), finished_at = null
    from webhook_endpoint as endpoint
    where webhook_delivery.account_id = ${$.accountId} and webhook_delivery.id = ${$.id}
      and webhook_delivery.state <> 'SENDING'
      and endpoint.account_id = ${$.accountId} and endpoint.id = endpoint_id and endpoint.removed_at is null
      and endpoint.state = 'ACTIVE'`,
});

/** Sends a delivery again, with the same id: one that came before is known by it. */
export async function sendAgain(pool: Pool, scope: AccountScope, { id }: { id: string }): Promise<Done> {
  const queued = await requeue.run(pool, { accountId: scope.accountId, id });
  return queued === 1
    ? { ok: true }
    : refuse('It cannot be sent again now: it is being sent, or its webhook is paused or removed.');
}

/**
 * Writes down what was done. That it had been done before, by a click whose answer was lost, is no mistake:
 * that is what was wanted.
 */
async function finish(
  client: PoolClient,
  scope: AccountScope,
  change: { id: number; kind: 'webhook.pause' | 'webhook.resume' | 'webhook.remove'; isDone: boolean },
  now: Date,
): Promise<Done> {
  const { id, kind, isDone } = change;
  if (isDone) {
    await recordActOf(client, scope, kind, { webhookId: id }, now);
    return { ok: true };
  }
  const there = { accountId: scope.accountId, id, ...(kind !== 'webhook.remove' && { removedAt: null }) };
  const count = await prismaOn(client).webhookEndpoint.count({ where: there });
  return count === 0 ? refuse(notThere) : { ok: true };
}

function refuse(message: string, field?: string): Refusal {
  return { ok: false, message, ...(field && { fields: { [field]: message } }) };
}
