/**
 * `npm run bench`: measures what docs/decisions/0011 sets out to reach, each figure against its baseline in the same run,
 * prints them as a table, and writes bench/results.json. A missed floor is said loudly and is no error; a bench that
 * cannot run is one.
 *
 *   npm run bench -- --only accept,dispatch   some of them (the file stays as it is)
 *   npm run bench -- --quick                  small and rough, to see that they run (the file stays as it is)
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { note, printFailure, runStage, StageError } from '../scripts/stage.mjs';
import type { BenchRow } from './bench-row';
import type { Bench } from './context';
import { formatTable, judge } from './table';

/** By name, in the order in which they run; loaded when the environment is set, as the program reads it when it loads. */
const benches: Record<string, () => Promise<Bench>> = {
  matcher: async () => (await import('./matcher')).benchMatcher,
  replies: async () => (await import('./receive-replies')).benchReceiveReplies,
  'one-reply': async () => (await import('./one-reply')).benchOneReply,
  accept: async () => (await import('./accept-messages')).benchAcceptMessages,
  dispatch: async () => (await import('./dispatch')).benchDispatch,
  download: async () => (await import('./download')).benchDownload,
  lists: async () => (await import('./lists')).benchLists,
  'check-list': async () => (await import('./check-list')).benchCheckList,
  'page-js': async () => (await import('./page-js')).benchPageJs,
  corpus: async () => (await import('./corpus-replies')).benchCorpusReplies,
};

const resultsFile = 'bench/results.json';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const names = values.only?.split(',') ?? Object.keys(benches);
  const unknown = names.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) {
    throw new StageError(`There is no bench "${unknown}". Benches: ${Object.keys(benches).join(', ')}.`);
  }
  setEnvironment();
  const { rows, failures } = await runBenches(names, values.quick);

  console.log(`\n${formatTable(rows)}\n`);
  const missed = rows.filter((row) => judge(row) === 'missed');
  for (const { name } of missed) console.log(`  ✗ FLOOR MISSED: ${name}`);
  if (failures > 0) return 1;
  if (values.only === undefined && !values.quick) await writeResults(rows);
  return 0;
}

/** As in production, and as if nothing were configured: figures must not depend on somebody's .env. */
function setEnvironment(): void {
  Object.assign(process.env, {
    // An empty value counts as not set.
    DATABASE_URL: '',
    DATABASE_POOL_SIZE: '',
    CARRIER: '',
    ATTRIBUTION_WINDOW_DAYS: '',
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    CARRIER_SECRET: randomBytes(32).toString('base64url'),
  });
}

async function runBenches(
  names: readonly string[],
  quick: boolean,
): Promise<{ rows: BenchRow[]; failures: number }> {
  const [{ startBenchServer }, { createDatabase }] = await Promise.all([
    import('./server'),
    import('@/lib/db/client'),
  ]);
  const server = await runStage('Starting a database', 'Database started', () => startBenchServer(note));
  stopWhenAsked(() => server.stop());
  const rows: BenchRow[] = [];
  let failures = 0;
  try {
    for (const name of names) {
      try {
        const bench = await benches[name]?.();
        const measure = (url: string) => {
          const database = createDatabase(url);
          const { dataDir, withDatabase } = server;
          const context = { url, pool: database.pool, withDatabase, dataDir, quick, report: note };
          return runStage(
            `Measuring: ${name}`,
            `Measured: ${name}`,
            async () => (await bench?.(context)) ?? [],
          ).finally(() => database.close());
        };
        rows.push(...(await server.withDatabase(measure)));
      } catch (error) {
        failures += 1;
        printFailure(error);
      }
    }
  } finally {
    await server.stop();
  }
  return { rows, failures };
}

function stopWhenAsked(stop: () => Promise<void>): void {
  let asked = false;
  const end = () => {
    if (asked) return;
    asked = true;
    void stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The start script, which holds the other end, was killed.
  process.on('disconnect', end);
}

async function writeResults(rows: readonly BenchRow[]): Promise<void> {
  const results = {
    date: new Date().toISOString(),
    node: process.version,
    machine: {
      platform: `${os.type()} ${os.release()} ${os.arch()}`,
      processor: os.cpus()[0]?.model ?? 'unknown',
      cores: os.cpus().length,
      memoryGigabytes: Math.round(os.totalmem() / 1024 ** 3),
    },
    rows: rows.map((row) => ({ ...row, ratio: Number(row.ratio.toPrecision(3)), verdict: judge(row) })),
  };
  await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`  Written to ${resultsFile}.`);
}

try {
  process.exit(await main());
} catch (error) {
  printFailure(error);
  process.exit(1);
}
