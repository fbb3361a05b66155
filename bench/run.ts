/**
 * `npm run bench`: measures each figure against its baseline in the same run, prints them as a table, and
 * writes bench/results.json. A missed floor is said loudly and is no error; a bench that cannot run is one.
 *
 *   npm run bench -- --only accept,dispatch   some of them; the others stay in the file as they are
 *   npm run bench -- --only kannel            all whose names begin so: kannel-replies, kannel-messages …
 *   npm run bench -- --quick                  small and rough, to see that they run; the file stays as it is
 *   npm run bench -- --keep FOLDER keeps the database server there, and with it the ten million rows of
 *   "lists", which
 *                                             take ten minutes to make; the next run finds them
 *   npm run bench -- --only partitions        30 million messages in parts; runs only when it is named
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { note, printFailure, runStage, StageError } from '../scripts/stage.mjs';
import type { BenchRow } from './bench-row';
import type { Bench } from './context';
import { recordResults } from './results';
import { formatTable, judge } from './table';

/**
 * By name, in the order in which they run; loaded when the environment is set, as the program reads it when
 * it loads.
 */
const benches: Record<string, () => Promise<Bench>> = {
  matcher: async () => (await import('./matcher')).benchMatcher,
  replies: async () => (await import('./receive-replies')).benchReceiveReplies,
  'one-reply': async () => (await import('./one-reply')).benchOneReply,
  accept: async () => (await import('./accept-messages')).benchAcceptMessages,
  dispatch: async () => (await import('./dispatch')).benchDispatch,
  cluster: async () => (await import('./cluster')).benchCluster,
  layouts: async () => (await import('./cluster')).benchLayouts,
  'fan-out': async () => (await import('./fan-out')).benchFanOut,
  registry: async () => (await import('./registry')).benchRegistry,
  webhooks: async () => (await import('./webhooks')).benchWebhooks,
  api: async () => (await import('./api')).benchApi,
  'kannel-replies': async () => (await import('./kannel')).benchKannelReplies,
  'kannel-messages': async () => (await import('./kannel')).benchKannelMessages,
  'kannel-workers': async () => (await import('./kannel')).benchKannelWorkers,
  'kannel-honour': async () => (await import('./kannel')).benchKannelHonour,
  'kannel-honour-box': async () => (await import('./kannel')).benchKannelHonourByBox,
  'kannel-fairness': async () => (await import('./kannel')).benchKannelFairness,
  download: async () => (await import('./download')).benchDownload,
  lists: async () => (await import('./lists')).benchLists,
  tabs: async () => (await import('./tabs')).benchTabs,
  'check-list': async () => (await import('./check-list')).benchCheckList,
  'import-list': async () => (await import('./import-list')).benchImportList,
  footprint: async () => (await import('./footprint')).benchFootprint,
  pages: async () => (await import('./pages')).benchPages,
  'page-js': async () => (await import('./page-js')).benchPageJs,
  'slow-browser': async () => (await import('./slow-browser')).benchSlowBrowser,
  corpus: async () => (await import('./corpus-replies')).benchCorpusReplies,
  partitions: async () => (await import('./partitions')).benchPartitions,
};

/** They need the space and the time that nobody expects; only whoever names them runs them. */
const onlyByName = ['partitions'];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  });
  const names = chooseBenches(values.only);
  setEnvironment();
  const measured = await runBenches(names, values);

  const rows = [...measured.values()].flat();
  console.log(`\n${formatTable(rows)}\n`);
  const missed = rows.filter((row) => judge(row) === 'missed');
  for (const { name } of missed) console.log(`  ✗ FLOOR MISSED: ${name}`);
  if (!values.quick) await recordResults(measured, Object.keys(benches));
  return measured.size === names.length ? 0 : 1;
}

/** "kannel" stands for all whose names begin with it. */
function chooseBenches(only: string | undefined): string[] {
  const all = Object.keys(benches);
  if (only === undefined) return all.filter((name) => !onlyByName.includes(name));
  return only.split(',').flatMap((wanted) => {
    const found = all.filter((name) => name === wanted || name.startsWith(`${wanted}-`));
    if (found.length > 0) return found;
    throw new StageError(`There is no bench "${wanted}". Benches: ${all.join(', ')}.`);
  });
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

/** Runs them one after the other. One that fails says so and is left out. */
async function runBenches(
  names: readonly string[],
  { quick, keep }: { quick: boolean; keep?: string },
): Promise<Map<string, BenchRow[]>> {
  const [{ startBenchServer }, { createDatabase }] = await Promise.all([
    import('./server'),
    import('@/lib/db/client'),
  ]);
  const server = await runStage('Starting a database', 'Database started', () =>
    startBenchServer(note, keep),
  );
  stopWhenAsked(() => server.stop());
  const measured = new Map<string, BenchRow[]>();
  try {
    for (const name of names) {
      try {
        const bench = await benches[name]?.();
        const measure = async (url: string) => {
          const database = createDatabase(url);
          const { dataDir, withDatabase, withSeeded } = server;
          const context = {
            url,
            pool: database.pool,
            withDatabase,
            withSeeded,
            dataDir,
            quick,
            report: note,
          };
          try {
            return await runStage(
              `Measuring: ${name}`,
              `Measured: ${name}`,
              async () => (await bench?.(context)) ?? [],
            );
          } finally {
            await database.close();
          }
        };
        measured.set(name, await server.withDatabase(measure));
      } catch (error) {
        printFailure(error);
      }
    }
  } finally {
    await server.stop();
  }
  return measured;
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

try {
  process.exit(await main());
} catch (error) {
  printFailure(error);
  process.exit(1);
}
