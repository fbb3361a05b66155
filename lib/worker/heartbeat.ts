import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { log } from '@/lib/log';

const intervalMs = 5_000;

/**
 * Says in the database that this worker lives, every five seconds; /healthz and the rescue of jobs read it. Rows of workers
 * long gone are cleared away on the way.
 *
 * @param id under which it holds jobs
 * @returns ends it and takes the row back
 */
export async function startHeartbeat(pool: Pool, id: string = randomUUID()): Promise<() => Promise<void>> {
  const beat = () =>
    pool.query(
      `with gone as (delete from worker where seen_at < now() - interval '1 hour')
       insert into worker (id, started_at, seen_at) values ($1, now(), now())
       on conflict (id) do update set seen_at = excluded.seen_at`,
      [id],
    );
  await beat();
  const timer = setInterval(() => {
    beat().catch((err: unknown) => log.warn({ err }, 'The worker could not say that it lives'));
  }, intervalMs);
  return async () => {
    clearInterval(timer);
    await pool.query('delete from worker where id = $1', [id]);
  };
}
