import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { composeConfiguration, type NetworkSettings } from '@/lib/carriers/kannel/configuration';
import { checkConfiguration } from '@/lib/carriers/kannel/configuration-check';
import { findMemoryFolder } from '@/lib/db/embedded/memory-folder';
import { commandOfBox, howToGetKannel, installKannel } from '@/scripts/kannel-program.mjs';
import { waitUntil } from './poll';
import { SmppNetwork } from './smpp-network';
import { findFreePort } from './worker-process';

export interface KannelOptions {
  /** Where replies go, with Kannel's escapes. */
  replyUrl: string;
  /** Other lines of the configuration: each replaces the one of its name, or all of that name. */
  instead?: Record<string, string>;
  /** Whether workers are boxes of this Kannel, in place of being called by its smsbox. */
  hasOwnBox?: boolean;
  /** More lines for the network's group. */
  ofNetwork?: Record<string, string>;
}

/** Bytes. */
const roomForMessages = 256 * 2 ** 20;

/** What Kannel tries again, it tries after a second: the usual ten are nothing that a test looks at. */
const impatient = { 'http-queue-delay': '1', 'sms-resend-freq': '1' };

type Box = 'bearerbox' | 'smsbox';

const stopDeadlineMs = 10_000;

/** What runs; nothing of it outlives a test that ends early. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const box of running) killGroup(box);
});

/**
 * A smsbox that has lost its bearerbox starts itself anew after ten seconds, in another process of its group,
 * and ends.
 */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined) return;
  const hasEnded = exitCode !== null || signalCode !== null;
  // While a group has members nobody else gets its number: whoever has it now is a stranger.
  if (hasEnded && sendTo(pid, 0)) return;
  sendTo(-pid, 'SIGKILL');
}

/** Whether there is anybody. */
function sendTo(pid: number, signal: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * A real Kannel, with the configuration that the product writes, and a network of the test's own. Ports are
 * free ones, so that several run side by side. Installs Kannel where that is allowed; without one the test
 * fails, and says how to get it.
 */
export class TestKannel {
  readonly username = 'client-zone';
  readonly password = 'a-password-for-tests';
  private readonly boxes = new Map<Box, ChildProcess>();
  /** All that were ever started: of one that has ended something may run. */
  private readonly started: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    readonly network: SmppNetwork,
    /** Where messages are handed over. */
    readonly sendsmsPort: number,
    readonly adminPort: number,
    /** Where boxes are taken. */
    readonly boxPort: number,
    private readonly hasOwnBox: boolean,
  ) {}

  static async start(options: KannelOptions): Promise<TestKannel> {
    const kannel = await TestKannel.prepare(options);
    await kannel.run();
    return kannel;
  }

  /**
   * With ports and a configuration, and not started yet: workers, which need no more, may start meanwhile.
   */
  static async prepare(options: KannelOptions): Promise<TestKannel> {
    if (!(await installKannel())) throw new Error(howToGetKannel);
    // It makes and removes a file for each message.
    const base = (await findMemoryFolder(roomForMessages)) ?? tmpdir();
    const folder = await mkdtemp(path.join(base, 'client-zone-kannel-'));
    for (const name of ['store', 'receipts']) await mkdir(path.join(folder, name));
    const network = await SmppNetwork.start();
    const [sendsms, admin, box] = [await findFreePort(), await findFreePort(), await findFreePort()];
    const kannel = new TestKannel(folder, network, sendsms, admin, box, options.hasOwnBox ?? false);
    const configuration = await kannel.configure(options);
    await writeFile(kannel.file('kannel.conf'), configuration);
    return kannel;
  }

  /** Starts both programs. */
  async run(): Promise<void> {
    try {
      await this.startBearerbox();
      await this.startSmsbox();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** The address of a `sendsms` call without parameters. */
  get sendsmsUrl(): string {
    return `http://127.0.0.1:${this.sendsmsPort}/cgi-bin/sendsms`;
  }

  /** What a worker finds in its environment to send by it. */
  get environment(): Record<string, string> {
    return {
      CARRIER: 'kannel',
      KANNEL_SENDSMS_URL: this.sendsmsUrl,
      KANNEL_USERNAME: this.username,
      KANNEL_PASSWORD: this.password,
      KANNEL_BOX_ADDRESS: this.hasOwnBox ? `127.0.0.1:${this.boxPort}` : '',
    };
  }

  async startBearerbox(): Promise<void> {
    await this.startBox('bearerbox');
    await waitUntil('bearerbox and its network are up', async () => {
      this.complainIfEnded('bearerbox');
      return this.network.isBound && (await this.readStatus()) !== null;
    });
  }

  /** Resolves when it takes messages; replies reach it before. */
  async startSmsbox(): Promise<void> {
    await this.startBox('smsbox');
    await waitUntil('smsbox is up', async () => {
      this.complainIfEnded('smsbox');
      return isListening(this.sendsmsPort);
    });
  }

  /** Whether it runs; smsbox ends by itself when bearerbox is stopped. */
  isRunning(box: Box): boolean {
    const process = this.boxes.get(box);
    return process !== undefined && process.exitCode === null && process.signalCode === null;
  }

  /**
   * Ends a box, and waits until it has ended. One that is told to stop and does not, as bearerbox while its
   * network does not answer, is killed after a while, as whoever supervises it would do.
   */
  async end(box: Box, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const process = this.boxes.get(box);
    if (!process || !this.isRunning(box)) return;
    const ended = once(process, 'exit');
    process.kill(signal);
    const timer = setTimeout(() => process.kill('SIGKILL'), stopDeadlineMs);
    await ended;
    clearTimeout(timer);
  }

  /** Holds a box where it is, without ending it: connections stay, answers do not come. */
  hold(box: Box): void {
    this.boxes.get(box)?.kill('SIGSTOP');
  }

  letGo(box: Box): void {
    this.boxes.get(box)?.kill('SIGCONT');
  }

  /** Bearerbox's own words about itself; null when it does not answer. */
  async readStatus(): Promise<string | null> {
    try {
      const url = `http://127.0.0.1:${this.adminPort}/status.txt?password=${this.password}`;
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      return response.ok ? await response.text() : null;
    } catch {
      return null;
    }
  }

  /** All that both programs have written down. */
  async readLogs(): Promise<string> {
    const names = ['bearerbox', 'smsbox'].flatMap((box) => [`${box}.log`, `${box}.output`]);
    const logs = await Promise.all(names.map((name) => readFile(this.file(name), 'utf8')));
    return logs.join('\n');
  }

  /** Ends everything, and removes its files. */
  async stop(): Promise<void> {
    for (const box of ['smsbox', 'bearerbox'] satisfies Box[]) {
      this.letGo(box);
      await this.end(box, 'SIGKILL');
    }
    for (const each of this.started) {
      killGroup(each);
      running.delete(each);
    }
    await this.network.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  private async configure({ replyUrl, instead = {}, ofNetwork = {} }: KannelOptions): Promise<string> {
    const network: NetworkSettings = {
      kind: 'smpp',
      id: 'network',
      host: '127.0.0.1',
      port: this.network.port,
      username: 'test',
      password: 'test',
      reconnectSeconds: 1,
    };
    let text = composeConfiguration({
      folder: this.folder,
      replyUrl,
      sendsms: { port: this.sendsmsPort, username: this.username, password: this.password },
      adminPort: this.adminPort,
      adminPassword: this.password,
      boxPort: this.boxPort,
      hasOwnBox: this.hasOwnBox,
      networks: [network],
    });
    for (const [name, value] of Object.entries({ ...impatient, ...instead })) {
      text = text.replaceAll(new RegExp(`^${name} = .*$`, 'gm'), () => `${name} = ${value}`);
    }
    const problems = checkConfiguration(text);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
    for (const [name, value] of Object.entries(ofNetwork))
      text = text.replace('\nsmsc = smpp\n', `\nsmsc = smpp\n${name} = ${value}\n`);
    return text;
  }

  private async startBox(box: Box): Promise<void> {
    const output = await open(this.file(`${box}.output`), 'a');
    try {
      const [program, ...parameters] = commandOfBox(box, this.file('kannel.conf'));
      const process = spawn(program, parameters, {
        stdio: ['ignore', output.fd, output.fd],
        cwd: this.folder,
        detached: true,
      });
      this.boxes.set(box, process);
      this.started.push(process);
      running.add(process);
    } finally {
      await output.close();
    }
  }

  private complainIfEnded(box: Box): void {
    if (!this.isRunning(box)) throw new Error(`${box} ended at its start; see its log in ${this.folder}.`);
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
