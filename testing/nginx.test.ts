import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { maxRequestBytes } from '@/lib/carriers/door';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { maxFileBytes } from '@/lib/number-lists/schema';
import { installPackages } from '../scripts/debian.mjs';
import { waitUntil } from './poll';
import { findFreePort } from './worker-process';

/** What stands behind nginx in the place of a web or a worker: it answers as each test wants. */
interface Behind {
  server: Server;
  port: number;
  requests: number;
  connections: number;
}

let folder: string;
let nginx: ChildProcess | undefined;
let certificate: string;
const ports = { http: 0, https: 0, carriers: 0 };
let webs: [Behind, Behind];
let workers: [Behind, Behind];
let answer: (request: IncomingMessage, response: ServerResponse, of: Behind) => void;
const agent = new Agent({ keepAlive: true });

async function startBehind(port = 0): Promise<Behind> {
  const server = createServer((asked, response) => {
    behind.requests += 1;
    answer(asked, response, behind);
  });
  const behind: Behind = { server, port, requests: 0, connections: 0 };
  server.on('connection', () => (behind.connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  behind.port = (server.address() as AddressInfo).port;
  return behind;
}

async function stopBehind({ server }: Behind): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

const program = '/usr/sbin/nginx';
// Where it can be neither found nor installed (no Debian, not root) these are shown as skipped.
if (!existsSync(program)) await installPackages(['nginx-light'], ['nginx']);

describe.skipIf(!existsSync(program))('deploy/nginx/client-zone.conf', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'client-zone-nginx-'));
    const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
    certificate = made.cert;
    await mkdir(path.join(folder, 'logs'));
    await writeFile(path.join(folder, 'cert.pem'), made.cert);
    await writeFile(path.join(folder, 'key.pem'), made.private);
    webs = [await startBehind(), await startBehind()];
    workers = [await startBehind(), await startBehind()];
    for (const name of ['http', 'https', 'carriers'] as const) ports[name] = await findFreePort();

    const conf = await readFile('deploy/nginx/client-zone.conf', 'utf8');
    const changes: [from: string, to: string][] = [
      ['127.0.0.1:3000', `127.0.0.1:${webs[0].port}`],
      ['127.0.0.1:3010', `127.0.0.1:${webs[1].port}`],
      ['127.0.0.1:3001', `127.0.0.1:${workers[0].port}`],
      ['127.0.0.1:3011', `127.0.0.1:${workers[1].port}`],
      ['listen 80;', `listen 127.0.0.1:${ports.http};`],
      ['listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`],
      ['127.0.0.1:3080', `127.0.0.1:${ports.carriers}`],
      ['/etc/ssl/client-zone/fullchain.pem', path.join(folder, 'cert.pem')],
      ['/etc/ssl/client-zone/privkey.pem', path.join(folder, 'key.pem')],
      ['/var/log/nginx', path.join(folder, 'logs')],
    ];
    for (const [from] of changes) expect(conf).toContain(from);
    const changed = changes.reduce((before, [from, to]) => before.replaceAll(from, to), conf);
    await writeFile(path.join(folder, 'client-zone.conf'), changed);
    const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    // one worker process, so that connections can be counted
    await writeFile(
      path.join(folder, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log;
     ${process.getuid?.() === 0 ? 'user root;' : ''}
     events { worker_connections 512; }
     http { ${kept.join(' ')} include ${folder}/client-zone.conf; }`,
    );
    nginx = spawn(program, ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: 'pipe' });
    let said = '';
    nginx.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(nginx, 'exit').then(() => Promise.reject(new Error(`nginx ended: ${said}`)));
    ended.catch(() => undefined);
    await Promise.race([ended, waitUntil('nginx listens', () => canConnect(ports.https))]);
  });

  afterAll(async () => {
    agent.destroy();
    if (nginx && nginx.exitCode === null) {
      nginx.kill('SIGTERM');
      await once(nginx, 'exit');
    }
    await Promise.all([...webs, ...workers].map(stopBehind));
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    for (const behind of [...webs, ...workers]) Object.assign(behind, { requests: 0, connections: 0 });
  });

  function canConnect(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }

  /** A request by TLS, whose certificate is checked. */
  function open(
    target: string,
    options: { method?: string; headers?: Record<string, string | number> } = {},
  ) {
    return request(`https://localhost:${ports.https}${target}`, {
      ...options,
      agent,
      ca: certificate,
      lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
  }

  async function ask(target: string, options: Parameters<typeof open>[1] = {}, body?: Buffer) {
    const sent = open(target, options);
    // what is refused before it was read is answered, and then cut off
    sent.on('error', () => undefined);
    const [response] = (await once(sent.end(body), 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: await text(response).catch(() => '') };
  }

  test('speaks TLS alone, and leads there whoever comes without', async () => {
    answer = ({ headers }, response) => response.end(`${headers['x-forwarded-proto']} ${headers.host}`);
    expect(await ask('/sign-in')).toEqual({ status: 200, body: `https localhost:${ports.https}` });
    const plain = await fetch(`http://127.0.0.1:${ports.http}/sign-in?next=x`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([301, 'https://127.0.0.1/sign-in?next=x']);
  });

  test.each([
    ['/api/events', 'text/event-stream'],
    ['/api/downloads/auto-opt-outs', 'text/csv'],
  ])('passes on what %s says as it says it', async (target, type) => {
    let sayMore = () => {};
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': type });
      // less than any buffer holds
      response.write('first\n');
      sayMore = () => response.end('second\n');
    };
    const [response] = (await once(open(target).end(), 'response')) as [IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toBe('first\n');
    sayMore();
    expect(await text(response)).toBe('second\n');
  });

  test('passes on an upload as it comes, up to what the program takes, and the program’s own refusal', async () => {
    const part = Buffer.alloc(100_000, 'x');
    let received = 0;
    answer = (asked, response) => {
      if (Number(asked.headers['content-length']) > maxFileBytes) {
        response.writeHead(413).end('too large, says the program');
        return;
      }
      asked.on('data', (data: Buffer) => (received += data.length));
      asked.on('end', () => response.end(String(received)));
    };
    const upload = open('/api/number-lists', {
      method: 'POST',
      headers: { 'content-length': 60 * part.length },
    });
    upload.write(part);
    await waitUntil(
      'the first part is there, though the rest was not sent',
      async () => received >= part.length,
    );
    for (let count = 1; count < 60; count += 1) upload.write(part);
    const [response] = (await once(upload.end(), 'response')) as [IncomingMessage];
    // more than any other request may bring
    expect(await text(response)).toBe('6000000');

    const declare = async (target: string, bytes: number) => {
      const large = open(target, { method: 'POST', headers: { 'content-length': bytes } });
      large.on('error', () => undefined).flushHeaders();
      const [refusal] = (await once(large, 'response')) as [IncomingMessage];
      const said = await text(refusal);
      large.destroy();
      return `${refusal.statusCode} ${said}`;
    };
    expect(await declare('/api/number-lists', maxFileBytes + 1)).toBe('413 too large, says the program');
    expect(await declare('/api/number-lists', maxFileBytes * 2)).toContain('nginx');
    expect(await declare('/api/v2/messages', 5_000_000)).toMatch(/^413 .*nginx/s);
  });

  test('asks two webs in turn, over connections that stay open', async () => {
    answer = (_request, response) => response.end('here');
    for (let count = 0; count < 60; count += 1) expect((await ask('/')).status).toBe(200);
    for (const web of webs) {
      expect(web.requests).toBeGreaterThan(20);
      expect(web.connections).toBeLessThan(3);
    }
  });

  test('says who asks as the program reads it, whatever they write into the header', async () => {
    const trusted = env.TRUST_PROXY;
    env.TRUST_PROXY = true;
    answer = ({ headers }, response) =>
      response.end(readVisitorAddress(headers['x-forwarded-for']?.toString() ?? null));
    const forged = await ask('/', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    env.TRUST_PROXY = trusted;
    expect(forged.body).toBe('127.0.0.1');
  });

  test('a web that is gone is nobody’s concern', async () => {
    answer = (_request, response) => response.end('here');
    const [{ port }, other] = webs;
    await stopBehind(webs[0]);
    const given = await Promise.all(Array.from({ length: 20 }, () => ask('/')));
    expect(given.map(({ status }) => status)).toEqual(given.map(() => 200));
    expect(other.requests).toBe(20);
    webs[0] = await startBehind(port);
  });

  test('a carrier’s request that one worker cannot take, the other takes', async () => {
    const [busy] = workers;
    answer = (asked, response, of) => {
      asked.resume().on('end', () => response.writeHead(of === busy ? 503 : 200).end());
    };
    const given: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      const sent = await fetch(`http://127.0.0.1:${ports.carriers}/carrier/simulator/reply`, {
        method: 'POST',
        body: 'x'.repeat(maxRequestBytes),
      });
      given.push(sent.status);
    }
    expect(given).toEqual(given.map(() => 200));
    expect(busy.requests).toBeGreaterThan(0);
    const outside = await fetch(`http://127.0.0.1:${ports.carriers}/metrics`);
    expect(outside.status).toBe(404);
  });

  test('keeps /metrics and the carriers’ door from outside, and numbers, texts and secrets out of its logs', async () => {
    answer = (_request, response) => response.end('here');
    const before = webs[0].requests + webs[1].requests;
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/api/carrier/simulator/reply', { method: 'POST' })).status).toBe(404);
    expect(webs[0].requests + webs[1].requests).toBe(before);

    await ask('/api/v2/opt-outs/27821234567?text=Stop-says-Themba');
    await ask('/27821234567');
    await fetch(`http://127.0.0.1:${ports.carriers}/carrier/kannel/kannel/reply?from=27821234567&secret=xyz`);
    const read = async () => {
      const logs = ['client-zone.log', 'client-zone-error.log', 'error.log'].map((name) =>
        readFile(path.join(folder, 'logs', name), 'utf8').catch(() => ''),
      );
      return (await Promise.all(logs)).join('');
    };
    await waitUntil('the requests are logged', async () => /GET \/ 200 /.test(await read()));
    expect(await read()).toMatch(/GET \/api\/v2 200 /);
    expect(await read()).not.toMatch(/27821234567|Themba|xyz/);
  });
});
