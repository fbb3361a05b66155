import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { findPostmaster } from '@/lib/db/embedded/processes';
import type { EmbeddedServer } from '@/lib/db/embedded/server';
import { applyMigrations } from '@/lib/db/migrate';
import { CarrierFaults } from '@/testing/carrier-faults';
import { nextMsisdn } from '@/testing/factories';
import { Random } from '@/prisma/seed/random';
import type { Round, SoakContext, SoakPart } from './part';

const ratePerSecond = 200;
/** How long a fault lasts. */
const faultMs = 1_500;

const numbers = (count: number) => Array.from({ length: count }, nextMsisdn);

/**
 * Kannel's programs, the database and the network, killed, stopped, held and made to misbehave in turn, each
 * once in a round, while recipients reply, a customer sends, and a worker is killed every few hundred
 * milliseconds. Then it is counted: invariants 1, 2 and 8.
 */
class CarrierRound {
  private isOver = false;
  /** Who has asked for no more, as far as the network knows. */
  private readonly stopped: string[] = [];
  private faults: CarrierFaults | undefined;
  /** How often each fault was made. */
  private readonly made: Record<string, number> = {};
  /** What went wrong with the round itself; none of it is passed over. */
  private readonly troubles: string[] = [];

  private constructor(
    private readonly context: SoakContext,
    private readonly name: string,
    private readonly disk: SmallDisk | null,
    private server: EmbeddedServer,
    private readonly url: string,
    private readonly database: Database,
    private readonly random: Random,
  ) {}

  static async run(context: SoakContext, seed: number): Promise<Round> {
    const name = `carrier-${randomUUID().slice(0, 8)}`;
    const disk = await SmallDisk.mount(path.join(context.folder, name));
    const server = await context.startDatabase(name);
    await applyMigrations(server.url(databaseName), { programUser });
    const url = server.programUrl(databaseName);
    const round = new CarrierRound(context, name, disk, server, url, createDatabase(url), new Random(seed));
    try {
      return await round.play(seed);
    } finally {
      await round.faults?.stop();
      await round.database.close();
      await round.server.stop();
      disk?.unmount();
    }
  }

  private async play(seed: number): Promise<Round> {
    // Eight seeds in a row play all eight.
    const workers = seed % 2 === 0 ? 2 : 4;
    const areHeld = Math.floor(seed / 2) % 2 === 1;
    const areBoxes = Math.floor(seed / 4) % 2 === 1;
    await this.choosePolicy(areHeld);
    const faults = await CarrierFaults.start({
      databaseUrl: this.url,
      pool: this.database.pool,
      workers,
      ratePerSecond,
      areHeld,
      areBoxes,
      // One of them has a clock that nobody should believe.
      environmentOf: (place): Record<string, string> =>
        place === 0 ? { NODE_OPTIONS: '--import=./soak/stepping-clock.mjs' } : {},
    });
    this.faults = faults;
    const beside = Promise.all([
      this.watch('replies', this.pour(faults)),
      this.watch('messages', this.send(faults)),
      this.watch('kills', this.killWorkers(faults, workers)),
      this.watch('smsbox', this.keepSmsboxRunning(faults)),
      ...Array.from({ length: workers }, (_, place) =>
        this.watch(`worker ${place}`, this.keepWorkerRunning(faults, place)),
      ),
    ]);
    await this.watch('faults', this.makeFaults(faults));
    this.isOver = true;
    await beside;
    await this.watch('the end', faults.finish(180_000));
    const { counts, violations } = await faults.judge();
    const wrong = [...this.troubles, ...violations];
    return {
      counts: {
        [`rounds with ${workers} workers${areHeld ? ', doubts held' : ''}${areBoxes ? ', as boxes' : ''}`]: 1,
        ...counts,
        ...this.made,
      },
      failure: wrong.length === 0 ? null : { explanation: wrong.join('\n'), replay: seed },
    };
  }

  /** One that fails is said at once, and does not keep the round from its end. */
  private async watch(what: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      const trouble = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      this.context.report(`carrier: ${trouble}`);
      this.troubles.push(trouble);
    }
  }

  /** Whoever supervises it: a worker that has ended is started, also while its database is away. */
  private async keepWorkerRunning(faults: CarrierFaults, place: number): Promise<void> {
    while (!this.isOver) {
      if (!faults.isWorkerRunning(place)) await faults.startWorker(place).catch(() => delay(200));
      await delay(50);
    }
  }

  /** Told to stop, bearerbox takes it along a moment later. */
  private async keepSmsboxRunning(faults: CarrierFaults): Promise<void> {
    while (!this.isOver) {
      await faults.keepSmsboxRunning();
      await delay(200);
    }
  }

  /** Every few hundred milliseconds one that works; now and then it is asked to stop. */
  private async killWorkers(faults: CarrierFaults, workers: number): Promise<void> {
    while (!this.isOver) {
      await delay(this.random.whole(100, 500));
      const place = this.random.whole(0, workers - 1);
      if (await faults.isWorkerUp(place))
        await faults.endWorker(place, this.random.chance(0.1) ? 'SIGTERM' : 'SIGKILL');
    }
  }

  /** Whether messages in doubt wait for a person. */
  private async choosePolicy(areHeld: boolean): Promise<void> {
    const owner = createDatabase(this.server.url(databaseName));
    try {
      await owner.pool.query('update platform_setting set doubt_policy = $1', [
        areHeld ? 'HOLD' : 'SEND_AGAIN',
      ]);
    } finally {
      await owner.close();
    }
  }

  private async pour(faults: CarrierFaults): Promise<void> {
    while (!this.isOver) {
      this.stopped.push(...(await faults.pour(numbers(20), { width: 5 })));
      await delay(this.random.whole(0, 300));
    }
  }

  private async send(faults: CarrierFaults): Promise<void> {
    while (!this.isOver) {
      // Some of them to people who want no more.
      await faults.send([...numbers(18), ...this.random.sample(this.stopped, 2)]);
      await delay(this.random.whole(50, 400));
    }
  }

  private async makeFaults(faults: CarrierFaults): Promise<void> {
    const { kannel } = faults;
    const { network } = kannel;
    const kinds: Record<string, () => Promise<void>> = {
      'smsbox killed': () => faults.restart('smsbox', 'SIGKILL'),
      'smsbox stopped': () => faults.restart('smsbox', 'SIGTERM'),
      'bearerbox killed': () => faults.restart('bearerbox', 'SIGKILL'),
      'bearerbox stopped': () => faults.restart('bearerbox', 'SIGTERM'),
      'smsbox held': async () => {
        kannel.hold('smsbox');
        await delay(faultMs);
        kannel.letGo('smsbox');
      },
      'database killed': () => this.killDatabase(faults),
      'database read-only': () => this.makeReadOnly(),
      'database out of connections': () => this.useUpConnections(),
      ...(this.disk && { 'database’s disk full': () => this.fillDisk(faults, this.disk) }),
      'network refusing': () => this.misbehave(faults, 'refuse'),
      'network throttling': () => this.misbehave(faults, 'throttle'),
      'network closing': () => this.misbehave(faults, 'close'),
      'network hanging': () => this.misbehave(faults, 'hang'),
      'network slow': async () => {
        network.answerDelayMs = 1000;
        await delay(2 * faultMs);
        network.answerDelayMs = 0;
      },
      'network gone': async () => network.dropLinks(),
    };
    const inOrder = this.random.sample(Object.entries(kinds), Object.keys(kinds).length);
    for (const [kind, make] of inOrder) {
      await delay(this.random.whole(500, 2000));
      this.context.report(`carrier: ${kind} (${faults.kills.worker} kills of workers)`);
      await this.watch(kind, make());
      this.made[kind] = 1;
    }
  }

  private async killDatabase(faults: CarrierFaults): Promise<void> {
    const postmaster = findPostmaster(this.server.dataFolder);
    if (postmaster === null) return;
    process.kill(postmaster, 'SIGKILL');
    await this.server.ended;
    await this.startDatabase(faults);
  }

  private async fillDisk(faults: CarrierFaults, disk: SmallDisk | null): Promise<void> {
    await disk?.fill();
    await delay(faultMs);
    await disk?.free();
    // PostgreSQL ends, and does not come back by itself, when it cannot write its log.
    await delay(500);
    if (findPostmaster(this.server.dataFolder) === null) await this.startDatabase(faults);
  }

  private async startDatabase(faults: CarrierFaults): Promise<void> {
    await this.server.ended;
    faults.kills.database += 1;
    this.server = await this.context.startDatabase(this.name);
  }

  /** As a standby is, or a server whose disk is full for a moment. */
  private async makeReadOnly(): Promise<void> {
    const owner = createDatabase(this.server.url(databaseName));
    const set = (value: string) =>
      owner.pool.query(`alter database ${databaseName} set default_transaction_read_only = ${value}`);
    const endSessions = () =>
      owner.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and usename = '${programUser}'`,
      );
    try {
      await set('on');
      await endSessions();
      await delay(faultMs);
    } finally {
      await owner.pool.query('set default_transaction_read_only = off');
      await set('off');
      await endSessions();
      await owner.close();
    }
  }

  private async useUpConnections(): Promise<void> {
    const owner = createDatabase(this.server.url(databaseName));
    const limit = (value: number) => owner.pool.query(`alter role ${programUser} connection limit ${value}`);
    try {
      await limit(1);
      await owner.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and usename = '${programUser}'`,
      );
      await delay(faultMs);
    } finally {
      await limit(-1);
      await owner.close();
    }
  }

  private async misbehave(
    faults: CarrierFaults,
    answer: 'refuse' | 'throttle' | 'close' | 'hang',
  ): Promise<void> {
    const { network } = faults.kannel;
    const before = network.answers.get(answer) ?? 0;
    // A message that is refused for good is not lost, and comes to an end: a few of them are enough.
    network.answer = () => (this.random.chance(0.1) ? answer : 'take');
    await delay(faultMs);
    network.answer = () => 'take';
    const count = (network.answers.get(answer) ?? 0) - before;
    // Each link that closes leaves a window of messages without their answers.
    if (answer === 'close') faults.lostByNetwork += count * 100;
    if (answer === 'hang') faults.lostByNetwork += count;
    // Kannel gives up waiting for what hangs after a minute; a link that is made anew is quicker.
    if (answer === 'hang') network.dropLinks();
    if (answer === 'hang') faults.lostByNetwork += 100;
  }
}

/** A file system of its own for a database, so small that it can be filled; root alone can make one. */
class SmallDisk {
  private constructor(private readonly folder: string) {}

  static async mount(folder: string): Promise<SmallDisk | null> {
    if (process.getuid?.() !== 0) return null;
    await mkdir(folder, { recursive: true });
    // As its parent, which PostgreSQL's own user can enter.
    const { mode, uid, gid } = await stat(path.dirname(folder));
    const options = `size=400m,mode=${(mode & 0o777).toString(8)},uid=${uid},gid=${gid}`;
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
    return status === 0 ? new SmallDisk(folder) : null;
  }

  /** To the last byte. */
  async fill(): Promise<void> {
    spawnSync('dd', ['if=/dev/zero', `of=${path.join(this.folder, 'filler')}`, 'bs=1M'], { stdio: 'ignore' });
  }

  async free(): Promise<void> {
    await rm(path.join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.folder]);
  }
}

export const carrier: SoakPart = {
  run: (context, seed) => CarrierRound.run(context, seed),
  replay: async (context, seed) =>
    (await CarrierRound.run(context, Number(seed))).failure?.explanation ?? null,
};
