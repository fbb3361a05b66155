/**
 * Builds, starts and watches everything: the database, web and worker. `--dev`: with reloading. Whatever ends
 * this process, nothing that it started outlives it (lib/db/embedded/guard.ts).
 */
import { fstatSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCustomersSql } from '@/lib/auth/provider-account';
import { prepareDataDir } from '@/lib/db/embedded/data-dir';
import { databaseName, startEmbedded, startThrowaway } from '@/lib/db/embedded/embedded';
import type { GuardedProcess } from '@/lib/db/embedded/guard';
import { withClient } from '@/lib/db/with-client';
import { isMailOpen, isSimulatorOpen, wantsDemo, type Env } from '@/lib/env';
import { buildIfChanged } from './build';
import {
  commandOf,
  commandOfProgram,
  environmentOf,
  keepRunning,
  logOf,
  startPart,
  stopDeadlineMs,
  stopPart,
  type Mode,
} from './children';
import { bringUpToDate, checkAddresses, describeExcessRights, type DatabaseAddresses } from './databases';
import { refuseDemo, refusePublishedPasswords } from './demo-check';
import { checkPorts } from './ports';
import { checkReplica } from './replica-check';
import { keepSecrets } from './secrets';
import { note, printFailure, printSignIns, runStage, StageError, type SignIn } from './stage.mjs';

const mode: Mode = process.argv.includes('--dev') ? 'development' : 'production';

const startDeadlineMs = 90_000;

/** What is undone when the program ends, group by group, the last first; within a group all at once. */
const undo: (() => Promise<void>)[][] = [];

/** Rejects the race in {@link main}: somebody asked the program to stop. */
class StopRequest extends Error {}

/** Ends the program from wherever something has gone wrong that cannot be mended. */
let fail: (error: Error) => void;
const failure = new Promise<never>((_, reject) => (fail = reject));

async function main(): Promise<void> {
  let exitCode = 0;
  try {
    listenForStop();
    await Promise.race([start(), failure]);
  } catch (error) {
    if (!(error instanceof StopRequest)) {
      printFailure(error);
      exitCode = 1;
    }
  }
  if (undo.length > 0) {
    const stopAll = async () => {
      for (const group of undo.reverse()) await Promise.all(group.map((stop) => stop()));
    };
    await runStage('Stopping', 'Stopped', stopAll);
  }
  process.exit(exitCode);
}

function requestStop(): void {
  fail(new StopRequest());
}

function listenForStop(): void {
  let signalledAt: number | undefined;
  const onSignal = () => {
    signalledAt ??= Date.now();
    // npm hands on a Ctrl-C that has reached this process already; a later one means it.
    if (Date.now() - signalledAt > 2000) {
      console.error('  Stopped by force.');
      process.exit(130);
    }
    requestStop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

/** Brings everything up; settles only by failing. */
async function start(): Promise<never> {
  const { env } = await import('@/lib/env');
  const dataDir = await prepareDataDir(env.DATA_DIR);
  await checkPorts(env.HOST, env.PORT, env.WORKER_PORT);

  const addresses = await runStage('Starting the database', 'Database started', () =>
    openDatabase(env, dataDir),
  );
  await runStage('Updating the database', 'Database brought up to date', async () => {
    const applied = await bringUpToDate(addresses);
    return applied.length > 0;
  });
  const excess = await describeExcessRights(addresses);
  if (excess !== null) note(excess);
  const remark = await checkReplica(env.DATABASE_READ_URL, addresses.program);
  if (remark !== null) note(remark);
  const databaseUrl = addresses.program;
  // Before anything is built or written: what may not be started says so in seconds.
  const seeds = wantsDemo(env) && (await isEmpty(databaseUrl));
  if (seeds) refuseDemo(env);
  await refusePublishedPasswords(env, databaseUrl);
  if (mode === 'production') await runStage('Building the program', 'Program built', buildIfChanged);

  const variables = environmentOf(mode, env, await keepSecrets(dataDir, env), databaseUrl);
  if (seeds) await runStage('Writing the demo', 'Demo written', () => seed(variables, dataDir));

  const showOutput = env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace';
  await runStage('Starting web and worker', 'Web and worker started', async () => {
    const parts: (() => Promise<void>)[] = [];
    undo.push(parts);
    const web = await commandOf('web', mode, env);
    // Once: a worker that starts again goes with these pages, whatever the sources are by now.
    const worker = await commandOf('worker', mode, env);
    parts.push(await runWeb(() => startPart('web', web, variables, dataDir, showOutput), dataDir));
    const runWorker = () => startPart('worker', worker, variables, dataDir, showOutput);
    parts.push(await keepRunning('The worker', runWorker, logOf(dataDir, 'worker'), fail));
    await waitUntilUp(env, dataDir);
  });
  await printWelcome(env, dataDir, showOutput);
  return failure;
}

async function openDatabase(env: Env, dataDir: string): Promise<DatabaseAddresses> {
  if (env.isSet('DATABASE_URL')) return checkAddresses(env);
  const server = env.THROWAWAY_DATABASE ? await startThrowaway() : await startEmbedded(dataDir, note);
  let stopping = false;
  undo.push([
    () => {
      stopping = true;
      return server.stop();
    },
  ]);
  void server.ended.then(() => {
    const log = path.join(dataDir, 'logs', 'postgresql.log');
    if (!stopping) fail(new StageError(`The database ended by itself. Its log is ${log}.`));
  });
  const addressesOf = (name: string) => ({ owner: server.url(name), program: server.programUrl(name) });
  if (!env.THROWAWAY_DATABASE) return addressesOf(databaseName);
  // A test runner that was killed cannot say so, but the pipe that it holds ends with it.
  if (fstatSync(0).isFIFO() || fstatSync(0).isSocket()) process.stdin.on('end', requestStop).resume();
  const addresses = addressesOf('postgres');
  // For the tests, which prepare accounts in it and look at what became of them.
  await writeFile(path.join(dataDir, 'throwaway-database.txt'), addresses.owner, { mode: 0o600 });
  return addresses;
}

function signInsFile(dataDir: string): string {
  return path.join(dataDir, 'demo-sign-ins.json');
}

/** Whether there is no account yet: then there are no people either. */
async function isEmpty(databaseUrl: string): Promise<boolean> {
  const { rowCount } = await withClient(databaseUrl, (client) => client.query(hasCustomersSql));
  return !rowCount;
}

/**
 * The demo is written by a process of its own, whose memory is given back; its sign-ins are kept for the next
 * start.
 */
async function seed(variables: NodeJS.ProcessEnv, dataDir: string): Promise<void> {
  const seeding = await startPart(
    'seed',
    await commandOfProgram('scripts/seed.ts', signInsFile(dataDir)),
    variables,
    dataDir,
    false,
  );
  undo.push([() => stopPart(seeding, stopDeadlineMs)]);
  if ((await seeding.ended) === 0) return;
  throw new StageError(`The demo could not be written. See ${path.join(dataDir, 'logs', 'seed.log')}.`);
}

/** Starts web, without which there is nothing to see: when it ends, everything does. */
async function runWeb(run: () => Promise<GuardedProcess>, dataDir: string): Promise<() => Promise<void>> {
  const web = await run();
  let stopping = false;
  void web.ended.then((code) => {
    const log = path.join(dataDir, 'logs', 'web.log');
    if (!stopping) fail(new StageError(`Web ended by itself (code ${code}). Its log is ${log}.`));
  });
  return () => {
    stopping = true;
    return stopPart(web, stopDeadlineMs);
  };
}

/** Waits until /healthz says that all of it is up. */
async function waitUntilUp(env: Env, dataDir: string): Promise<void> {
  const host = env.HOST === '0.0.0.0' ? '127.0.0.1' : env.HOST === '::' ? '::1' : env.HOST;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${env.PORT}/healthz`;
  const deadline = Date.now() + startDeadlineMs;
  let answer = 'no answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      if (response.ok) return;
      answer = `${response.status} ${await response.text()}`;
    } catch (error) {
      answer = (error as Error).message;
    }
    await delay(100);
  }
  throw new StageError(
    `Web and worker did not come up within ${startDeadlineMs / 1000} s (${url}: ${answer}). Their logs are in ${path.join(dataDir, 'logs')}.`,
  );
}

async function printWelcome(env: Env, dataDir: string, showsOutput: boolean): Promise<void> {
  console.log(`\n  Open ${env.APP_URL}`);
  if (env.CARRIER === 'simulator' && isSimulatorOpen(env)) {
    console.log(`  The phones of recipients are at ${env.APP_URL}/simulator`);
  }
  if (env.CARRIER === 'kannel' && env.KANNEL_SENDSMS_URL !== undefined) {
    const { host } = new URL(env.KANNEL_SENDSMS_URL);
    console.log(`  Messages leave by Kannel at ${host}; where it is to run here: npm run kannel`);
  }
  if (isMailOpen(env)) console.log(`  The e-mails it would send are at ${env.APP_URL}/simulator/mail`);
  console.log('');
  // Left over from a demo in this folder, they would be of no use with another database.
  const signIns = wantsDemo(env) ? await readFile(signInsFile(dataDir), 'utf8').catch(() => null) : null;
  if (signIns) printSignIns(JSON.parse(signIns) as SignIn[]);
  if (!showsOutput)
    console.log(`  Logs are in ${path.relative('.', path.join(dataDir, 'logs')) || dataDir}.`);
  console.log('  Ctrl-C stops everything.\n');
}

void main();
