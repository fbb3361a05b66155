import type { Pool } from 'pg';

const batchSize = 10_000;

/** How long a carrier's receipt is kept: a carrier hands a reply in again for days at most. */
const receiptDays = 60;
const simulatorDays = 90;

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

/** In batches, so that no statement runs into its time limit or holds what others wait for. */
async function deleteInBatches(pool: Pool, statement: string, days: number): Promise<void> {
  let deleted: number;
  do {
    deleted = (await pool.query(statement, [days, batchSize])).rowCount ?? 0;
  } while (deleted === batchSize);
}
