import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { maxRequestBytes } from '@/lib/carriers/door';
import { maxHeadBytes } from '@/lib/carriers/listener';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { maxFileBytes } from '@/lib/number-lists/schema';
import { startNginx, type Nginx } from './nginx';
import { waitUntil } from './poll';

/** What stands behind nginx in the place of a web or a worker: it answers as each test wants. */
interface Behind {
  server: Server;
  port: number;
  requests: number;
  connections: number;
}

let nginx: Nginx;
let ports: Nginx['ports'];
let webs: [Behind, Behind];
let workers: [Behind, Behind];
let answer: (request: IncomingMessage, response: ServerResponse, of: Behind) => void;
const agent = new Agent({ keepAlive: true });

async function startBehind(port = 0): Promise<Behind> {
  const server = createServer({ maxHeaderSize: maxHeadBytes }, (asked, response) => {
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

describe('deploy/nginx/client-zone.conf', () => {
  beforeAll(async () => {
    webs = [await startBehind(), await startBehind()];
    workers = [await startBehind(), await startBehind()];
    nginx = await startNginx({
      webs: [webs[0].port, webs[1].port],
      workers: [workers[0].port, workers[1].port],
    });
    ({ ports } = nginx);
  });

  afterAll(async () => {
    agent.destroy();
    await nginx?.stop();
    await Promise.all([...webs, ...workers].map(stopBehind));
  });
  afterEach(() => {
    for (const behind of [...webs, ...workers]) Object.assign(behind, { requests: 0, connections: 0 });
  });

  const open = (target: string, options: RequestOptions = {}) => nginx.open(target, { ...options, agent });

  async function ask(target: string, options: RequestOptions = {}, body?: Buffer) {
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
    for (const door of ['/api/number-lists', '/api/cleansing?answeredOn=2026-11-28', '/api/admin/registry']) {
      expect(await declare(door, maxFileBytes + 1), door).toBe('413 too large, says the program');
    }
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
    // Kannel's has a whole long text in its address
    const address = `/carrier/kannel/kannel/reply?text=${'%E4%B8%AD'.repeat(40_000)}`;
    expect((await fetch(`http://127.0.0.1:${ports.carriers}${address}`)).status).toBe(200);
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
        readFile(path.join(nginx.folder, 'logs', name), 'utf8').catch(() => ''),
      );
      return (await Promise.all(logs)).join('');
    };
    await waitUntil('the requests are logged', async () => /GET \/ 200 /.test(await read()));
    expect(await read()).toMatch(/GET \/api\/v2 200 /);
    expect(await read()).not.toMatch(/27821234567|Themba|xyz/);
  });
});
