/**
 * `npm run kannel`: Kannel beside the product. Installs it where that is allowed, writes its configuration
 * under DATA_DIR/kannel, and keeps bearerbox and smsbox running. Without a network of its own
 * (KANNEL_SMSC_URL) it has a fake one, whose phones are this terminal.
 *
 *   npm run kannel                  until Ctrl-C
 *   npm run kannel -- --print       the configuration that it would write
 *   npm run kannel -- --check FILE  what in another one loses or garbles replies, receipts or messages
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { composeReplyUrl } from '@/lib/carriers/kannel/addresses';
import { composeConfiguration, type NetworkSettings } from '@/lib/carriers/kannel/configuration';
import { checkConfiguration } from '@/lib/carriers/kannel/configuration-check';
import { readNetworkUrls } from '@/lib/carriers/kannel/network-urls';
import { prepareDataDir } from '@/lib/db/embedded/data-dir';
import { spawnGuarded } from '@/lib/db/embedded/guard';
import type { Env } from '@/lib/env';
import { keepRunning, logOf, openLog } from './children';
import { FakeNetwork } from './fake-network';
import { commandOfBox, howToGetKannel, installKannel } from './kannel-program.mjs';
import { probePort } from './ports';
import { keepSecrets } from './secrets';
import { note, printFailure, runStage, StageError } from './stage.mjs';
import { askForBox, askWorker, describeBox, describeWorkerDoor } from './worker-door';

/** What is undone at the end, the last first. */
const undo: (() => Promise<void>)[] = [];

let fail: (error: Error) => void;
const failure = new Promise<never>((_, reject) => (fail = reject));

/** Somebody asked the program to stop. */
class StopRequest extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { check: { type: 'string' }, print: { type: 'boolean', default: false } },
  });
  if (values.check !== undefined) return check(values.check);
  const { env } = await import('@/lib/env');
  const settings = await readSettings(env);
  if (values.print) {
    console.log(composeConfiguration(settings.kannel));
    return 0;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => fail(new StopRequest()));
  }
  process.on('disconnect', () => fail(new StopRequest()));
  let exitCode = 0;
  try {
    await Promise.race([start(settings), failure]);
  } catch (error) {
    if (!(error instanceof StopRequest)) {
      printFailure(error);
      exitCode = 1;
    }
  }
  await runStage('Stopping Kannel', 'Kannel stopped', async () => {
    for (const stop of undo.reverse()) await stop();
  });
  return exitCode;
}

/** Names each mistake in a file, with its line; the exit code says whether there are any. */
async function check(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StageError(`${file} cannot be read (${error.code}).`);
  });
  const problems = checkConfiguration(text);
  for (const { line, message } of problems)
    console.log(`${file}${line === null ? '' : `:${line}`}: ${message}`);
  if (problems.length === 0)
    console.log(`${file}: nothing in it loses or garbles replies, receipts or messages.`);
  return problems.length === 0 ? 0 : 1;
}

interface Settings {
  dataDir: string;
  kannel: Parameters<typeof composeConfiguration>[0];
  /** Null: there is a real network. */
  fakePort: number | null;
  /** CARRIER_SECRET, from wherever it is. */
  secret: string;
  env: Env;
}

async function readSettings(env: Env): Promise<Settings> {
  const { KANNEL_SENDSMS_URL: address, KANNEL_USERNAME: username, KANNEL_PASSWORD: password } = env;
  if (env.CARRIER !== 'kannel' || !address || !username || !password) {
    throw new StageError(
      'Client Zone does not send by Kannel yet. Put the lines above into .env, run this again, and start Client Zone beside it.',
      [
        '',
        '  CARRIER=kannel',
        '  KANNEL_SENDSMS_URL=http://127.0.0.1:13013/cgi-bin/sendsms',
        '  KANNEL_USERNAME=client-zone',
        `  KANNEL_PASSWORD=${randomBytes(18).toString('base64url')}`,
        '  KANNEL_BOX_ADDRESS=127.0.0.1:13015',
        '',
      ].join('\n'),
    );
  }
  const { hostname, port, protocol } = new URL(address);
  if (protocol !== 'http:' || port === '' || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new StageError(
      'KANNEL_SENDSMS_URL is of another machine, or has no port: this command runs Kannel on this one, as http://127.0.0.1:13013/cgi-bin/sendsms.',
    );
  }
  const sendsmsPort = Number(port);
  const dataDir = await prepareDataDir(env.DATA_DIR);
  const { CARRIER_SECRET: secret } = await keepSecrets(dataDir, env);
  const fakePort = env.KANNEL_SMSC_URL === undefined ? sendsmsPort + 3 : null;
  const networks = readNetworks(env.KANNEL_SMSC_URL, sendsmsPort + 3);
  return {
    dataDir,
    env,
    fakePort,
    secret,
    kannel: {
      folder: path.join(dataDir, 'kannel'),
      replyUrl: composeReplyUrl({
        listener: env.CARRIER_LISTENER_URL,
        carrier: env.CARRIER,
        secret,
      }),
      sendsms: { port: sendsmsPort, username, password },
      adminPort: sendsmsPort + 1,
      adminPassword: await keepAdminPassword(dataDir),
      boxPort: sendsmsPort + 2,
      hasOwnBox: hasOwnBox(env, sendsmsPort + 2),
      networks,
    },
  };
}

/** Whether the worker is a box of this Kannel. Without that its smsbox calls the worker, as it always did. */
function hasOwnBox({ KANNEL_BOX_ADDRESS: address }: Env, port: number): boolean {
  if (address === undefined) return false;
  if (address.endsWith(`:${port}`)) return true;
  throw new StageError(
    `KANNEL_BOX_ADDRESS is not where this command has Kannel take its boxes: write KANNEL_BOX_ADDRESS=127.0.0.1:${port}.`,
  );
}

function readNetworks(addresses: string | undefined, fakePort: number): NetworkSettings[] {
  if (addresses === undefined) return [{ kind: 'fake', id: 'fake', port: fakePort }];
  const read = readNetworkUrls(addresses);
  if (!read.ok) throw new StageError(read.problem);
  return read.networks;
}

/** Kept, so that one can ask a running Kannel how it is. */
async function keepAdminPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'kannel', 'admin-password.txt');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const made = randomBytes(18).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}

/** Brings Kannel up; settles only by failing. */
async function start({ dataDir, kannel, fakePort, secret, env }: Settings): Promise<never> {
  await runStage('Installing Kannel', 'Kannel is there', async () => {
    if (!(await installKannel())) throw new StageError(howToGetKannel);
  });
  const ports = [
    kannel.sendsms.port,
    kannel.adminPort,
    kannel.boxPort,
    ...(fakePort === null ? [] : [fakePort]),
  ];
  for (const port of ports) {
    if (await probePort('127.0.0.1', port)) {
      throw new StageError(
        `Port ${port} is in use. Stop the other program, or write another port into KANNEL_SENDSMS_URL: Kannel uses it and the three after it.`,
      );
    }
  }
  const file = await writeConfiguration(kannel);
  await runStage('Starting Kannel', 'Kannel started', async () => {
    // Bearerbox goes last: what smsbox has taken, it still hands over.
    undo.push(await keepBoxRunning('bearerbox', file, dataDir));
    await waitForPort('bearerbox', kannel.boxPort, dataDir);
    undo.push(await keepBoxRunning('smsbox', file, dataDir));
    await waitForPort('smsbox', kannel.sendsms.port, dataDir);
  });
  console.log(`\n  Kannel runs with ${path.relative('.', file) || file}.`);
  console.log(`  ${await describeWorker({ kannel, secret, env })}`);
  if (fakePort !== null) openFakeNetwork(fakePort, env);
  else console.log('  Ctrl-C stops it.\n');
  return failure;
}

/** Whether there is a worker that takes what Kannel has for it, in words. */
async function describeWorker({
  kannel,
  secret,
  env,
}: Pick<Settings, 'kannel' | 'secret' | 'env'>): Promise<string> {
  if (kannel.hasOwnBox) return describeBox(await askForBox(kannel));
  const { CARRIER_LISTENER_URL: listener, CARRIER: carrier } = env;
  return describeWorkerDoor(await askWorker({ listener, carrier, secret }), new URL(listener).host);
}

async function writeConfiguration(kannel: Settings['kannel']): Promise<string> {
  for (const name of ['store', 'receipts']) {
    await mkdir(path.join(kannel.folder, name), { recursive: true, mode: 0o700 });
  }
  const text = composeConfiguration(kannel);
  const [problem] = checkConfiguration(text);
  if (problem) throw new StageError(`The configuration is not sound: ${problem.message}`);
  const file = path.join(kannel.folder, 'kannel.conf');
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

async function keepBoxRunning(
  name: 'bearerbox' | 'smsbox',
  file: string,
  dataDir: string,
): Promise<() => Promise<void>> {
  const run = async () => {
    const log = await openLog(dataDir, name);
    try {
      return spawnGuarded({
        command: commandOfBox(name, file),
        stopSignal: 'TERM',
        environment: process.env,
        workingFolder: path.dirname(file),
        output: log.fd,
      });
    } finally {
      await log.close();
    }
  };
  return keepRunning(`Kannel's ${name}`, run, logOf(dataDir, name), fail);
}

const startDeadlineMs = 15_000;

async function waitForPort(name: string, port: number, dataDir: string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (!(await probePort('127.0.0.1', port))) {
    if (Date.now() > deadline)
      throw new StageError(`Kannel's ${name} did not start. Its log is ${logOf(dataDir, name)}.`);
    await delay(50);
  }
}

/** The phones of the fake network: what they get is printed, what is typed they write. */
function openFakeNetwork(port: number, env: Env): void {
  const network = new FakeNetwork(port, ({ from, to, text, part }) =>
    console.log(`  → ${to} got from ${from}${part === null ? '' : ` (part ${part})`}: ${text}`),
  );
  undo.push(async () => network.close());
  console.log(
    [
      '',
      '  No network is configured (KANNEL_SMSC_URL): this terminal is a fake one. What leaves arrives here.',
      `  1. Send a service message in the portal (${env.APP_URL}, Send) to 073 555 0199.`,
      '  2. Type here, as that phone:   27735550199 Stop',
      '  3. See it under Message Logs, Auto Opt-Outs; and the confirmation arrives here.',
      '',
      '  Ctrl-C stops it.',
      '',
    ].join('\n'),
  );
  createInterface({ input: process.stdin }).on('line', (typed) => {
    if (typed.trim() === '') return;
    const written = network.write(typed);
    if (written.ok) console.log(`  ← ${written.from} wrote to ${written.to}`);
    else note(written.problem);
  });
}

try {
  process.exit(await main());
} catch (error) {
  printFailure(error);
  process.exit(1);
}
