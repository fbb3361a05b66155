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

const roundMs = 45_000;
const ratePerSecond = 200;

const numbers = (count: number) => Array.from({ length: count }, nextMsisdn);

/**
 * Workers, Kannel's programs, the database and the network, killed, stopped, held and made to misbehave in
 * turn while recipients reply and a customer sends. Then it is counted: invariants 1, 2 and 8.
 */
class CarrierRound {
  private isOver = false;
  private faults: CarrierFaults | undefined;
  /** How often each fault was made. */
  private readonly made: Record<string, number> = {};

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
    const workers = this.random.chance(0.5) ? 2 : 4;
    const faults = await CarrierFaults.start({
      databaseUrl: this.url,
      pool: this.database.pool,
      workers,
      ratePerSecond,
      // One of them has a clock that nobody should believe.
      environmentOf: (place): Record<string, string> =>
        place === 0 ? { NODE_OPTIONS: '--import=./soak/stepping-clock.mjs' } : {},
    });
    this.faults = faults;
    const traffic = Promise.all([this.pour(faults), this.send(faults)]);
    await this.makeFaults(faults, workers);
    this.isOver = true;
    await traffic;
    await faults.finish(240_000);
    const { counts, violations } = await faults.judge();
    return {
      counts: { ...counts, ...this.made },
      failure: violations.length === 0 ? null : { explanation: violations.join('\n'), replay: seed },
    };
  }

  private async pour(faults: CarrierFaults): Promise<void> {
    while (!this.isOver) {
      await faults.pour(numbers(20), { width: 5 });
      await delay(this.random.whole(0, 300));
    }
  }

  private async send(faults: CarrierFaults): Promise<void> {
    while (!this.isOver) {
      await faults.send(numbers(20));
      await delay(this.random.whole(50, 400));
    }
  }

  private async makeFaults(faults: CarrierFaults, workers: number): Promise<void> {
    const { kannel } = faults;
    const { network } = kannel;
    const kinds: Record<string, () => Promise<void>> = {
      'worker killed': () => this.replaceWorker(faults, this.random.whole(0, workers - 1), 'SIGKILL'),
      'worker killed, again': () => this.replaceWorker(faults, this.random.whole(0, workers - 1), 'SIGKILL'),
      'worker stopped': () => this.replaceWorker(faults, this.random.whole(0, workers - 1), 'SIGTERM'),
      'smsbox killed': () => faults.restart('smsbox', 'SIGKILL'),
      'smsbox stopped': () => faults.restart('smsbox', 'SIGTERM'),
      'bearerbox killed': () => faults.restart('bearerbox', 'SIGKILL'),
      'bearerbox stopped': () => faults.restart('bearerbox', 'SIGTERM'),
      'smsbox held': async () => {
        kannel.hold('smsbox');
        await delay(2000);
        kannel.letGo('smsbox');
      },
      'database killed': () => this.killDatabase(faults, workers),
      'database read-only': () => this.makeReadOnly(),
      'database out of connections': () => this.useUpConnections(),
      ...(this.disk && { 'database’s disk full': () => this.fillDisk(faults, workers, this.disk) }),
      'network refusing': () => this.misbehave(faults, 'refuse'),
      'network throttling': () => this.misbehave(faults, 'throttle'),
      'network closing': () => this.misbehave(faults, 'close'),
      'network hanging': () => this.misbehave(faults, 'hang'),
      'network slow': async () => {
        network.answerDelayMs = 1000;
        await delay(3000);
        network.answerDelayMs = 0;
      },
      'network gone': async () => network.dropLinks(),
    };
    const end = Date.now() + roundMs;
    while (Date.now() < end) {
      await delay(this.random.whole(100, 1000));
      const [name, make] = this.random.pick(Object.entries(kinds));
      const kind = name.replace(', again', '');
      this.made[kind] = (this.made[kind] ?? 0) + 1;
      await make();
    }
  }

  private async replaceWorker(
    faults: CarrierFaults,
    place: number,
    signal: 'SIGKILL' | 'SIGTERM',
  ): Promise<void> {
    await faults.endWorker(place, signal);
    await faults.startWorker(place);
  }

  private async killDatabase(faults: CarrierFaults, workers: number): Promise<void> {
    const postmaster = findPostmaster(this.server.dataFolder);
    if (postmaster === null) return;
    process.kill(postmaster, 'SIGKILL');
    await this.server.ended;
    await this.startDatabase(faults, workers);
  }

  private async fillDisk(faults: CarrierFaults, workers: number, disk: SmallDisk | null): Promise<void> {
    await disk?.fill();
    await delay(2000);
    await disk?.free();
    // PostgreSQL ends, and does not come back by itself, when it cannot write its log.
    await delay(500);
    if (findPostmaster(this.server.dataFolder) === null) await this.startDatabase(faults, workers);
  }

  private async startDatabase(faults: CarrierFaults, workers: number): Promise<void> {
    await this.server.ended;
    faults.kills.database += 1;
    this.server = await this.context.startDatabase(this.name);
    for (let place = 0; place < workers; place++) {
      if (!faults.isWorkerRunning(place)) await faults.startWorker(place);
    }
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
      await delay(1500);
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
      await delay(1500);
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
    await delay(1500);
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
