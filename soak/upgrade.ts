import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Random } from '@/prisma/seed/random';
import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { applyMigrations } from '@/lib/db/migrate';
import { env } from '@/lib/env';
import { endWithUs } from '@/testing/end-with-us';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { findFreePort, isWorkerUp, postReply, type PostedReply } from '@/testing/worker-process';
import type { Round, SoakContext, SoakPart } from './part';

const run = promisify(execFile);

/** Of replies, in each stage; several at a time. */
const repliesPerStage = 400;
const atOnce = 8;

interface Worker {
  version: 'old' | 'new';
  port: number;
  process: ChildProcess;
}

/** The program as it was: its files, with the packages of today. */
interface Earlier {
  commit: string;
  folder: string;
}

/**
 * The version before, which is the one before the last migration unless SOAK_UPGRADE_FROM names a commit: its
 * workers and today's meet on one schema.
 */
async function checkOut(folder: string): Promise<Earlier> {
  const git = async (...parameters: string[]) => (await run('git', parameters)).stdout.trim();
  const last = await git('log', '-1', '--format=%H', '--', 'prisma/migrations');
  const commit = await git('rev-parse', process.env.SOAK_UPGRADE_FROM ?? `${last}^`);
  await git('worktree', 'add', '--detach', '--force', folder, commit);
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  await run(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
    cwd: folder,
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
  });
  return { commit, folder };
}

async function startWorker(
  version: Worker['version'],
  port: number,
  folder: string,
  url: string,
): Promise<Worker> {
  const child = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', 'lib/worker/main.ts'],
    {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NODE_OPTIONS: '',
        DATABASE_URL: url,
        WORKER_PORT: String(port),
        AUTH_SECRET: env.AUTH_SECRET,
        CARRIER_SECRET: env.CARRIER_SECRET,
      },
      stdio: 'ignore',
    },
  );
  endWithUs(child);
  await waitUntil(`a worker of the ${version} version is up`, () => isWorkerUp(port), 60_000);
  return { version, port, process: child };
}

/** As a service manager stops it. */
async function stopWorker({ process: child }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

class Upgrade {
  private readonly replies: PostedReply[] = [];
  private readonly recipients: string[] = [];
  private readonly takenBy = { old: 0, new: 0 };
  private refused = 0;
  private workers: Worker[] = [];

  constructor(
    private readonly database: Database,
    private readonly account: TestAccount,
    private readonly random: Random,
  ) {}

  /** A carrier that hands each reply over until somebody has taken it, to whichever worker comes next. */
  async pour(): Promise<void> {
    const replies = Array.from({ length: repliesPerStage }, () => ({
      id: `upgrade-${randomUUID()}`,
      from: nextMsisdn(),
      to: this.account.senderNumber as string,
      text: this.random.chance(0.2) ? 'Stop' : 'hello',
    }));
    this.replies.push(...replies);
    const rest = [...replies];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let reply = rest.shift(); reply !== undefined; reply = rest.shift()) await this.handOver(reply);
      }),
    );
  }

  private async handOver(reply: PostedReply): Promise<void> {
    for (;;) {
      const worker = this.workers[this.random.whole(0, this.workers.length - 1)];
      if (worker && (await postReply(worker.port, reply))) {
        this.takenBy[worker.version] += 1;
        return;
      }
      this.refused += 1;
      await delay(20);
    }
  }

  async send(count: number): Promise<void> {
    const recipients = Array.from({ length: count }, nextMsisdn);
    this.recipients.push(...recipients);
    await queueMessages(this.database.pool, this.account, recipients);
  }

  add(worker: Worker): void {
    this.workers = [...this.workers, worker];
  }

  /** While replies come in: they are refused once its port is closed, and handed to the others. */
  async replace(worker: Worker, start: () => Promise<Worker>): Promise<void> {
    const pouring = this.pour();
    await stopWorker(worker);
    this.workers = this.workers.filter((one) => one !== worker);
    this.add(await start());
    await pouring;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.workers.map(stopWorker));
  }

  async judge(): Promise<string[]> {
    const { pool } = this.database;
    const waiting = `message where account_id = $1 and status in ('QUEUED', 'SENDING')`;
    await waitUntil(
      'everything has gone out',
      async () => (await pool.query(`select from ${waiting} limit 1`, [this.account.id])).rowCount === 0,
      60_000,
    );
    const { rows } = await pool.query<{ id: string; times: number; blocks: number; confirmations: number }>(
      `select carrier_message_id as id, count(*)::int as times,
         (select count(*)::int from opt_out where opt_out.account_id = $1 and opt_out.msisdn = reply.msisdn) as blocks,
         (select count(*)::int from message join simulator_message
            on reference = message.account_id || '-' || message.id
          where message.account_id = $1 and message.msisdn = reply.msisdn and kind = 'CONFIRMATION') as confirmations
       from reply where account_id = $1 group by carrier_message_id, msisdn`,
      [this.account.id],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const wrong = this.replies.flatMap(({ id, text }) => {
      const found = byId.get(id);
      if (!found) return [`reply ${id} was acknowledged and is not there`];
      const due = text === 'Stop' ? 1 : 0;
      return found.times === 1 && found.blocks === due && found.confirmations === due
        ? []
        : [`reply ${id} ("${text}"): ${JSON.stringify(found)}`];
    });
    const { rows: sent } = await pool.query<{ msisdn: string; times: number }>(
      `select msisdn, count(*)::int as times from simulator_message
       where not from_phone and msisdn = any ($1) group by msisdn`,
      [this.recipients],
    );
    const times = new Map(sent.map((row) => [row.msisdn, row.times]));
    const missed = this.recipients.filter((msisdn) => times.get(msisdn) !== 1).length;
    if (missed > 0) wrong.push(`${missed} messages reached the network not once`);
    for (const version of ['old', 'new'] as const)
      if (this.takenBy[version] === 0) wrong.push(`no worker of the ${version} version took a reply`);
    return wrong;
  }

  count(migrations: number): Record<string, number> {
    return {
      replies: this.replies.length,
      'taken by the old version': this.takenBy.old,
      'taken by the new version': this.takenBy.new,
      'refused, and handed over again': this.refused,
      messages: this.recipients.length,
      'migrations in between': migrations,
    };
  }
}

/**
 * A rolling upgrade as docs/operations/upgrade.md has it, with replies and messages all the while: two
 * workers of the old version, the migrations, one of the new version beside them, and then one after the
 * other replaced.
 */
async function play(context: SoakContext, seed: number): Promise<Round> {
  const folder = path.join(context.folder, `earlier-${randomUUID().slice(0, 8)}`);
  const server = await context.startDatabase(`upgrade-${randomUUID().slice(0, 8)}`);
  const earlier = await checkOut(folder);
  context.report(`from ${earlier.commit.slice(0, 7)}`);
  const [owner, url] = [server.url(databaseName), server.programUrl(databaseName)];
  await applyMigrations(owner, { folder: path.join(folder, 'prisma', 'migrations'), programUser });
  const database = createDatabase(url);
  const ports = await Promise.all(Array.from({ length: 3 }, findFreePort));
  const [one, two, three] = ports as [number, number, number];
  let upgrade: Upgrade | undefined;
  try {
    const account = await createAccount(database.pool, { credits: 100_000 });
    upgrade = new Upgrade(database, account, new Random(seed));
    const [first, second] = [
      await startWorker('old', one, folder, url),
      await startWorker('old', two, folder, url),
    ];
    upgrade.add(first);
    upgrade.add(second);
    await upgrade.send(300);
    await upgrade.pour();

    // expand: under the feet of the old ones
    const migrating = applyMigrations(owner, { programUser });
    await Promise.all([upgrade.pour(), migrating]);
    const migrations = await migrating;
    await upgrade.send(300);
    await upgrade.pour();

    // both at once, also to send what the other has accepted
    const third = await startWorker('new', three, process.cwd(), url);
    upgrade.add(third);
    await upgrade.send(300);
    await upgrade.pour();
    await upgrade.replace(first, () => startWorker('new', one, process.cwd(), url));
    await upgrade.replace(second, () => startWorker('new', two, process.cwd(), url));
    await upgrade.send(300);
    await upgrade.pour();
    // and back again, should the new one be bad: the schema stays
    await upgrade.replace(third, () => startWorker('old', three, folder, url));

    const wrong = await upgrade.judge();
    return {
      counts: upgrade.count(migrations.length),
      failure: wrong.length === 0 ? null : { explanation: wrong.slice(0, 20).join('\n'), replay: seed },
    };
  } finally {
    await upgrade?.stopAll();
    await database.close();
    await server.stop();
    await run('git', ['worktree', 'remove', '--force', folder]).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two versions of the worker on one schema. */
export const upgrade: SoakPart = {
  run: play,
  replay: async (context, seed) => (await play(context, Number(seed))).failure?.explanation ?? null,
};
