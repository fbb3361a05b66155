import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { hashPassword } from '@/lib/auth/password';
import { applyMigrations } from '@/lib/db/migrate';
import { env } from '@/lib/env';
import { receiveReplies } from '@/lib/replies/commands';
import { endWithUs } from '@/testing/end-with-us';
import { composeReply, createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { startNginx, type Nginx } from '@/testing/nginx';
import { waitUntil } from '@/testing/poll';
import { findFreePort } from '@/testing/worker-process';
import { buildIfChanged } from '../scripts/build';
import type { Round, SoakContext, SoakPart } from './part';

const password = 'a long password for the soak';
const token = 'a-token-for-prometheus-of-the-soak';
const optOuts = 2_000;
const linesUploaded = 100_000;
const stopDelaySeconds = 2;

interface Web {
  port: number;
  process: ChildProcess;
}

/** `npm run web`, on a port of its own behind the one address. */
async function startWeb(port: number, url: string, databaseUrl: string, dataDir: string): Promise<Web> {
  await mkdir(dataDir, { recursive: true });
  const child = spawn(process.execPath, ['scripts/run.mjs', 'part.ts', 'web'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      APP_URL: url,
      TRUST_PROXY: 'true',
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      AUTH_SECRET: env.AUTH_SECRET,
      CARRIER_SECRET: env.CARRIER_SECRET,
      METRICS_TOKEN: token,
      STOP_DELAY_SECONDS: String(stopDelaySeconds),
      STAFF_SECOND_FACTOR: 'true',
    },
    stdio: 'ignore',
  });
  // It hands the signal on; killed, it would leave the web.
  endWithUs(child, (left) => left.kill('SIGTERM'));
  await waitUntil('a web is ready', async () => (await readReady(port)) === 200, 90_000);
  return { port, process: child };
}

function readReady(port: number): Promise<number> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status,
    () => 0,
  );
}

class Visit {
  private cookie = '';
  private readonly agent = new Agent({ keepAlive: true });
  failures: string[] = [];
  requests = 0;

  constructor(private readonly nginx: Nginx) {}

  async begin(
    target: string,
    options: RequestOptions = {},
    body?: string | Buffer,
  ): Promise<IncomingMessage> {
    const sent = this.nginx.open(target, {
      ...options,
      agent: this.agent,
      headers: { cookie: this.cookie, ...options.headers },
    });
    const [response] = (await once(sent.end(body), 'response')) as [IncomingMessage];
    return response;
  }

  async ask(target: string, options: RequestOptions = {}, body?: string | Buffer) {
    const response = await this.begin(target, options, body);
    const given = response.headers['set-cookie'] ?? [];
    if (given.length > 0) this.keep(given);
    return { status: response.statusCode, body: await text(response) };
  }

  private keep(given: string[]): void {
    const jar = new Map(this.cookie.split('; ').map((one) => one.split(/=(.*)/s) as [string, string]));
    for (const one of given) {
      const [name = '', value = ''] = (one.split(';')[0] ?? '').split(/=(.*)/s);
      jar.set(name, value);
    }
    jar.delete('');
    this.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async signIn(username: string): Promise<number | undefined> {
    const { csrfToken } = JSON.parse((await this.ask('/api/auth/csrf')).body) as { csrfToken: string };
    const form = new URLSearchParams({ csrfToken, username, password, json: 'true' }).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      // what anybody may write, and nobody is to believe
      'x-forwarded-for': '203.0.113.9',
    };
    return (await this.ask('/api/auth/callback/credentials', { method: 'POST', headers }, form)).status;
  }

  /** Looks at a page again and again until told that it is over. */
  async lookUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      this.requests += 1;
      const { status, body } = await this.ask('/messages').catch((error: Error) => ({
        status: 0,
        body: error.message,
      }));
      if (status !== 200) this.failures.push(`a page was answered with ${status} ${body.slice(0, 100)}`);
    }
  }

  end(): void {
    this.agent.destroy();
  }
}

async function play(context: SoakContext, seed: number): Promise<Round> {
  await buildIfChanged();
  const name = `proxy-${randomUUID().slice(0, 8)}`;
  const server = await context.startDatabase(name);
  const url = server.programUrl(databaseName);
  await applyMigrations(server.url(databaseName), { programUser });
  const database = createDatabase(url);
  const ports = await Promise.all(Array.from({ length: 4 }, findFreePort));
  const [one, two, three, four] = ports as [number, number, number, number];
  const nginx = await startNginx({ webs: [one, two], workers: [three, four] });
  const address = `https://localhost:${nginx.ports.https}`;
  const start = (port: number) =>
    startWeb(port, address, url, path.join(context.folder, `${name}-web-${port}`));
  const webs: Web[] = [];
  try {
    webs.push(await start(one));
    webs.push(await start(two));
    context.report(`two webs behind ${address}`);
    return await look(context, nginx, database, webs, start, seed);
  } finally {
    for (const { process: child } of webs) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
    await nginx.stop();
    await database.close();
    await server.stop();
  }
}

async function look(
  context: SoakContext,
  nginx: Nginx,
  { pool }: Database,
  webs: Web[],
  start: (port: number) => Promise<Web>,
  seed: number,
): Promise<Round> {
  const account = await createAccount(pool, { passwordHash: await hashPassword(password) });
  await stop(pool, account, optOuts);
  const wrong: string[] = [];
  const expectThat = (isTrue: boolean, what: string) => {
    if (!isTrue) wrong.push(what);
  };
  const visit = new Visit(nginx);
  expectThat((await visit.signIn(account.username)) === 200, 'signing in through nginx');
  const session = await pool.query<{ address: string }>('select address from user_session');
  expectThat(session.rows[0]?.address === '127.0.0.1', `the address of ${JSON.stringify(session.rows)}`);

  context.report('signed in');
  // Each web knows a session of the other, though they listen on other ports.
  for (let count = 0; count < 10; count += 1) {
    const { status } = await visit.ask('/messages');
    expectThat(status === 200, `page ${count} with the session is answered with ${status}`);
  }

  const stream = await visit.begin('/api/events?age=0');
  let heard = '';
  let isStreaming = true;
  stream.on('data', (data: Buffer) => (heard += data.toString())).on('close', () => (isStreaming = false));
  await waitUntil('the stream has begun', async () => heard.includes('retry:'));
  await stop(pool, account, 1);
  await waitUntil(
    'the stream tells of an opt-out while it is open',
    async () => /opt-outs/.test(heard),
    10_000,
  ).catch((error: Error) => wrong.push(error.message));
  expectThat(isStreaming, 'the stream had ended by itself');

  context.report('told of an opt-out');
  const file = await visit.ask('/api/downloads/auto-opt-outs?format=csv&separator=,');
  const lines = file.body.trim().split('\n').length - 1;
  expectThat(lines === optOuts + 1, `a download of ${lines} lines, not ${optOuts + 1}`);

  const list = Array.from({ length: linesUploaded }, nextMsisdn).join('\n');
  const target = '/api/number-lists?purpose=CHECK&name=a.csv&separator=,&column=0&header=no&encoding=utf-8';
  const uploaded = await visit.ask(
    target,
    { method: 'POST', headers: { 'content-length': list.length, 'sec-fetch-site': 'same-origin' } },
    list,
  );
  expectThat(uploaded.status === 201, `an upload is answered with ${uploaded.status} ${uploaded.body}`);

  for (const { port } of webs) {
    const shown = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = await shown.text();
    expectThat(/^client_zone_queue_waiting/m.test(body), `a web shows ${shown.status} at /metrics`);
    expectThat(/^nodejs_eventloop_lag_p99_seconds/m.test(body), 'a web shows no event loop delay');
  }

  context.report('downloaded and uploaded');
  // One web after the other is replaced, while pages are looked at.
  let isOver = false;
  const looking = visit.lookUntil(() => isOver);
  for (const [index, web] of [...webs].entries()) {
    const exited = once(web.process, 'exit');
    web.process.kill('SIGTERM');
    await waitUntil('it says that it stops', async () => (await readReady(web.port)) === 503, 5_000).catch(
      (error: Error) => wrong.push(error.message),
    );
    const ended = await Promise.race([exited.then(() => true), delay(30_000, false)]);
    expectThat(ended, 'a web with an event stream did not end within half a minute');
    webs[index] = await start(web.port);
    context.report('a web was replaced');
  }
  isOver = true;
  await looking;
  expectThat(!isStreaming, 'the stream outlived both webs');
  wrong.push(...visit.failures.slice(0, 10));
  visit.end();
  return {
    counts: {
      'pages while webs were replaced': visit.requests,
      'of them failed': visit.failures.length,
      'lines downloaded': lines,
      'lines uploaded': linesUploaded,
    },
    failure: wrong.length === 0 ? null : { explanation: wrong.join('\n'), replay: seed },
  };
}

async function stop(pool: Database['pool'], account: TestAccount, count: number): Promise<void> {
  for (let first = 0; first < count; first += 500) {
    const replies = Array.from({ length: Math.min(500, count - first) }, () =>
      composeReply({ from: nextMsisdn(), to: account.senderNumber as string, text: 'Stop' }),
    );
    await receiveReplies(pool, replies);
  }
}

/**
 * Two real webs behind the real nginx: TLS, sessions, streams, downloads, uploads, and webs that are
 * replaced.
 */
export const proxy: SoakPart = {
  run: play,
  replay: async (context, seed) => (await play(context, Number(seed))).failure?.explanation ?? null,
};
