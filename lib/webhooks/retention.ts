import type { Pool } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { isAccountHeldSql, isNumberHeldSql } from '@/lib/platform/holds';
import { expandBatches } from './expand';
import { keptDays } from './schema';

const batchSize = 10_000;

const isFreeSql = (delivery: string) =>
  `not ${isAccountHeldSql(`${delivery}.account_id`)} and not ${isNumberHeldSql(`${delivery}.msisdn`)}`;

const deleteDeliveries = statement({
  name: 'delete-webhook-deliveries',
  values: { days: 'int4', batch: 'int8' },
  sql: ($) => `
    with old as materialized (
      select account_id, endpoint_id, id from webhook_delivery
      where created_at < now() - make_interval(days => ${$.days}) and ${isFreeSql('webhook_delivery')}
      union all
      select delivery.account_id, delivery.endpoint_id, delivery.id from webhook_delivery as delivery
      join webhook_endpoint as endpoint on endpoint.account_id = delivery.account_id and endpoint.id = delivery.endpoint_id
      where endpoint.removed_at is not null and ${isFreeSql('delivery')}
      limit ${$.batch}
    )
    delete from webhook_delivery as delivery using old
    where delivery.account_id = old.account_id and delivery.endpoint_id = old.endpoint_id and delivery.id = old.id`,
});

const findLeftBatches = statement({
  name: 'find-batches-of-removed-webhooks',
  columns: columnsOf('WebhookBatch', 'accountId', 'endpointId'),
  sql: () => `
    select distinct batch.account_id as "accountId", batch.endpoint_id as "endpointId" from webhook_batch as batch
    join webhook_endpoint as endpoint on endpoint.account_id = batch.account_id and endpoint.id = batch.endpoint_id
    where endpoint.removed_at is not null`,
});

const deleteEndpoints = statement({
  name: 'delete-removed-webhooks',
  sql: () => `
    -- a while later: whoever wrote an event as it was removed must still find it, or their whole statement fails
    delete from webhook_endpoint as endpoint where removed_at < now() - interval '1 hour' and not exists (
      select 1 from webhook_delivery as delivery
      where delivery.account_id = endpoint.account_id and delivery.endpoint_id = endpoint.id
    ) and not exists (
      select 1 from webhook_batch as batch where batch.account_id = endpoint.account_id and batch.endpoint_id = endpoint.id
    )`,
});

/**
 * Clears deliveries, with what people wrote in them, after their time, and all of removed endpoints; what a
 * legal hold is on stays.
 */
export async function pruneWebhooks(pool: Pool): Promise<void> {
  // What was written as its endpoint was removed: cleared, or held, as the deliveries that it is.
  for (const key of await findLeftBatches.all(pool, {})) while ((await expandBatches(pool, key)) > 0);
  while ((await deleteDeliveries.run(pool, { days: keptDays, batch: batchSize })) === batchSize);
  await deleteEndpoints.run(pool, {});
}
