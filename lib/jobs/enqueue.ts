import type { Pool, PoolClient } from 'pg';

/** What each task is told. Every job of an account says whose it is; lib/auth/job-scope.ts makes its scope of that. */
export interface JobPayloads {
  'import-number-list': { accountId: number; userId: number | null; listId: string };
}

/** A job that fails is tried again after longer and longer, ten times within some hours. */
const maxAttempts = 10;

/** Enqueues a job; within a transaction of `client`, it runs once that has committed, and only then. */
export async function enqueueJob<Name extends keyof JobPayloads>(
  client: PoolClient | Pool,
  name: Name,
  payload: JobPayloads[Name],
): Promise<void> {
  await client.query('select from graphile_worker.add_job($1, $2::json, max_attempts => $3)', [
    name,
    JSON.stringify(payload),
    maxAttempts,
  ]);
}
