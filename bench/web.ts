import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parseEnv } from '@/lib/env';
import { buildIfChanged } from '../scripts/build';
import { commandOf, environmentOf, startPart, stopPart } from '../scripts/children';
import type { BenchContext } from './context';

const startDeadlineMs = 60_000;

/** The web of `npm start`, its production build, on the bench's database. */
export interface Web {
  url: string;
  /** Of the serving process. */
  pid: number;
  /** Of its process group. */
  groupId: number;
  /** Signs in as the page does. Answers with the cookies. */
  signIn(username: string, password: string): Promise<string>;
  /** What the serving process holds in memory now, bytes. */
  readMemory(): Promise<number>;
  stop(): Promise<void>;
}

/** Builds the pages if they have changed, and starts the web. */
export async function startWeb({ url: databaseUrl, dataDir, report }: BenchContext): Promise<Web> {
  report('building the pages, if they have changed');
  await buildIfChanged();
  const port = await findFreePort();
  const variables = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
  };
  const env = parseEnv(variables);
  const secrets = { AUTH_SECRET: env.AUTH_SECRET, CARRIER_SECRET: env.CARRIER_SECRET };
  const web = await startPart(
    'web',
    await commandOf('web', 'production', env),
    { ...environmentOf('production', env, secrets, databaseUrl), PORT: String(port) },
    dataDir,
    false,
  );
  const url = env.APP_URL;
  try {
    await waitUntilItAnswers(url, () => web.hasEnded());
    const pid = await findLargestProcess(web.pid);
    return {
      url,
      pid,
      groupId: web.pid,
      signIn: (username, password) => signIn(url, username, password),
      readMemory: () => readMemory(pid),
      stop: () => stopPart(web, 10_000),
    };
  } catch (error) {
    await stopPart(web, 10_000);
    throw error;
  }
}

async function waitUntilItAnswers(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    try {
      await fetch(`${url}/healthz`);
      return;
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw new Error('The web did not start.', { cause: error });
      await delay(100);
    }
  }
}

async function signIn(url: string, username: string, password: string): Promise<string> {
  const begun = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await begun.json()) as { csrfToken: string };
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: readCookies(begun) },
    body: new URLSearchParams({ csrfToken, username, password, json: 'true' }),
  });
  if (!answer.ok) throw new Error(`Signing in was answered with ${answer.status}.`);
  return readCookies(answer);
}

function readCookies(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** A TCP port that nobody listens on just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Of a process group: a guard of a megabyte, and what it guards. */
async function findLargestProcess(groupId: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,pid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([group]) => group === groupId)
    .sort(([, , a = 0], [, , b = 0]) => b - a);
  const pid = processes[0]?.[1];
  if (pid === undefined) throw new Error('The web process is not there.');
  return pid;
}

async function readMemory(pid: number): Promise<number> {
  // Linux tells it without a process of its own.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  const kilobytes = status
    ? /VmRSS:\s*(\d+)/.exec(status)?.[1]
    : (await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])).stdout;
  return Number(kilobytes) * 1024;
}
