import { readFileSync } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnGuarded, type GuardedProcess } from '@/lib/db/embedded/guard';
import { isDemoAlone, isSimulatorOpen, type Env } from '@/lib/env';
import { bundle, bundleOf, workerEntry } from './bundle.mjs';
import type { Secrets } from './secrets';
import { note } from './stage.mjs';

export type Part = 'web' | 'worker';
export type Mode = 'production' | 'development';

const node = process.execPath;
const tsx = 'node_modules/tsx/dist/cli.mjs';
const next = 'node_modules/next/dist/bin/next';

/**
 * V8 lets young objects fill 48 MB before it looks at them, and keeps that memory. A quarter of it is as fast
 * for the worker, whose work is the database's for the most part, and for the web.
 */
const youngSpace = '--max-semi-space-size=4';

/**
 * By the most that the old objects may take, megabytes, V8 decides how far they may grow before it looks at
 * them: on a large machine four times what it last found in use, with this 1.6 times. The web uses about 100
 * (docs/decisions/0070-first-load-and-memory-of-the-web.md). Whoever has set it for themselves is obeyed.
 */
const oldSpace = '--max-old-space-size=1024';

function memoryOfWeb(nodeOptions = ''): string[] {
  return [youngSpace, ...(/--max[-_]old[-_]space[-_]size/.test(nodeOptions) ? [] : [oldSpace])];
}

/** The command line of a part. The worker's bundle is made if need be; the pages are to be built already. */
export async function commandOf(part: Part, mode: Mode, { HOST, PORT }: Env): Promise<[string, ...string[]]> {
  if (part === 'web') {
    const options = ['--port', String(PORT), '--hostname', HOST];
    if (mode === 'development') return [node, next, 'dev', ...options];
    return [node, ...memoryOfWeb(process.env.NODE_OPTIONS), next, 'start', ...options];
  }
  if (mode === 'development') {
    return [node, tsx, 'watch', '--clear-screen=false', '--conditions=react-server', workerEntry];
  }
  return commandOfProgram(workerEntry);
}

/** The command line of a program of ours, which is bundled if need be. */
export async function commandOfProgram(
  entry: string,
  ...parameters: string[]
): Promise<[string, ...string[]]> {
  await bundle([entry]);
  return [node, '--enable-source-maps', youngSpace, bundleOf(entry), ...parameters];
}

/** What web and worker find in their environment. */
export function environmentOf(
  mode: Mode,
  env: Env,
  secrets: Secrets,
  databaseUrl: string,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...secrets,
    NODE_ENV: mode,
    APP_URL: env.APP_URL,
    DATABASE_URL: databaseUrl,
    // The owner's: web and worker must not be able to sign in with it. An empty value counts as not set.
    MIGRATION_DATABASE_URL: '',
    // Decided here: web and worker cannot tell the embedded database from another.
    SIMULATOR_OPEN: String(isSimulatorOpen(env)),
    STAFF_SECOND_FACTOR: String(env.STAFF_SECOND_FACTOR ?? !isDemoAlone(env)),
    // next-auth reads these itself.
    NEXTAUTH_URL: env.APP_URL,
    NEXTAUTH_SECRET: secrets.AUTH_SECRET,
    NEXT_TELEMETRY_DISABLED: '1',
    // glibc gives each thread up to eight times as many heaps as there are cores, and keeps what they held.
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
    ...(mode === 'production' ? readBuiltConfig() : {}),
  };
}

/**
 * The configuration as the pages were built with it, for `next start`, in the way in which Next.js's own
 * standalone server gets it. Without it the web would load a compiler to read next.config.ts, and keep its 36
 * MB (docs/decisions/0061-first-load-and-lists.md): that is what happens where there is no such file.
 */
function readBuiltConfig(): { __NEXT_PRIVATE_STANDALONE_CONFIG?: string } {
  try {
    const { config } = JSON.parse(readFileSync('.next/required-server-files.json', 'utf8')) as {
      config: unknown;
    };
    return { __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** How long what is asked to stop may take. */
export const stopDeadlineMs = 15_000;

const longestLogBytes = 10 * 1024 * 1024;

export function logOf(dataDir: string, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`);
}

/** Opens a log for appending; a long one is put aside first, in place of the one put aside before. */
export async function openLog(dataDir: string, name: string): Promise<FileHandle> {
  const file = logOf(dataDir, name);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > longestLogBytes) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

/** Starts a part, its output in its log (or here, with LOG_LEVEL=debug). It cannot outlive this process. */
export async function startPart(
  part: Part | 'seed',
  command: [string, ...string[]],
  variables: NodeJS.ProcessEnv,
  dataDir: string,
  showOutput: boolean,
): Promise<GuardedProcess> {
  const log = showOutput ? null : await openLog(dataDir, part);
  try {
    return spawnGuarded({
      command,
      stopSignal: 'TERM',
      environment: variables,
      workingFolder: process.cwd(),
      output: log?.fd ?? 'inherit',
    });
  } finally {
    await log?.close();
  }
}

/** Asks a part to stop; what is still there after the deadline is ended. */
export async function stopPart(part: GuardedProcess, deadlineMs: number): Promise<void> {
  part.stop();
  const timer = setTimeout(() => part.kill(), deadlineMs);
  await part.ended;
  clearTimeout(timer);
}

/**
 * Starts a program, and again whenever it ends: after a second, then after longer and longer, up to half a
 * minute. Answers with how it is stopped for good.
 *
 * @param what its name, at the beginning of a sentence
 * @param fail told when it cannot even be started
 */
export async function keepRunning(
  what: string,
  run: () => Promise<GuardedProcess>,
  log: string,
  fail: (error: Error) => void,
): Promise<() => Promise<void>> {
  const stopped = new AbortController();
  let part = await run();
  const watch = async () => {
    for (let failures = 1; ; failures++) {
      const startedAt = Date.now();
      const code = await part.ended;
      if (stopped.signal.aborted) return;
      if (Date.now() - startedAt > 60_000) failures = 1;
      const pauseSeconds = Math.min(2 ** (failures - 1), 30);
      note(`${what} ended (code ${code}); it starts again in ${pauseSeconds} s. Its log is ${log}.`);
      await delay(pauseSeconds * 1000, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      part = await run();
    }
  };
  const watching = watch();
  watching.catch((error: Error) => fail(error));
  return async () => {
    stopped.abort();
    await stopPart(part, stopDeadlineMs);
    await watching;
  };
}
