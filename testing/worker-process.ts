import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { env } from '@/lib/env';
import { workerEntry } from '@/scripts/bundle.mjs';
import { commandOfProgram } from '@/scripts/children';
import { endWithUs } from './end-with-us';

export interface WorkerOptions {
  databaseUrl: string;
  /** What its carrier takes; a batch is no larger than what it takes in a second. */
  ratePerSecond: number;
  /** Of its listener; a free one unless told. */
  port?: number;
  smtpUrl?: string;
  /** What else is set, such as another carrier. */
  environment?: Record<string, string>;
}

/**
 * Starts the real worker in a process of its own, as in production. It may not be up yet: see
 * {@link isWorkerUp}.
 */
export async function startWorkerProcess(options: WorkerOptions): Promise<ChildProcess> {
  const [program, ...parameters] = await commandOfProgram(workerEntry);
  const worker = spawn(program, parameters, {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      // the runner's own options (coverage, loaders) are not the worker's
      NODE_OPTIONS: '',
      DATABASE_URL: options.databaseUrl,
      WORKER_PORT: String(options.port ?? (await findFreePort())),
      AUTH_SECRET: env.AUTH_SECRET,
      CARRIER_SECRET: env.CARRIER_SECRET,
      CARRIER_RATE_PER_SECOND: String(options.ratePerSecond),
      SMTP_URL: options.smtpUrl ?? '',
      // to a receiver of the test
      WEBHOOKS_ALLOW_LOOPBACK: 'true',
      ...options.environment,
    },
    stdio: 'ignore',
  });
  return endWithUs(worker);
}

/**
 * A TCP port that nobody listens on just now. Below those that systems give to whoever asks for any, as what
 * is found here is used a moment later: a connection, or another test, would have taken it meanwhile.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Whether the worker's listener answers. */
export async function isWorkerUp(port: number): Promise<boolean> {
  // What has taken its port may never answer.
  return fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** A reply as the simulator's network hands it over. */
export interface PostedReply {
  id: string;
  from: string;
  to: string;
  text: string;
}

/** Hands a reply to the worker's listener; whether it was acknowledged. */
export async function postReply(port: number, reply: PostedReply): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/carrier/simulator/reply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env.CARRIER_SECRET}`, 'content-type': 'application/json' },
    body: JSON.stringify(reply),
  }).then(
    (response) => response.status === 200,
    () => false,
  );
}

/** Runs `work` over all items, so many at a time. */
export async function runAtOnce<Item>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
    }),
  );
}
