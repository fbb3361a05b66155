import type { Pool } from 'pg';
import { keptDays } from './schema';

/** Blocks: of a thousand lines each. */
const batchSize = 20;

/** Removes lists that are older than they are kept for, lines first: what was cut short is removed the next time. */
export async function removeOldLists(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ account_id: number; id: string }>(
    `select account_id, id from number_list
     where created_at < now() - make_interval(days => $1) and state not in ('QUEUED', 'RUNNING')`,
    [keptDays],
  );
  for (const { account_id: accountId, id } of rows) {
    let deleted: number;
    do {
      const result = await pool.query(
        `delete from number_list_block where account_id = $1 and list_id = $2 and first_position in (
           select first_position from number_list_block where account_id = $1 and list_id = $2 order by first_position limit $3)`,
        [accountId, id, batchSize],
      );
      deleted = result.rowCount ?? 0;
    } while (deleted === batchSize);
    await pool.query('delete from number_list where account_id = $1 and id = $2', [accountId, id]);
  }
}
