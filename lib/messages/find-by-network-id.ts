import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';

const find = statement({
  name: 'find-message-by-network-id',
  values: { msisdn: 'text', ids: 'text[]' },
  columns: { accountId: 'int4', messageId: 'int8' },
  sql: ($) => `
    select message.account_id as "accountId", message.id as "messageId"
    from (select distinct account_id from conversation where msisdn = ${$.msisdn}) as writer
    cross join lateral (
      -- what waits longer for a receipt has ended without one
      select * from (
        select account_id, id, carrier_message_id from message
        where account_id = writer.account_id and msisdn = ${$.msisdn} order by id desc limit 100
      ) as recent where carrier_message_id = any (${$.ids}) order by id desc limit 1
    ) as message
    order by message.id desc limit 1`,
});

/**
 * The latest message to a recipient that the network knows by one of these ids; undefined when none of the
 * last hundred of each account that writes to them is.
 */
export function findByNetworkId(
  pool: Pool,
  msisdn: string,
  ids: readonly string[],
): Promise<{ accountId: number; messageId: string } | undefined> {
  return find.one(pool, { msisdn, ids });
}
