import { statement, type Connection } from '@/lib/db/statement';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { countReceipts } from '@/lib/metrics/counters';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';

/** What a carrier says later about a message. */
export interface DeliveryReceipt {
  accountId: number;
  messageId: string;
  status: 'delivered' | 'failed';
  /** The carrier's reason, when it failed. */
  reason: string | null;
}

const record = statement({
  name: 'record-receipts',
  values: {
    receipt: { accountId: 'int4', messageId: 'int8', status: 'text', reason: 'text?', place: 'position' },
  },
  columns: { changed: 'int4', told: 'int4' },
  sql: ($) => `
    with receipt as (
      select distinct on (account_id, message_id) * from ${$.receipt}
      order by account_id, message_id, place
    ), recorded as (
      update message set
        status = case when receipt.status = 'delivered' then 'DELIVERED' else 'FAILED' end::message_status,
        reason = receipt.reason,
        next_attempt_at = null,
        sent_at = coalesce(sent_at, now()),
        finished_at = now()
      from receipt
      where message.account_id = receipt.account_id and message.id = receipt.message_id
        and message.status in ('SENDING', 'SENT', 'IN_DOUBT')
      returning message.account_id, message.id, message.msisdn, message.kind, message.batch_id, message.status, message.reason
    ), delivery as (
      ${deliverStatusSql({ from: 'recorded', accountId: 'account_id', status: 'status', reason: 'reason' })}
    ), told as (
      select ${notifyAccountSql('account_id', ['messages'])} from (select distinct account_id from recorded) as changed
    )
    select (select count(*)::int from recorded) as changed, (select count(*)::int from told) as told`,
});

/**
 * Records delivery receipts, set-based. The first final one counts; a receipt for a message that is not on
 * its way (unknown, blocked, final already) changes nothing, so a carrier may repeat itself.
 *
 * @returns how many messages changed
 */
export async function recordReceipts(
  connection: Connection,
  receipts: readonly DeliveryReceipt[],
): Promise<number> {
  if (receipts.length === 0) return 0;
  const { changed } = await record.only(connection, { receipt: receipts });
  countReceipts(receipts);
  return changed;
}
