import type { Pool } from 'pg';

const batchSize = 10_000;

/** How long a carrier's receipt is kept: a carrier hands a reply in again for days at most. */
const receiptDays = 60;
const simulatorDays = 90;
/** How long a job that was given up is kept for whoever looks into it; what it was told may name a person. */
const failedJobDays = 30;

/** Forgets which replies a carrier has handed in, once it will not hand them in again. */
export function pruneCarrierReceipts(pool: Pool): Promise<void> {
  return deleteInBatches(
    pool,
    `delete from carrier_receipt where ctid = any (array(
       select ctid from carrier_receipt where received_at < now() - make_interval(days => $1) limit $2))`,
    receiptDays,
  );
}

/** Clears what has lain on the simulator's phones for long. */
export function pruneSimulatorMessages(pool: Pool): Promise<void> {
  return deleteInBatches(
    pool,
    `delete from simulator_message where ctid = any (array(
       select ctid from simulator_message where created_at < now() - make_interval(days => $1) limit $2))`,
    simulatorDays,
  );
}

/** Clears jobs that were given up long ago; the log has said so of each. */
export async function pruneFailedJobs(pool: Pool): Promise<void> {
  await pool.query(
    `select graphile_worker.complete_jobs(failed.ids) from (
       select array_agg(id) as ids from graphile_worker.jobs
       where attempts >= max_attempts and locked_at is null and updated_at < now() - make_interval(days => $1)
     ) as failed`,
    [failedJobDays],
  );
}

/** Clears counts of attempts whose window has ended. */
export function pruneRateLimits(pool: Pool, now: Date): Promise<void> {
  return deleteInBatches(
    pool,
    `delete from rate_limit where ctid = any (array(
       select ctid from rate_limit where expire < $1 limit $2))`,
    now.getTime(),
  );
}

/** In batches, so that no statement runs into its time limit or holds what others wait for. */
async function deleteInBatches(pool: Pool, statement: string, limit: number): Promise<void> {
  let deleted: number;
  do {
    deleted = (await pool.query(statement, [limit, batchSize])).rowCount ?? 0;
  } while (deleted === batchSize);
}
