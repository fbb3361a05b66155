import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createDatabase } from '@/lib/db/client';
import { receiveReplies } from '@/lib/replies/commands';
import type { BenchRow } from './bench-row';
import { withCluster } from './cluster';
import type { BenchContext } from './context';
import type { Heard } from './fan-out-side';
import { readClockMs } from './interleave';
import { seedAccounts, seedConversations } from './seed';
import { composeReply } from './receive-replies';

const accountId = 100;
const perSecond = 50;
const processes = [0, 1, 20, 40];

/**
 * Every web process hears every notification: 50 opt-outs a second, received one at a time, while none, one
 * and many processes listen. On one PostgreSQL, and with CITUS_URL set on the coordinator of that cluster.
 */
export async function benchFanOut(context: BenchContext): Promise<BenchRow[]> {
  const { pool, url, quick } = context;
  await seedAccounts(pool, [accountId]);
  const rows = await measureAll('one PostgreSQL', pool, url, quick);
  const citusUrl = process.env['CITUS_URL'];
  if (!citusUrl) {
    context.report('Left out: the coordinator of a cluster, for which CITUS_URL is not set.');
    return rows;
  }
  await withCluster(context, citusUrl, async (cluster) => {
    rows.push(...(await measureAll('a coordinator', cluster.pool, cluster.url, quick)));
  });
  return rows;
}

async function measureAll(place: string, pool: Pool, url: string, quick: boolean): Promise<BenchRow[]> {
  const seconds = quick ? 3 : 15;
  const count = perSecond * seconds;
  const first = 60_000_000;
  await seedConversations(pool, [accountId], first, (processes.length + 1) * count * 10);
  let next = first;
  const rows: BenchRow[] = [];
  let withoutMs = 0;
  for (const listening of processes) {
    const found = await measure(pool, url, listening, () => composeReply((next += 10)), count);
    if (listening === 0) withoutMs = found.serverMs;
    const load = (ms: number) => `${((ms / 1000 / found.seconds) * 100).toFixed(1)} %`;
    rows.push({
      name: `${perSecond} opt-outs a second on ${place}, ${listening} processes listen`,
      against: 'the processor of its server while nobody listens',
      ratio: found.serverMs / withoutMs,
      floor: 0,
      goal: 0,
      better: 'lower',
      detail:
        `${(count / found.seconds).toFixed(1)} opt-outs a second, ${quantile(found.callsMs, 0.5).toFixed(1)} ms each; ` +
        `server ${load(found.serverMs)} of a core, ` +
        (listening === 0
          ? 'nobody listens'
          : `all listeners ${load(found.listenersMs)}; heard after the commit was acknowledged: ` +
            `p50 ${quantile(found.delaysMs, 0.5).toFixed(1)} ms, p99 ${quantile(found.delaysMs, 0.99).toFixed(1)} ms, ` +
            `the last of all processes p99 ${quantile(found.lastMs, 0.99).toFixed(1)} ms`),
    });
  }
  return rows;
}

interface Measured {
  seconds: number;
  serverMs: number;
  listenersMs: number;
  callsMs: number[];
  /** Of each notification in each process; below zero when it was heard before the acknowledgement. */
  delaysMs: number[];
  /** Of each notification, in the process that heard it last. */
  lastMs: number[];
}

async function measure(
  pool: Pool,
  url: string,
  listening: number,
  takeReply: () => ReturnType<typeof composeReply>,
  count: number,
): Promise<Measured> {
  const sides: ChildProcess[] = [];
  try {
    for (let place = 0; place < listening; place++) {
      const side = fork('bench/fan-out-side.ts', [url]);
      sides.push(side);
      await once(side, 'message');
    }
    // warm, and at rest
    for (let each = 0; each < 20; each++) await receiveReplies(pool, [takeReply()]);
    await delay(1000);
    for (const side of sides) side.send('begin');
    await delay(200);

    const server = await findServer(url);
    const cpuBefore = await readServerMs(server);
    const begunAt = readClockMs();
    const callsMs: number[] = [];
    const acknowledgedAt: number[] = [];
    for (let made = 0; made < count; made++) {
      const askedAt = readClockMs();
      await receiveReplies(pool, [takeReply()]);
      const at = readClockMs();
      callsMs.push(at - askedAt);
      acknowledgedAt.push(at);
      const dueMs = ((made + 1) / perSecond) * 1000 - (at - begunAt);
      if (dueMs > 0) await delay(dueMs);
    }
    const seconds = (readClockMs() - begunAt) / 1000;
    const serverMs = (await readServerMs(server)) - cpuBefore;
    await delay(500);

    const heard = await Promise.all(
      sides.map(async (side) => {
        const answer = once(side, 'message');
        side.send('tell');
        return (await answer)[0] as Heard;
      }),
    );
    for (const { atMs } of heard) {
      if (atMs.length !== count)
        throw new Error(`A process heard ${atMs.length} notifications, not ${count}.`);
    }
    // one writer, so that they come in the order of its commits
    const delaysOf = (place: number) =>
      heard.map(({ atMs }) => (atMs[place] as number) - (acknowledgedAt[place] as number));
    const each = acknowledgedAt.map((_, place) => delaysOf(place));
    return {
      ...{ seconds, serverMs, callsMs },
      listenersMs: heard.reduce((all, { cpuMs }) => all + cpuMs, 0),
      delaysMs: each.flat(),
      lastMs: listening === 0 ? [] : each.map((delays) => Math.max(...delays)),
    };
  } finally {
    for (const side of sides) side.disconnect();
    await Promise.all(sides.map(async (side) => side.exitCode ?? (await once(side, 'exit'))));
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The process that all processes of a server on this machine come from. */
async function findServer(url: string): Promise<number> {
  const { pool, close } = createDatabase(url, 1);
  try {
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    return (await readStat(Number(rows[0]?.pid))).parent;
  } finally {
    await close();
  }
}

/** The processor's time that a server and its processes have had so far, of hundredths of a second. */
async function readServerMs(server: number): Promise<number> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const stats = await Promise.all(pids.map((pid) => readStat(pid).catch(() => null)));
  return stats.reduce((all, stat) => (stat?.parent === server ? all + stat.cpuMs : all), 0);
}

async function readStat(pid: number): Promise<{ parent: number; cpuMs: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}
