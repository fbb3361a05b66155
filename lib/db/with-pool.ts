import { once } from 'node:events';
import { Pool } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';

/**
 * Gives `work` a pool of one connection. Afterwards that is closed: a pool says that it has ended as soon as
 * it has told its connections to, and one that a server ends meanwhile, as when its database is dropped,
 * would end this process where nobody listens.
 */
export async function withPool<Result>(url: string, work: (pool: Pool) => Promise<Result>): Promise<Result> {
  const pool = new Pool({ connectionString: sessionUrl(url), max: 1 });
  let open = 0;
  pool.on('connect', (client) => {
    open += 1;
    // what it was asked fails by itself
    client.on('error', () => undefined);
  });
  pool.on('remove', () => (open -= 1));
  pool.on('error', () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
    while (open > 0) await once(pool, 'remove');
  }
}
