import type { Pool } from 'pg';
import { notify } from '@/lib/db/notify';
import { statement, type Connection } from '@/lib/db/statement';
import { carriersChangedChannel, tellStaff } from '@/lib/events/account-changes';
import { log } from '@/lib/log';

const counted = ['sent', 'failed', 'retried', 'doubted', 'replies', 'receipts'] as const;
type Counts = Record<(typeof counted)[number], number>;

/** What a process has counted and not written down yet, by carrier. */
const gathered = new WeakMap<Pool, Map<string, Counts>>();
const timers = new WeakMap<Pool, NodeJS.Timeout>();

/** How long what was counted is gathered, so that a row is not written for each message. */
const gatherMs = 5_000;

/**
 * Counts what passed by a carrier, for the page of the system: it is written down within some seconds.
 */
export function countFacts(pool: Pool, carrier: string, counts: Partial<Counts>): void {
  const byCarrier = gathered.get(pool) ?? new Map<string, Counts>();
  gathered.set(pool, byCarrier);
  const sums = byCarrier.get(carrier) ?? makeCounts();
  for (const name of counted) sums[name] += counts[name] ?? 0;
  byCarrier.set(carrier, sums);
  if (timers.has(pool)) return;
  const timer = setTimeout(() => {
    timers.delete(pool);
    flushFacts(pool).catch((err: unknown) =>
      log.warn({ err }, 'What passed by the carriers was not written down'),
    );
  }, gatherMs);
  // A process that has nothing else to do need not wait for it.
  timer.unref();
  timers.set(pool, timer);
}

function makeCounts(): Counts {
  return { sent: 0, failed: 0, retried: 0, doubted: 0, replies: 0, receipts: 0 };
}

const addCounts = statement({
  name: 'add-carrier-counts',
  values: {
    given: {
      carrier: 'text',
      sent: 'int4',
      failed: 'int4',
      retried: 'int4',
      doubted: 'int4',
      replies: 'int4',
      receipts: 'int4',
    },
  },
  sql: ($) => `
    with given as materialized (
      select given.*, now() as at from ${$.given}
    ), last as (
      update carrier set
        last_reply_at = case when given.replies > 0 then given.at else carrier.last_reply_at end,
        last_receipt_at = case when given.receipts > 0 then given.at else carrier.last_receipt_at end
      from given where carrier.name = given.carrier and given.replies + given.receipts > 0
    )
    insert into carrier_minute (carrier, minute, ${counted.join(', ')})
    select carrier, date_trunc('minute', at), ${counted.join(', ')} from given order by carrier
    on conflict (carrier, minute) do update set
      ${counted.map((name) => `${name} = carrier_minute.${name} + excluded.${name}`).join(', ')}`,
});

/** Tells the workers and the staff's pages that something about carriers has changed. */
export async function tellOfCarriers(connection: Connection): Promise<void> {
  await notify(connection, carriersChangedChannel, ['']);
  await tellStaff(connection, 'carriers');
}

/** Writes down what was counted; for a process that ends, too. */
export async function flushFacts(pool: Pool): Promise<void> {
  const byCarrier = gathered.get(pool);
  if (!byCarrier || byCarrier.size === 0) return;
  gathered.delete(pool);
  try {
    await addCounts.run(pool, { given: [...byCarrier].map(([carrier, counts]) => ({ carrier, ...counts })) });
  } catch (error) {
    if (pool.ending) return;
    // Not lost: it counts with what comes next.
    for (const [carrier, counts] of byCarrier) countFacts(pool, carrier, counts);
    throw error;
  }
  // The figures are the pages' alone.
  await tellStaff(pool, 'carriers');
}
