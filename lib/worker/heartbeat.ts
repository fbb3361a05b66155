import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';
import { log } from '@/lib/log';

const intervalMs = 5_000;

const sayAlive = statement({
  name: 'say-worker-lives',
  values: { id: 'text' },
  sql: ($) => `
    with gone as (delete from worker where seen_at < now() - interval '1 hour')
    insert into worker (id, started_at, seen_at) values (${$.id}, now(), now())
    on conflict (id) do update set seen_at = excluded.seen_at`,
});

const removeWorker = statement({
  name: 'remove-worker',
  values: { id: 'text' },
  sql: ($) => `delete from worker where id = ${$.id}`,
});

/**
 * Says in the database that this worker lives, every five seconds; /healthz and the rescue of jobs read it.
 * Rows of workers long gone are cleared away on the way.
 *
 * @param id under which it holds jobs
 * @returns ends it and takes the row back
 */
export async function startHeartbeat(pool: Pool, id: string = randomUUID()): Promise<() => Promise<void>> {
  const beat = () => sayAlive.run(pool, { id });
  await beat();
  const timer = setInterval(() => {
    beat().catch((err: unknown) => log.warn({ err }, 'The worker could not say that it lives'));
  }, intervalMs);
  return async () => {
    clearInterval(timer);
    await removeWorker.run(pool, { id });
  };
}
