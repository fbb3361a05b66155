import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, selectSql, statement, statementOf, type RowOf } from '@/lib/db/statement';
import { composeBody, composeDeliveryId } from './body';
import { deliveriesPerPage, type DeliveryRow, type WebhookChoice, type WebhookRow } from './schema';

const endpointColumns = columnsOf(
  'WebhookEndpoint',
  'id',
  'url',
  'events',
  'withTexts',
  'inOrder',
  'state',
  'generation',
  'previousUntil',
  'failingSince',
  'reason',
  'pausedAt',
  'createdAt',
);

const listEndpointsSql = statement({
  name: 'list-webhooks',
  values: { accountId: 'int4' },
  columns: { ...endpointColumns, createdBy: 'User.name?', waiting: 'int4' },
  sql: ($) => `
    select ${selectSql(endpointColumns, 'endpoint')}, portal_user.name as "createdBy", (
      select count(*)::int from (
        select from webhook_delivery
        where account_id = ${$.accountId} and endpoint_id = endpoint.id and next_attempt_at is not null limit 1000
      ) as counted
    ) as waiting
    from webhook_endpoint as endpoint left join portal_user on portal_user.id = endpoint.created_by
    where endpoint.account_id = ${$.accountId} and removed_at is null
    order by endpoint.id`,
});

/** The endpoints of the account, the oldest first. */
export async function listWebhooks(pool: Pool, scope: AccountReadScope, now: Date): Promise<WebhookRow[]> {
  const rows = await listEndpointsSql.all(pool, { accountId: scope.accountId });
  return rows.map((row) => ({
    ...toPlain(row),
    events: row.events as WebhookChoice[],
    previousUntil: row.previousUntil && row.previousUntil > now ? toPlain(row.previousUntil) : null,
  }));
}

/** One of them; null when the account has no such one. */
export async function readWebhook(
  pool: Pool,
  scope: AccountReadScope,
  id: number,
  now: Date,
): Promise<WebhookRow | null> {
  return (await listWebhooks(pool, scope, now)).find((row) => row.id === id) ?? null;
}

const rowColumns = columnsOf(
  'WebhookDelivery',
  'id',
  'type',
  'state',
  'attempts',
  'createdAt',
  'attemptedAt',
  'finishedAt',
  'nextAttemptAt',
  'durationMs',
  'statusCode',
  'answer',
  'reason',
);
const deliveryColumns = {
  ...rowColumns,
  /** JSON. */
  data: 'text',
} as const;
const deliverySql = `${selectSql(rowColumns)}, data::text`;

/** Written out, so that the index of all but the delivered is found. */
const stateSql: Record<DeliveryRow['state'], string> = {
  WAITING: `state = 'WAITING'`,
  SENDING: `state = 'SENDING'`,
  DELIVERED: `state = 'DELIVERED'`,
  FAILED: `state = 'FAILED'`,
};

const listDeliveriesSql = statementOf({
  name: 'list-webhook-deliveries',
  values: { accountId: 'int4', endpointId: 'int4', before: 'int8?', limit: 'int8' },
  variants: [null, ...(Object.keys(stateSql) as DeliveryRow['state'][])],
  columns: deliveryColumns,
  sql: ($, state: DeliveryRow['state'] | null) => `
    select ${deliverySql} from webhook_delivery
    where account_id = ${$.accountId} and endpoint_id = ${$.endpointId} and id < coalesce(${$.before}, 9223372036854775807)
      and ${state === null ? 'true' : stateSql[state]}
    order by id desc limit ${$.limit}`,
});

/**
 * The log of an endpoint, the newest first.
 *
 * @param before the id before which to read on; null: from the newest
 * @returns `older`: the id before which there are more
 */
export async function listDeliveries(
  pool: Pool,
  scope: AccountReadScope,
  endpointId: number,
  before: string | null,
  { state = null, limit = deliveriesPerPage }: { state?: DeliveryRow['state'] | null; limit?: number } = {},
): Promise<{ rows: DeliveryRow[]; older: string | null }> {
  const { accountId } = scope;
  const found = await listDeliveriesSql.all(pool, { accountId, endpointId, before, limit: limit + 1 }, state);
  const rows = found.slice(0, limit).map((row) => composeDelivery(accountId, row));
  return { rows, older: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

const findDeliverySql = statement({
  name: 'find-webhook-delivery',
  values: { accountId: 'int4', endpointId: 'int4', id: 'int8' },
  columns: deliveryColumns,
  sql: ($) => `
    select ${deliverySql} from webhook_delivery
    where account_id = ${$.accountId} and endpoint_id = ${$.endpointId} and id = ${$.id}`,
});

/** One delivery to an endpoint; null when the account has no such one. */
export async function readDelivery(
  pool: Pool,
  { accountId }: AccountReadScope,
  endpointId: number,
  id: string,
): Promise<DeliveryRow | null> {
  const found = await findDeliverySql.one(pool, { accountId, endpointId, id });
  return found ? composeDelivery(accountId, found) : null;
}

function composeDelivery(accountId: number, { data, ...row }: RowOf<typeof findDeliverySql>): DeliveryRow {
  return {
    ...toPlain(row),
    messageId: composeDeliveryId(accountId, row.id),
    body: composeBody({ ...row, data }),
  };
}
