import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { run, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { ImportTurns } from '@/lib/jobs/import-turns';
import { jobLogger } from '@/lib/db/job-logger';
import { statement } from '@/lib/db/statement';
import { countJobs } from '@/lib/metrics/counters';
import { createTaskList, crontab, type JobTools } from './tasks';

/**
 * Jobs that a worker runs at once. Imports have a limit of their own; the other places stay free for what
 * must not wait for them.
 */
const concurrency = 4;

export interface JobRunner {
  /** Under which this process holds the jobs it is running. */
  id: string;
  /** Takes no more jobs and ends those under way, an import after its batch. */
  stop(): Promise<void>;
}

/** Runs jobs from the queue, and those of the crontab. */
export async function startJobs(pool: Pool, tools: JobTools): Promise<JobRunner> {
  const events: WorkerEvents = new EventEmitter();
  let id = '';
  events.once('pool:create', ({ workerPool }) => (id = workerPool.id));
  countJobs(events);
  const turns = new ImportTurns();
  const runner = await run({
    pgPool: pool,
    taskList: createTaskList(pool, { ...tools, turns }),
    forbiddenFlags: () => turns.listForbiddenFlags(),
    crontab,
    concurrency,
    // A job that is due now is announced; this finds those of a set time, and those that are tried again.
    pollInterval: 5_000,
    events,
    logger: jobLogger,
    noHandleSignals: true,
    // The clock that says that a job is due is then the clock by which it is done: were this process behind
    // the database, a request would be found not to have expired yet, again and again.
    useNodeTime: true,
    // After which a job under way is told to end; an import ends after its batch.
    gracefulShutdownAbortTimeout: 0,
  });
  return {
    id,
    async stop() {
      await runner.stop();
      await waitForLastStatements(pool, id);
    },
  };
}

const readHeldJobs = statement({
  name: 'read-held-jobs',
  values: { runner: 'text' },
  sql: ($) => `select from graphile_worker.jobs where locked_by = ${$.runner} limit 1`,
});

/** After which what is still held is left to another worker, as if this one had been killed. */
const lastStatementsMs = 5_000;

/**
 * The queue says that it has stopped when it has sent the statement that puts its last jobs away, not when
 * that is done: were the process to end before, another would do them once more
 * (findings/graphile-worker-stops-early.sh). Its way to wait is none: with a delay for such statements it
 * does not try them again, and stops for good when one fails.
 */
async function waitForLastStatements(pool: Pool, runner: string): Promise<void> {
  const end = performance.now() + lastStatementsMs;
  while ((await readHeldJobs.run(pool, { runner })) > 0 && performance.now() < end) await delay(20);
}

const unlockJobs = statement({
  name: 'unlock-jobs',
  sql: () => `
    select graphile_worker.force_unlock_workers(dead) from (
      select array_agg(distinct locked_by) as dead from graphile_worker.jobs
      where locked_at < now() - interval '30 seconds'
        and locked_by not in (select id from worker where seen_at > now() - interval '30 seconds')
    ) as held where dead is not null`,
});

/**
 * Gives the jobs of workers that were killed to others. The queue by itself would wait for four hours, as it
 * cannot know; we do: a worker that lives says so every five seconds. Were one only slow, its job would run
 * twice, which every task must bear.
 */
export async function rescueJobs(pool: Pool): Promise<void> {
  await unlockJobs.run(pool, {});
}
