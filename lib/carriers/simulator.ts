import type { Pool } from 'pg';
import { simulatorChannel } from '@/lib/events/account-changes';
import { withTransaction } from '@/lib/db/client';
import type { HandoverResult } from '@/lib/messages/claim';
import { recordReceipts, type DeliveryReceipt } from '@/lib/messages/receipts';
import { composeReference, parseReference, type Carrier } from '@/lib/messages/carrier';

/** How long a simulated phone takes to acknowledge an SMS. */
const receiptDelayMs = 700;

/**
 * The simulator: a carrier whose network is a table and whose phones are in the browser (/simulator). Several workers
 * may use it at once; it keeps nothing in memory.
 *
 * Numbers that end in 99990 are refused by the network, in 99991 found busy and tried again, in 99992 taken and then not
 * delivered, so that every ending can be tried by hand. Everything else is delivered.
 */
export function createSimulatorCarrier(pool: Pool, options: { ratePerSecond: number }): Carrier {
  return {
    name: 'simulator',
    ratePerSecond: options.ratePerSecond,
    async send(messages) {
      const results = messages.map(({ msisdn, accountId, id }): HandoverResult => {
        if (msisdn.endsWith('99990')) return { status: 'failed', reason: 'The network refused this number.' };
        if (msisdn.endsWith('99991')) {
          return { status: 'retry', reason: 'The network was busy.', retryDelayMs: 15_000 };
        }
        return { status: 'sent', carrierMessageId: `sim-${composeReference({ accountId, id })}` };
      });
      const taken = messages.filter((_, index) => results[index]?.status === 'sent');
      await pool.query({
        name: 'simulator-send',
        text: `
          with delivered as (
            insert into simulator_message (msisdn, from_phone, sender_number, text, reference, receipt_due_at)
            select msisdn, false, sender_number, text, reference, now() + make_interval(secs => $5 / 1000.0)
            from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
              as taken (msisdn, sender_number, text, reference, position)
            order by position
            returning msisdn
          )
          select pg_notify('${simulatorChannel}', msisdn) from (select distinct msisdn from delivered limit 50) as phone`,
        values: [
          taken.map(({ msisdn }) => msisdn),
          taken.map(({ senderNumber }) => senderNumber),
          taken.map(({ text }) => text),
          taken.map(composeReference),
          receiptDelayMs,
        ],
      });
      return results;
    },
  };
}

/**
 * Gives the delivery receipts that are due, as a network would; each exactly once, with what it changes in one
 * transaction.
 *
 * @returns how many were given
 */
export async function giveDueReceipts(pool: Pool, limit = 1000): Promise<number> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ msisdn: string; reference: string | null }>({
      name: 'simulator-receipts',
      text: `
        with due as (
          select msisdn, id from simulator_message where receipt_due_at <= now()
          order by receipt_due_at limit $1 for update skip locked
        )
        update simulator_message set receipt_due_at = null from due
        where simulator_message.msisdn = due.msisdn and simulator_message.id = due.id
        returning simulator_message.msisdn, simulator_message.reference`,
      values: [limit],
    });
    const receipts = rows.flatMap(({ msisdn, reference }): DeliveryReceipt[] => {
      const ours = reference === null ? null : parseReference(reference);
      if (!ours) return [];
      const failed = msisdn.endsWith('99992');
      return [
        {
          ...ours,
          status: failed ? 'failed' : 'delivered',
          reason: failed ? 'The phone could not be reached.' : null,
        },
      ];
    });
    await recordReceipts(client, receipts);
    return rows.length;
  });
}
