import type { Pool } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { findWriters } from './writers';

const find = statement({
  name: 'find-message-by-network-id',
  values: { accountId: 'int4', msisdn: 'text', ids: 'text[]' },
  columns: { ...columnsOf('Message', 'accountId'), messageId: 'Message.id' },
  sql: ($) => `
    -- what waits longer for a receipt has ended without one
    select account_id as "accountId", id as "messageId" from (
      select account_id, id, carrier_message_id from message
      where account_id = ${$.accountId} and msisdn = ${$.msisdn} order by id desc limit 100
    ) as recent where carrier_message_id = any (${$.ids}) order by id desc limit 1`,
});

/**
 * The latest message to a recipient that the network knows by one of these ids; undefined when none of the
 * last hundred of each account that writes to them is.
 */
export async function findByNetworkId(
  pool: Pool,
  msisdn: string,
  ids: readonly string[],
): Promise<{ accountId: number; messageId: string } | undefined> {
  const writers = await findWriters(pool, msisdn);
  const found = await Promise.all(writers.map((accountId) => find.one(pool, { accountId, msisdn, ids })));
  return found
    .filter((message) => message !== undefined)
    .sort((one, other) => (BigInt(one.messageId) < BigInt(other.messageId) ? 1 : -1))[0];
}
