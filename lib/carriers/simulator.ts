import type { Pool } from 'pg';
import { countFacts } from './facts';
import { simulatorChannel } from '@/lib/events/account-changes';
import { withTransaction } from '@/lib/db/client';
import { notify } from '@/lib/db/notify';
import { columnsOf, statement } from '@/lib/db/statement';
import { recordReceipts, type DeliveryReceipt } from '@/lib/messages/receipts';
import { composeReference, parseReference, type Carrier } from '@/lib/messages/carrier';

type Sent = Awaited<ReturnType<Carrier['send']>>[number];

const simulatorName = 'simulator';

/** How long a simulated phone takes to acknowledge an SMS. */
const receiptDelayMs = 700;

const deliver = statement({
  name: 'simulator-send',
  values: {
    delayMs: 'int4',
    taken: { msisdn: 'text', senderNumber: 'text', text: 'text', reference: 'text', place: 'position' },
  },
  sql: ($) => `
    insert into simulator_message (msisdn, from_phone, sender_number, text, reference, receipt_due_at)
    select msisdn, false, sender_number, text, reference, now() + make_interval(secs => ${$.delayMs}::int / 1000.0)
    from ${$.taken}
    order by place`,
});

const takeDueReceipts = statement({
  name: 'simulator-receipts',
  values: { limit: 'int8' },
  columns: columnsOf('SimulatorMessage', 'msisdn', 'reference'),
  sql: ($) => `
    with due as (
      select msisdn, id from simulator_message where receipt_due_at <= now()
      order by receipt_due_at limit ${$.limit} for update skip locked
    )
    update simulator_message set receipt_due_at = null from due
    where simulator_message.msisdn = due.msisdn and simulator_message.id = due.id
    returning simulator_message.msisdn, simulator_message.reference`,
});

/**
 * The simulator: a carrier whose network is a table and whose phones are in the browser (/simulator). Several
 * workers may use it at once; it keeps nothing in memory.
 *
 * Numbers that end in 99990 are refused by the network, in 99991 found busy and tried again, in 99992 taken
 * and then not delivered, so that every ending can be tried by hand. Everything else is delivered.
 */
export function createSimulatorCarrier(pool: Pool, options: { ratePerSecond: number }): Carrier {
  return {
    name: simulatorName,
    ratePerSecond: options.ratePerSecond,
    async send(messages) {
      const results = messages.map(({ msisdn, accountId, id }): Sent => {
        if (msisdn.endsWith('99990')) return { status: 'failed', reason: 'The network refused this number.' };
        if (msisdn.endsWith('99991')) {
          return { status: 'retry', reason: 'The network was busy.', retryDelayMs: 15_000 };
        }
        return { status: 'sent', carrierMessageId: `sim-${composeReference({ accountId, id })}` };
      });
      const taken = messages.filter((_, index) => results[index]?.status === 'sent');
      await withTransaction(pool, async (client) => {
        await deliver.run(client, {
          delayMs: receiptDelayMs,
          taken: taken.map((message) => ({ ...message, reference: composeReference(message) })),
        });
        const phones = [...new Set(taken.map(({ msisdn }) => msisdn))];
        await notify(client, simulatorChannel, phones.slice(0, 50));
      });
      return results;
    },
  };
}

/**
 * Gives the delivery receipts that are due, as a network would; each exactly once, with what it changes in
 * one transaction.
 *
 * @returns how many were given
 */
export async function giveDueReceipts(pool: Pool, limit = 1000): Promise<number> {
  const given = await withTransaction(pool, async (client) => {
    const rows = await takeDueReceipts.all(client, { limit });
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
  if (given > 0) countFacts(pool, simulatorName, { receipts: given });
  return given;
}
