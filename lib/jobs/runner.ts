import { EventEmitter } from 'node:events';
import { run, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { createTaskList, crontab } from './tasks';
import { jobLogger } from './job-logger';

/** Jobs that a worker runs at once. An import is bound by the database: more would take from the dispatcher. */
const concurrency = 2;

export interface JobRunner {
  /** Under which this process holds the jobs it is running. */
  id: string;
  /** Takes no more jobs and ends those under way, an import after its batch. */
  stop(): Promise<void>;
}

/** Runs jobs from the queue, and those of the crontab. */
export async function startJobs(pool: Pool): Promise<JobRunner> {
  const events: WorkerEvents = new EventEmitter();
  let id = '';
  events.once('pool:create', ({ workerPool }) => (id = workerPool.id));
  const runner = await run({
    pgPool: pool,
    taskList: createTaskList(pool),
    crontab,
    concurrency,
    events,
    logger: jobLogger,
    noHandleSignals: true,
    // After which a job under way is told to end; an import ends after its batch.
    gracefulShutdownAbortTimeout: 0,
  });
  return { id, stop: () => runner.stop() };
}

/**
 * Gives the jobs of workers that were killed to others. The queue by itself would wait for four hours, as it cannot know;
 * we do: a worker that lives says so every five seconds. Were one only slow, its job would run twice, which every task
 * must bear.
 */
export async function rescueJobs(pool: Pool): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(dead) from (
       select array_agg(distinct locked_by) as dead from graphile_worker.jobs
       where locked_at < now() - interval '30 seconds'
         and locked_by not in (select id from worker where seen_at > now() - interval '30 seconds')
     ) as held where dead is not null`,
  );
}
