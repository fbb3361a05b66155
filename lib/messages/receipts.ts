import type { Pool, PoolClient } from 'pg';
import { notifyAccountSql } from '@/lib/events/account-changes';

/** What a carrier says later about a message. */
export interface DeliveryReceipt {
  accountId: number;
  messageId: string;
  status: 'delivered' | 'failed';
  /** The carrier's reason, when it failed. */
  reason: string | null;
}

/**
 * Records delivery receipts, set-based. The first final one counts; a receipt for a message that is not on its way
 * (unknown, blocked, final already) changes nothing, so a carrier may repeat itself.
 *
 * @returns how many messages changed
 */
export async function recordReceipts(
  db: Pool | PoolClient,
  receipts: readonly DeliveryReceipt[],
): Promise<number> {
  if (receipts.length === 0) return 0;
  const { rows } = await db.query<{ changed: string }>({
    name: 'record-receipts',
    text: `
      with receipt as (
        select distinct on (account_id, id) * from unnest($1::int[], $2::bigint[], $3::text[], $4::text[])
          with ordinality as receipt (account_id, id, status, reason, position)
        order by account_id, id, position
      ), recorded as (
        update message set
          status = case when receipt.status = 'delivered' then 'DELIVERED' else 'FAILED' end::message_status,
          reason = receipt.reason,
          next_attempt_at = null,
          sent_at = coalesce(sent_at, now()),
          finished_at = now()
        from receipt
        where message.account_id = receipt.account_id and message.id = receipt.id
          and message.status in ('SENDING', 'SENT')
        returning message.account_id
      ), told as (
        select ${notifyAccountSql('account_id', ['messages'])} from (select distinct account_id from recorded) as changed
      )
      select (select count(*) from recorded) as changed, (select count(*) from told) as told`,
    values: [
      receipts.map(({ accountId }) => accountId),
      receipts.map(({ messageId }) => messageId),
      receipts.map(({ status }) => status),
      receipts.map(({ reason }) => reason),
    ],
  });
  return Number(rows[0]?.changed ?? 0);
}
