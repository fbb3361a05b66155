import type { Pool } from 'pg';
import { setLocally, withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';

const summarise = statement({
  name: 'summarise-status-index',
  columns: { forgotten: 'int4' },
  // the index is its owner's, who lends the right
  sql: () => 'select refresh_status_index() as forgotten',
});

/**
 * Makes the index on the statuses of messages forget those that they no longer have. It only ever learns:
 * every message that was delivered had been sent, so that in time there would be no part of the table without
 * a sent one. Reads the table once, three seconds for ten million messages, and keeps nobody from reading or
 * writing. For the worker, once a day.
 */
export async function refreshStatusIndex(pool: Pool): Promise<void> {
  await withTransaction(pool, async (client) => {
    await setLocally(client, { statement_timeout: 0 });
    await summarise.run(client, {});
  });
}
