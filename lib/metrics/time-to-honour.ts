import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';
import { log } from '@/lib/log';
import { metrics } from './registry';
import type { HonourTimes, TimesToHonour } from './schema';

/**
 * Upper bounds in milliseconds, each a fifth above the one before: fine enough to tell the 99.9th percentile
 * from rows that are summed up.
 */
const bounds = [...new Set(Array.from({ length: 108 }, (_, index) => Math.ceil(2 ** (index / 4))))];
const longestMs = bounds.at(-1) as number;

const minuteMs = 60_000;
const flushEveryMs = 10_000;
const keptDays = 8;

/** By minute (epoch milliseconds) and bound: how many. */
type Counts = Map<string, { minute: Date; upToMs: number; replies: number }>;

const kept = globalThis as typeof globalThis & { clientZoneHonourCounts?: Counts };
const readCounts = (): Counts => (kept.clientZoneHonourCounts ??= new Map());

/** When a reply came to us, and to the gateway before, if that tells. */
export interface Arrived {
  receivedAt: Date;
  arrivedAt?: Date;
}

/** What became of a reply, as figures and traces tell it. */
export interface Received {
  status: 'accepted' | 'duplicate';
  verdict?: string;
  accountIds?: readonly number[];
}

/** When a reply arrived. A gateway tells the second alone: nearer than that, ours is the better time. */
export function findArrival({ receivedAt, arrivedAt }: Arrived): Date {
  const isLate = arrivedAt && receivedAt.getTime() - arrivedAt.getTime() >= 1000;
  return isLate ? arrivedAt : receivedAt;
}

/** Notes that an opt-out came into force so long after it had arrived. */
export function observeTimeToHonour(arrivedAt: Date, inForceAt: Date): void {
  // A gateway's clock may run ahead of ours.
  const ms = Math.max(0, inForceAt.getTime() - arrivedAt.getTime());
  metrics.timeToHonour.observe(ms / 1000);
  add(new Date(Math.floor(inForceAt.getTime() / minuteMs) * minuteMs), findBound(ms), 1);
}

function findBound(ms: number): number {
  return bounds.find((bound) => ms <= bound) ?? longestMs;
}

function add(minute: Date, upToMs: number, replies: number): void {
  const key = `${minute.getTime()} ${upToMs}`;
  const found = readCounts().get(key);
  if (found) found.replies += replies;
  else readCounts().set(key, { minute, upToMs, replies });
}

const addCounts = statement({
  name: 'add-time-to-honour',
  values: { count: { minute: 'timestamptz', upToMs: 'int4', replies: 'int4' } },
  sql: ($) => `
    insert into time_to_honour (minute, up_to_ms, replies)
    select minute, up_to_ms, replies from ${$.count} order by minute, up_to_ms
    on conflict (minute, up_to_ms) do update set replies = time_to_honour.replies + excluded.replies`,
});

/** Writes what was noted since the last time; what cannot be written is kept for the next. */
export async function flushTimeToHonour(pool: Pool): Promise<void> {
  const counts = [...readCounts().values()];
  if (counts.length === 0) return;
  readCounts().clear();
  try {
    await addCounts.run(pool, { count: counts });
  } catch (error) {
    for (const { minute, upToMs, replies } of counts) add(minute, upToMs, replies);
    throw error;
  }
}

/**
 * Writes the times of this process into the database every ten seconds, for the page that shows them: a
 * process that is killed takes those of its last seconds with it.
 *
 * @returns writes the last ones, and ends it
 */
export function keepTimeToHonour(getPool: () => Pool): () => Promise<void> {
  const flush = () =>
    flushTimeToHonour(getPool()).catch((err: unknown) =>
      log.warn({ err }, 'Times to honour could not be written; trying again'),
    );
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await flush();
  };
}

const pruneCounts = statement({
  name: 'prune-time-to-honour',
  values: { days: 'int4' },
  sql: ($) => `delete from time_to_honour where minute < now() - make_interval(days => ${$.days})`,
});

/** Clears times that no page shows any more. */
export async function pruneTimeToHonour(pool: Pool): Promise<void> {
  await pruneCounts.run(pool, { days: keptDays });
}

const sumCounts = statement({
  name: 'sum-time-to-honour',
  columns: { upToMs: 'int4', lastHour: 'int8', lastDay: 'int8' },
  sql: () => `
    select up_to_ms as "upToMs",
      coalesce(sum(replies) filter (where minute > now() - interval '1 hour'), 0)::bigint as "lastHour",
      sum(replies)::bigint as "lastDay"
    from time_to_honour where minute > now() - interval '1 day'
    group by up_to_ms order by up_to_ms`,
});

/** How fast opt-outs came into force, of all processes together. */
export async function readTimeToHonour(pool: Pool): Promise<TimesToHonour> {
  const rows = await sumCounts.all(pool, {});
  const summarise = (field: 'lastHour' | 'lastDay'): HonourTimes => {
    const counted = rows.map((row) => ({ upToMs: row.upToMs, replies: Number(row[field]) }));
    const replies = counted.reduce((sum, row) => sum + row.replies, 0);
    const find = (share: number) => findPercentile(counted, share * replies);
    return { replies, p50Ms: find(0.5), p99Ms: find(0.99), p999Ms: find(0.999) };
  };
  return { lastHour: summarise('lastHour'), lastDay: summarise('lastDay') };
}

function findPercentile(rows: readonly { upToMs: number; replies: number }[], wanted: number): number | null {
  let sum = 0;
  for (const { upToMs, replies } of rows) {
    sum += replies;
    if (replies > 0 && sum >= wanted) return upToMs;
  }
  return null;
}
