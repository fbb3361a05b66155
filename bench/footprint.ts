import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { GuardedProcess } from '@/lib/db/embedded/guard';
import { parseEnv } from '@/lib/env';
import { commandOf, environmentOf, startPart, stopPart } from '../scripts/children';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { median } from './interleave';
import { seedAccounts, seedUser } from './seed';
import { seedLists } from './seed-lists';
import { findFreePort, startWeb } from './web';

const accountId = 58324;
const password = 'bench-of-footprint';
const megabyte = 1e6;
const startDeadlineMs = 60_000;

/** What a customer goes through in a day; the lists most of all. */
const paths = [
  '/',
  '/messages/opt-outs',
  '/messages/opt-outs?q=12',
  '/messages/opt-outs?kind=IMPORT',
  '/messages',
  '/messages?status=FAILED',
  '/messages/review',
  '/removal-requests',
  '/notices',
  '/settings',
  '/send',
  '/help',
];

/**
 * What worker and web hold in memory, resident, of all processes of each: the worker at rest, the web after
 * 500 pages. And how long the worker takes from its start until its listener answers.
 */
export async function benchFootprint(context: BenchContext): Promise<BenchRow[]> {
  const { pool } = context;
  await seedAccounts(pool, [accountId]);
  await seedLists(pool, accountId, 10_000);
  await seedUser(pool, accountId, password);
  return [...(await measureWorker(context)), await measureWeb(context)];
}

async function measureWorker(context: BenchContext): Promise<BenchRow[]> {
  const rounds = context.quick ? 1 : 3;
  const startMs: number[] = [];
  const bytes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const port = await findFreePort();
    const begunAt = performance.now();
    const worker = await startWorker(context, port);
    try {
      await waitUntilItAnswers(`http://127.0.0.1:${port}/healthz`, worker);
      startMs.push(performance.now() - begunAt);
      // until what is only to be done once is done, and V8 has seen that nothing is going on
      await delay(15_000);
      bytes.push(await readGroupBytes(worker.pid));
    } finally {
      await stopPart(worker, 10_000);
    }
  }
  const describe = (values: readonly number[], unit: number, digits: number) =>
    values.map((value) => (value / unit).toFixed(digits)).join(', ');
  return [
    {
      name: 'worker at rest',
      against: 'nothing: megabytes',
      ratio: median(bytes) / megabyte,
      floor: 130,
      goal: 90,
      better: 'lower',
      detail: `${rounds} starts: ${describe(bytes, megabyte, 0)} MB`,
    },
    {
      name: 'worker, from its start to its first answer',
      against: 'nothing: seconds',
      ratio: median(startMs) / 1000,
      floor: 1,
      goal: 0.5,
      better: 'lower',
      detail: `${rounds} starts: ${describe(startMs, 1000, 2)} s`,
    },
  ];
}

/** As `npm start` starts it. Its bundle is made before, so that none is made in what is timed. */
async function startWorker({ url, dataDir }: BenchContext, port: number): Promise<GuardedProcess> {
  const variables = { ...process.env, HOST: '127.0.0.1', WORKER_PORT: String(port) };
  const env = parseEnv(variables);
  const secrets = { AUTH_SECRET: env.AUTH_SECRET, CARRIER_SECRET: env.CARRIER_SECRET };
  const environment = { ...environmentOf('production', env, secrets, url), ...variables, DATABASE_URL: url };
  return startPart('worker', await commandOf('worker', 'production', env), environment, dataDir, false);
}

async function waitUntilItAnswers(url: string, worker: GuardedProcess): Promise<void> {
  const deadline = performance.now() + startDeadlineMs;
  while (!(await fetch(url).catch(() => null))) {
    if (worker.hasEnded() || performance.now() > deadline) throw new Error('The worker did not start.');
    await delay(5);
  }
}

async function measureWeb(context: BenchContext): Promise<BenchRow> {
  const count = context.quick ? 50 : 500;
  const web = await startWeb(context);
  try {
    const cookie = await web.signIn('bench', password);
    const atStart = await readGroupBytes(web.groupId);
    let next = 0;
    const read = async () => {
      for (let page = next++; page < count; page = next++) {
        const path = paths[page % paths.length] ?? '/';
        const answer = await fetch(`${web.url}${path}`, { headers: { cookie }, redirect: 'manual' });
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}.`);
      }
    };
    await Promise.all(Array.from({ length: 4 }, read));
    await delay(5_000);
    const bytes = await readGroupBytes(web.groupId);
    return {
      name: `web after ${count} pages`,
      against: 'nothing: megabytes',
      ratio: bytes / megabyte,
      floor: 350,
      goal: 250,
      better: 'lower',
      detail: `${Math.round(atStart / megabyte)} MB after the first; ${paths.length} pages in turns, four at a time`,
    };
  } finally {
    await web.stop();
  }
}

/** What all processes of a group hold in memory. */
async function readGroupBytes(groupId: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,rss=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .reduce((sum, [group, kilobytes = 0]) => (group === groupId ? sum + kilobytes * 1024 : sum), 0);
}
