import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';

const sortIn = statement({
  name: 'sort-in-opt-outs',
  columns: { pages: 'int8' },
  // the index is its owner's, who lends the right
  sql: () => 'select sort_in_opt_outs() as pages',
});

/**
 * Whoever adds many opt-outs has them sorted in after so many. The index has room for some more that wait
 * (`gin_pending_list_limit`).
 */
export const sortInEvery = 500;

/**
 * Sorts into the index by parts of a number what waits to be: else whoever adds the opt-out that makes it too
 * much does it, 20 ms within their own transaction, and others wait for the numbers in that. Keeps nobody
 * from reading or writing. On a cluster it does nothing: the index is empty on the coordinator.
 */
export async function sortInOptOuts(pool: Pool): Promise<void> {
  await sortIn.run(pool, {});
}
