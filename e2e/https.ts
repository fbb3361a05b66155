import { mkdir, readFile } from 'node:fs/promises';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { generate } from 'selfsigned';
import { parseEnv } from '@/lib/env';
import { commandOf, environmentOf, startPart, stopPart } from '../scripts/children';
import { test as base } from './fixtures';
import { dataDir, readDatabaseUrl } from './instance';

/**
 * The same web as it is run in production: behind a proxy that speaks TLS, on the database of the instance
 * under test.
 */
export interface HttpsInstance {
  /** "https://localhost:43215" */
  url: string;
  /** Of the proxy; cookies carry it in their names. */
  port: number;
}

export const test = base.extend<object, { https: HttpsInstance }>({
  https: [
    async ({}, provide) => {
      const { url, port, stop } = await startHttpsInstance();
      await provide({ url, port });
      await stop();
    },
    // Starting a web takes a while on a busy machine.
    { scope: 'worker', timeout: 120_000 },
  ],
});

async function startHttpsInstance(): Promise<HttpsInstance & { stop: () => Promise<void> }> {
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  let webPort = 0;
  const proxy = createServer({ key: certificate.private, cert: certificate.cert }, (request, response) => {
    const headers = {
      ...request.headers,
      'x-forwarded-for': request.socket.remoteAddress ?? '',
      'x-forwarded-proto': 'https',
    };
    const { method, url } = request;
    const onward = forward({ host: '127.0.0.1', port: webPort, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    // A reader who goes ends the request behind, too: an event stream would stay.
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  const proxyPort = await listen(proxy);
  const url = `https://localhost:${proxyPort}`;
  webPort = await findFreePort();
  const web = await startWeb(webPort, url);
  return {
    url,
    port: proxyPort,
    async stop() {
      await stopPart(web, 10_000);
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/**
 * Started as `npm run web` does, but for its look at the demo's passwords: this web is the proxy's alone, and
 * the database is the demo's.
 */
async function startWeb(port: number, url: string) {
  const folder = path.join(dataDir, 'https');
  await mkdir(path.join(folder, 'logs'), { recursive: true });
  const databaseUrl = await readDatabaseUrl();
  const variables = { PORT: String(port), HOST: '127.0.0.1', APP_URL: url, TRUST_PROXY: 'true' };
  const env = parseEnv({ ...variables, DATABASE_URL: databaseUrl, DATA_DIR: folder });
  const secrets = JSON.parse(await readFile(path.join(dataDir, 'secrets.json'), 'utf8')) as {
    AUTH_SECRET: string;
    CARRIER_SECRET: string;
  };
  const environment = {
    ...environmentOf('production', env, secrets, databaseUrl),
    ...variables,
    DATA_DIR: folder,
  };
  const web = await startPart('web', await commandOf('web', 'production', env), environment, folder, false);
  const deadline = Date.now() + 100_000;
  while (!(await answers(port))) {
    if (web.hasEnded() || Date.now() > deadline) {
      await stopPart(web, 10_000);
      throw new Error(`The web for https did not start. Its log is in ${path.join(folder, 'logs')}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return web;
}

async function answers(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
  return answer !== null;
}

function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}) {
  return new Promise<number>((resolve) => {
    server.listen(0, 'localhost', () => resolve((server.address() as AddressInfo).port));
  });
}

async function findFreePort(): Promise<number> {
  const { createServer: createProbe } = await import('node:net');
  const probe = createProbe();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
