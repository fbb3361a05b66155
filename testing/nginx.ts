import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type Agent, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { installPackages } from '../scripts/debian.mjs';
import { endWithUs } from './end-with-us';
import { waitUntil } from './poll';
import { findFreePort } from './worker-process';

const program = '/usr/sbin/nginx';

/**
 * Installs nginx where it is missing and that is allowed.
 *
 * @throws what to do, when there is none
 */
async function ensureNginx(): Promise<void> {
  if (existsSync(program)) return;
  if ((await installPackages(['nginx-light'], ['nginx'])) && existsSync(program)) return;
  throw new Error(`There is no ${program}. On Debian: "apt-get install nginx"; elsewhere link it there.`);
}

/** The real nginx, with deploy/nginx/client-zone.conf. */
export interface Nginx {
  ports: { http: number; https: number; carriers: number };
  /** Where its logs are, and what it keeps. */
  folder: string;
  /** A request by TLS, whose certificate is checked. */
  open: (target: string, options?: RequestOptions & { agent?: Agent }) => ReturnType<typeof request>;
  stop: () => Promise<void>;
}

/**
 * Starts it in front of these, with a certificate made for it. One process serves, so that connections can be
 * counted.
 */
export async function startNginx(behind: {
  webs: [number, number];
  workers: [number, number];
}): Promise<Nginx> {
  await ensureNginx();
  const folder = await mkdtemp(path.join(tmpdir(), 'client-zone-nginx-'));
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  await mkdir(path.join(folder, 'logs'));
  await writeFile(path.join(folder, 'cert.pem'), made.cert);
  await writeFile(path.join(folder, 'key.pem'), made.private);
  const ports = { http: await findFreePort(), https: await findFreePort(), carriers: await findFreePort() };

  const changes: [from: string, to: string][] = [
    ['127.0.0.1:3000', `127.0.0.1:${behind.webs[0]}`],
    ['127.0.0.1:3010', `127.0.0.1:${behind.webs[1]}`],
    ['127.0.0.1:3001', `127.0.0.1:${behind.workers[0]}`],
    ['127.0.0.1:3011', `127.0.0.1:${behind.workers[1]}`],
    ['listen 80;', `listen 127.0.0.1:${ports.http};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`],
    ['127.0.0.1:3080', `127.0.0.1:${ports.carriers}`],
    ['/etc/ssl/client-zone/fullchain.pem', path.join(folder, 'cert.pem')],
    ['/etc/ssl/client-zone/privkey.pem', path.join(folder, 'key.pem')],
    ['/var/log/nginx', path.join(folder, 'logs')],
  ];
  let conf = await readFile('deploy/nginx/client-zone.conf', 'utf8');
  for (const [from, to] of changes) {
    if (!conf.includes(from)) throw new Error(`deploy/nginx/client-zone.conf has no ${from} any more.`);
    conf = conf.replaceAll(from, to);
  }
  await writeFile(path.join(folder, 'client-zone.conf'), conf);
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    path.join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log;
     ${process.getuid?.() === 0 ? 'user root;' : ''}
     events { worker_connections 512; }
     http { ${kept.join(' ')} include ${folder}/client-zone.conf; }`,
  );
  const nginx = spawn(program, ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: 'pipe' });
  // Killed, it would leave its workers.
  endWithUs(nginx, (left) => left.kill('SIGTERM'));
  let said = '';
  nginx.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = once(nginx, 'exit');
  await waitUntil('nginx listens', async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    return canConnect(ports.https);
  });
  return {
    ports,
    folder,
    open: (target, options = {}) =>
      request(`https://localhost:${ports.https}${target}`, {
        ...options,
        ca: made.cert,
        lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      }),
    async stop() {
      nginx.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
