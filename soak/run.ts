/**
 * `npm run soak`: random histories, kills and faults, for as long as asked. Prints the seed and what was
 * counted; what failed is written to a file that can be replayed. `npm test` holds the same properties to
 * fixed seeds.
 *
 *   npm run soak                                      five minutes, every part in turn but the long ones
 *   npm run soak -- --minutes 60 --only main-job,kills
 *   npm run soak -- --only browser                    every browser test: half an hour
 *   npm run soak -- --seed 1234                       the choices of an earlier run
 *   npm run soak -- --replay soak/failures/FILE.json  what failed, once more
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { note, printFailure, StageError } from '../scripts/stage.mjs';
import type { Round, SoakContext, SoakPart } from './part';

/** By name; loaded when the environment is set, as the program reads it when it loads. */
const parts: Record<string, () => Promise<SoakPart>> = {
  'main-job': async () => (await import('./models')).mainJob,
  removals: async () => (await import('./models')).removals,
  kills: async () => (await import('./kills')).kills,
  webhooks: async () => (await import('./webhooks')).webhooks,
  carrier: async () => (await import('./carrier')).carrier,
  restore: async () => (await import('./restore')).restore,
  upgrade: async () => (await import('./upgrade')).upgrade,
  proxy: async () => (await import('./proxy')).proxy,
  properties: async () => (await import('./properties')).properties,
  browser: async () => (await import('./browser')).browser,
  calendar: async () => (await import('./calendar')).calendar,
  'cluster-kills': async () => (await import('./cluster-kills')).clusterKills,
};

/** Each round takes many minutes: only when they are asked for. */
const longParts = ['browser', 'calendar'];

const failuresFolder = 'soak/failures';

/** What a file in {@link failuresFolder} holds. */
interface Failure {
  part: string;
  seed: number;
  explanation: string;
  replay: unknown;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string' },
      only: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(parts).filter((name) => !longParts.includes(name));
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined)
    throw new StageError(`There is no part "${unknown}". Parts: ${Object.keys(parts).join(', ')}.`);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new StageError('--minutes wants a number above 0.');
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isInteger(seed)) throw new StageError('--seed wants a whole number.');

  Object.assign(process.env, {
    // An empty value counts as not set: the soak never touches a database that somebody uses.
    DATABASE_URL: '',
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    CARRIER_SECRET: randomBytes(32).toString('base64url'),
  });
  return values.replay === undefined
    ? withContext((context) => soak(context, names, seed, minutes))
    : withContext((context) => replay(context, values.replay as string));
}

/** Rounds of every part in turn, each with the next seed, until the time is up. */
async function soak(
  context: SoakContext,
  names: readonly string[],
  firstSeed: number,
  minutes: number,
): Promise<number> {
  console.log(`  Seed ${firstSeed}, ${minutes} minutes: ${names.join(', ')}`);
  const end = Date.now() + minutes * 60_000;
  const totals = new Map<string, number>();
  let failures = 0;
  for (let index = 0; index < names.length || Date.now() < end; index++) {
    const name = names[index % names.length] as string;
    const seed = firstSeed + Math.floor(index / names.length);
    rounds.underWay = `${name}, seed ${seed}`;
    const { counts, failure } = await playRound(context, name, seed);
    rounds.underWay = null;
    rounds.ended += 1;
    for (const [what, count] of Object.entries(counts)) {
      const key = `${name}: ${what}`;
      totals.set(key, (totals.get(key) ?? 0) + count);
    }
    const listed = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    note(`${name}, seed ${seed}: ${listed.join(', ')}`);
    if (failure !== null) {
      failures += 1;
      const file = await keepFailure({ part: name, seed, ...failure });
      console.error(
        `\n${failure.explanation}\n\n  ✗ ${name} failed. Again: npm run soak -- --replay ${file}\n`,
      );
    }
  }
  console.log('');
  for (const [what, count] of totals)
    console.log(`  ${what.padEnd(48)}${count.toLocaleString('en').padStart(8)}`);
  console.log(`\n  Seed ${firstSeed}: ${failures === 0 ? 'all held' : `${failures} rounds failed`}.`);
  return failures === 0 ? 0 : 1;
}

/** What came to an end, and what is under way: whoever stops the soak reads how far it came. */
const rounds = { ended: 0, underWay: null as string | null };

/** One that cannot go on has failed: it says why, and the next one begins. */
async function playRound(context: SoakContext, name: string, seed: number): Promise<Round> {
  try {
    const part = await parts[name]?.();
    return (await part?.run(context, seed)) ?? { counts: {}, failure: null };
  } catch (error) {
    const explanation = `The round could not be played to its end: ${error instanceof Error ? error.stack : String(error)}`;
    return { counts: { 'rounds broken off': 1 }, failure: { explanation, replay: seed } };
  }
}

async function keepFailure(failure: Failure): Promise<string> {
  await mkdir(failuresFolder, { recursive: true });
  const file = path.join(failuresFolder, `${failure.part}-${failure.seed}.json`);
  await writeFile(file, `${JSON.stringify(failure, null, 2)}\n`);
  return file;
}

async function replay(context: SoakContext, file: string): Promise<number> {
  const content = await readFile(file, 'utf8').catch(() => {
    throw new StageError(
      `${file} cannot be read. Name a file that an earlier run of npm run soak has written.`,
    );
  });
  const failure = JSON.parse(content) as Failure;
  const part = await parts[failure.part]?.();
  if (!part) throw new StageError(`${file} names no part of the soak.`);
  const explanation = await part.replay(context, failure.replay);
  console.log(explanation === null ? '  ✓ It held this time.' : `${explanation}\n\n  ✗ It failed again.`);
  return explanation === null ? 0 : 1;
}

async function withContext(work: (context: SoakContext) => Promise<number>): Promise<number> {
  const [{ makeThrowawayFolder }, { findOwner }, { startEmbedded }] = await Promise.all([
    import('@/lib/db/embedded/data-folder'),
    import('@/lib/db/embedded/owner'),
    import('@/lib/db/embedded/embedded'),
  ]);
  const folder = await makeThrowawayFolder(await findOwner());
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  stopWhenAsked(removeFolder);
  try {
    return await work({
      folder,
      startDatabase: (name) => startEmbedded(path.join(folder, name), () => undefined),
      report: note,
    });
  } finally {
    await removeFolder();
  }
}

function stopWhenAsked(cleanUp: () => Promise<void>): void {
  let isEnding = false;
  const end = (why: string) => {
    // A Ctrl-C comes from the terminal, and again from the start script.
    if (isEnding) return;
    isEnding = true;
    const at = rounds.underWay === null ? '' : `, in the round ${rounds.underWay}, which has no verdict`;
    console.error(`\n  ✗ Stopped (${why}) after ${rounds.ended} rounds${at}.`);
    void cleanUp().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  // The start script, which holds the other end, was killed.
  process.once('disconnect', () => end('its start script ended'));
}

try {
  process.exit(await main());
} catch (error) {
  printFailure(error);
  process.exit(1);
}
