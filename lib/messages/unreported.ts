import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { tellAccounts } from '@/lib/events/account-changes';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { noReceiptReason } from './labels';

// As the index on statuses has it, which passes over the parts of the table without a sent message.
const isSentSql = `(message.status = 'SENT')::int = 1`;

const findAccounts = statement({
  name: 'find-accounts-with-unreported',
  values: { before: 'timestamptz' },
  columns: columnsOf('Message', 'accountId'),
  planEachTime: true,
  sql: ($) => `
    select distinct account_id as "accountId" from message
    where ${isSentSql} and message.sent_at < ${$.before}::timestamptz order by 1`,
});

const end = statement({
  name: 'end-unreported',
  values: { accountId: 'int4', before: 'timestamptz', limit: 'int8', reason: 'text' },
  columns: { ended: 'int4' },
  planEachTime: true,
  sql: ($) => `
    with moment as materialized (
      select now() as at
    ), unreported as materialized (
      select account_id, id from message
      where account_id = ${$.accountId} and ${isSentSql} and message.sent_at < ${$.before}::timestamptz
      order by id limit ${$.limit} for update skip locked
    ), ended as (
      update message set status = 'NO_RECEIPT', reason = ${$.reason}, finished_at = moment.at
      from unreported, moment
      where message.account_id = ${$.accountId} and message.id = unreported.id and message.status = 'SENT'
      returning message.account_id, message.id, message.msisdn, message.kind, message.purpose, message.batch_id,
        message.status, message.reason
    ), delivery as (
      ${deliverStatusSql({ from: 'ended', accounts: $.accountId, status: 'status', reason: 'reason' })}
    )
    select count(*)::int as ended from ended`,
});

/** Ends some of an account's, and tells its pages; answers with how many. */
async function endSlice(pool: Pool, slice: Parameters<typeof end.only>[1]): Promise<number> {
  return withTransaction(pool, async (client) => {
    const { ended } = await end.only(client, slice);
    if (ended > 0) await tellAccounts(client, [slice.accountId], ['messages']);
    return ended;
  });
}

/** How many end in one statement. */
const usualSlice = 1_000;

/**
 * Ends messages that were sent and of which the network has said nothing for RECEIPT_WAIT_HOURS: "no
 * receipt", which is no failure, costs what it cost, and gives way to a receipt that comes after all. An
 * account and a slice at a time.
 *
 * @returns how many have ended
 */
export async function endUnreported(
  pool: Pool,
  now: Date,
  { signal, slice = usualSlice }: { signal?: AbortSignal | undefined; slice?: number } = {},
): Promise<number> {
  const before = new Date(now.getTime() - env.RECEIPT_WAIT_HOURS * 3_600_000);
  let total = 0;
  for (const { accountId } of await findAccounts.all(pool, { before })) {
    let ended: number;
    do {
      if (signal?.aborted) return total;
      ended = await endSlice(pool, { accountId, before, limit: slice, reason: noReceiptReason });
      total += ended;
    } while (ended === slice);
  }
  return total;
}
