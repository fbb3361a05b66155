import { EventEmitter } from 'node:events';
import { runOnce, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { vi } from 'vitest';
import { jobLogger } from '@/lib/db/job-logger';
import { createTaskList } from '@/lib/worker/tasks';
import type { MailTransport } from '@/lib/notices/outbox';
import { MemoryMail } from './memory-mail';
import { waitUntil } from './poll';

/**
 * Runs the jobs that are due at `now`, and those that they enqueue, until none is; one that fails is left to
 * its next time. The job queue and what it runs see the same clock, as in the worker.
 */
export async function runDueJobs(
  pool: Pool,
  now: Date,
  mail: MailTransport = new MemoryMail(),
): Promise<void> {
  const events: WorkerEvents = new EventEmitter();
  let id = '';
  events.once('pool:create', ({ workerPool }) => (id = workerPool.id));
  vi.useFakeTimers({ now, toFake: ['Date'] });
  try {
    await runOnce({
      pgPool: pool,
      taskList: createTaskList(pool, { mail, clock: () => new Date() }),
      concurrency: 1,
      useNodeTime: true,
      events,
      noHandleSignals: true,
      logger: jobLogger,
    });
  } finally {
    vi.useRealTimers();
  }
  // The queue does not wait for its own last statements.
  await waitUntil('the jobs are put away', async () => {
    const held = await pool.query('select from graphile_worker._private_jobs where locked_by = $1', [id]);
    return held.rowCount === 0;
  });
}

export interface StoredJob {
  runAt: Date;
  attempts: number;
  lockedBy: string | null;
}

/** The jobs of a task, of one account or of all, those that nobody runs any more included. */
export async function listJobs(
  pool: Pool,
  task: string,
  accountId: number | null = null,
): Promise<StoredJob[]> {
  const { rows } = await pool.query<StoredJob>(
    `select job.run_at as "runAt", job.attempts, job.locked_by as "lockedBy"
     from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
     where task.identifier = $1 and ($2::int is null or (job.payload ->> 'accountId')::int = $2) order by job.id`,
    [task, accountId],
  );
  return rows;
}

/** Leaves all jobs as a worker does that is killed in the middle of them. */
export async function lockJobs(pool: Pool, by: string, ago: string): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - $2::interval, attempts = attempts + 1`,
    [by, ago],
  );
}
