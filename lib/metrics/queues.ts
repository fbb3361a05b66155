import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';
import { log } from '@/lib/log';
import { metrics } from './registry';

/** What is asked of the database is at least so old before it is asked anew … */
const freshForMs = 5_000;
/** … and so many times as old as the answer took: a long queue costs a fiftieth of a connection at most. */
const restFactor = 50;

/** Shown with 0 too, so that an empty queue is told from one that nobody counted. */
const known = [
  ['messages', 'confirmation'],
  ['messages', 'consent'],
  ['messages', 'service'],
  ['messages', 'trial'],
  ['messages', 'ordinary'],
  ['webhooks', 'all'],
  ['jobs', 'all'],
] as const;

const readQueues = statement({
  name: 'read-queues',
  columns: { queue: 'text', class: 'text', waiting: 'int8', seconds: 'float8' },
  sql: () => `
    with ordinary as (
      -- from the index of the queue alone, which has no kind
      select account_id, count(*) as waiting, min(next_attempt_at) as since from message
      where priority > 0 and next_attempt_at <= now() group by account_id
    ), due as (
      select 'messages' as queue, case when trial_msisdn is null then 'ordinary' else 'trial' end as class, waiting, since
      from ordinary join account on account.id = account_id and account.status = 'ACTIVE'
      union all
      select 'messages', case when kind = 'NORMAL' then 'ordinary' else lower(kind::text) end, 1, next_attempt_at
      from message join account on account.id = account_id and (kind = 'CONFIRMATION' or account.status = 'ACTIVE')
      where priority <= 0 and next_attempt_at <= now()
      union all
      select 'webhooks', 'all', count(*), min(next_attempt_at) from webhook_delivery where next_attempt_at <= now()
      union all
      -- events of which no deliveries were made yet
      select 'webhooks', 'all', coalesce(sum(cardinality(subject_ids)), 0), min(created_at) from webhook_batch
      union all
      select 'jobs', 'all', count(*), min(run_at) from graphile_worker.jobs
      where attempts < max_attempts and locked_at is null and run_at <= now()
      union all
      select 'jobs', 'given up', count(*), null from graphile_worker.jobs
      where attempts >= max_attempts and locked_at is null
      union all
      select 'replies', 'set aside', count(*), null from set_aside_reply where decided_at is null
      union all
      select 'workers', 'all', count(*), null from worker where seen_at > now() - interval '15 seconds'
    )
    select queue, class, sum(waiting)::bigint as waiting,
      coalesce(greatest(0, extract(epoch from now() - min(since))), 0)::float8 as seconds
    from due group by queue, class`,
});

let fresh: Promise<void> = Promise.resolve();
let freshUntil = 0;

/**
 * Brings the figures of the queues up to date, at most every few seconds; those who ask together wait for
 * one.
 */
export async function refreshQueues(pool: Pool): Promise<void> {
  if (Date.now() >= freshUntil) {
    freshUntil = Infinity;
    const startedAt = Date.now();
    fresh = showQueues(pool).finally(() => {
      freshUntil = Date.now() + Math.max(freshForMs, restFactor * (Date.now() - startedAt));
    });
  }
  await fresh;
}

/** @internal For tests: what is shown is asked anew. */
export function forgetQueues(): void {
  freshUntil = 0;
}

async function showQueues(pool: Pool): Promise<void> {
  let rows: Awaited<ReturnType<typeof readQueues.all>>;
  try {
    rows = await readQueues.all(pool, {});
  } catch (err) {
    // The rest is shown all the same; what is not known is not shown as it was.
    log.warn({ err }, 'The queues could not be counted');
    metrics.databaseUp.set(0);
    metrics.queueWaiting.reset();
    metrics.queueAge.reset();
    metrics.failedJobs.set(NaN);
    metrics.setAside.set(NaN);
    metrics.workers.set(NaN);
    return;
  }
  metrics.databaseUp.set(1);
  const find = (queue: string, name: string) => rows.find((row) => row.queue === queue && row.class === name);
  for (const [queue, name] of known) {
    metrics.queueWaiting.set({ queue, class: name }, Number(find(queue, name)?.waiting ?? 0));
    metrics.queueAge.set({ queue, class: name }, find(queue, name)?.seconds ?? 0);
  }
  metrics.failedJobs.set(Number(find('jobs', 'given up')?.waiting ?? 0));
  metrics.setAside.set(Number(find('replies', 'set aside')?.waiting ?? 0));
  metrics.workers.set(Number(find('workers', 'all')?.waiting ?? 0));
}
