import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';

const batchSize = 10_000;

/** How long a carrier's receipt is kept: a carrier hands a reply in again for days at most. */
const receiptDays = 60;
const simulatorDays = 90;
/** How long a job that was given up is kept for whoever looks into it; what it was told may name a person. */
const failedJobDays = 30;

const deleteReceipts = statement({
  name: 'delete-carrier-receipts',
  values: { limit: 'int4', batch: 'int8' },
  sql: ($) => `
    with old as materialized (
      select msisdn, carrier, carrier_message_id, content_hash from carrier_receipt
      where received_at < now() - make_interval(days => ${$.limit}) limit ${$.batch}
    )
    delete from carrier_receipt as receipt using old
    where receipt.msisdn = old.msisdn and receipt.carrier = old.carrier
      and receipt.carrier_message_id = old.carrier_message_id and receipt.content_hash = old.content_hash`,
});

const deleteSimulatorMessages = statement({
  name: 'delete-simulator-messages',
  values: { limit: 'int4', batch: 'int8' },
  sql: ($) => `delete from simulator_message where ctid = any (array(
    select ctid from simulator_message where created_at < now() - make_interval(days => ${$.limit}) limit ${$.batch}))`,
});

const deleteRateLimits = statement({
  name: 'delete-rate-limits',
  values: { limit: 'int8', batch: 'int8' },
  sql: ($) => `delete from rate_limit where ctid = any (array(
    select ctid from rate_limit where expire < ${$.limit} limit ${$.batch}))`,
});

const completeFailedJobs = statement({
  name: 'complete-failed-jobs',
  values: { days: 'int4' },
  columns: { jobs: 'int4' },
  sql: ($) => `
    select count(*)::int as jobs from graphile_worker.complete_jobs((
      select coalesce(array_agg(id), '{}') from graphile_worker.jobs
      where attempts >= max_attempts and locked_at is null and updated_at < now() - make_interval(days => ${$.days})
    ))`,
});

/** Forgets which replies a carrier has handed in, once it will not hand them in again. */
export function pruneCarrierReceipts(pool: Pool): Promise<void> {
  return deleteInBatches(pool, deleteReceipts, receiptDays);
}

/** Clears what has lain on the simulator's phones for long. */
export function pruneSimulatorMessages(pool: Pool): Promise<void> {
  return deleteInBatches(pool, deleteSimulatorMessages, simulatorDays);
}

/** Clears jobs that were given up long ago; the log has said so of each. */
export async function pruneFailedJobs(pool: Pool): Promise<void> {
  await completeFailedJobs.run(pool, { days: failedJobDays });
}

/** Clears counts of attempts whose window has ended. */
export function pruneRateLimits(pool: Pool, now: Date): Promise<void> {
  return deleteInBatches(pool, deleteRateLimits, now.getTime());
}

/** In batches, so that no statement runs into its time limit or holds what others wait for. */
async function deleteInBatches(
  pool: Pool,
  deletion: { run(pool: Pool, values: { limit: number; batch: number }): Promise<number> },
  limit: number,
): Promise<void> {
  let deleted: number;
  do {
    deleted = await deletion.run(pool, { limit, batch: batchSize });
  } while (deleted === batchSize);
}
