import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { findPostmaster } from '@/lib/db/embedded/processes';
import type { EmbeddedServer } from '@/lib/db/embedded/server';
import { applyMigrations } from '@/lib/db/migrate';
import { acceptMessages } from '@/lib/messages/commands';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { readLedger } from '@/testing/ledger';
import { waitUntil } from '@/testing/poll';
import {
  findFreePort,
  isWorkerUp,
  postReply,
  runAtOnce,
  startWorkerProcess,
  type PostedReply,
} from '@/testing/worker-process';
import { Random } from '@/prisma/seed/random';
import type { Round, SoakContext, SoakPart } from './part';

const roundMs = 20_000;
const repliesPerRound = 600;
const sendsPerRound = 60;
const recipientsPerSend = 20;
/** A batch is no larger than what the carrier takes in a second. */
const ratePerSecond = 200;

/**
 * The real worker and the real database, killed again and again while a carrier hands over replies and a
 * customer sends. Both persist until they are answered, as they do in life. Then it is counted: invariants 1,
 * 2 and 8.
 */
class KillRound {
  private worker: ChildProcess | undefined;
  private readonly account: Promise<TestAccount>;
  private readonly acknowledged = new Set<string>();
  private readonly replies: PostedReply[] = [];
  private readonly recipients: string[] = [];
  private kills = { worker: 0, database: 0 };
  private isOver = false;

  private constructor(
    private readonly context: SoakContext,
    private readonly name: string,
    private server: EmbeddedServer,
    private readonly url: string,
    private readonly database: Database,
    private readonly port: number,
    private readonly random: Random,
  ) {
    this.account = createAccount(database.pool, { credits: 1_000_000 });
  }

  static async run(context: SoakContext, seed: number): Promise<Round> {
    const name = `kills-${randomUUID().slice(0, 8)}`;
    const server = await context.startDatabase(name);
    await applyMigrations(server.url(databaseName), { programUser });
    const url = server.programUrl(databaseName);
    const round = new KillRound(
      context,
      name,
      server,
      url,
      createDatabase(url),
      await findFreePort(),
      new Random(seed),
    );
    try {
      return await round.play(seed);
    } finally {
      round.worker?.kill('SIGKILL');
      await round.database.close();
      await round.server.stop();
    }
  }

  private async play(seed: number): Promise<Round> {
    const account = await this.account;
    await this.startWorker();
    const chaos = this.killUntilOver();
    await Promise.all([this.receive(account), this.send(account)]);
    this.isOver = true;
    await chaos;
    if (!(await isWorkerUp(this.port))) await this.startWorker();
    await this.finish(account);
    const violations = await this.judge(account);
    return {
      counts: {
        replies: this.replies.length,
        messages: this.recipients.length,
        'worker kills': this.kills.worker,
        'database kills': this.kills.database,
      },
      failure: violations.length === 0 ? null : { explanation: violations.join('\n'), replay: seed },
    };
  }

  private async startWorker(): Promise<void> {
    this.worker = await startWorkerProcess({ databaseUrl: this.url, ratePerSecond, port: this.port });
    await waitUntil('the worker is up', () => isWorkerUp(this.port), 60_000);
  }

  private async killUntilOver(): Promise<void> {
    const end = Date.now() + roundMs;
    while (!this.isOver && Date.now() < end) {
      await delay(this.random.whole(200, 3000));
      if (this.random.chance(0.3)) await this.killDatabase();
      else await this.killWorker();
    }
  }

  private async killWorker(): Promise<void> {
    const { worker } = this;
    if (worker && worker.exitCode === null && worker.signalCode === null) {
      const exited = once(worker, 'exit');
      // Now and then it is asked kindly, as a new version of the program does.
      worker.kill(this.random.chance(0.2) ? 'SIGTERM' : 'SIGKILL');
      await exited;
      this.kills.worker += 1;
    }
    await this.startWorker();
  }

  private async killDatabase(): Promise<void> {
    const postmaster = findPostmaster(this.server.dataFolder);
    if (postmaster === null) return;
    process.kill(postmaster, 'SIGKILL');
    await this.server.ended;
    this.kills.database += 1;
    this.server = await this.context.startDatabase(this.name);
    // The worker finds the new server by itself, or has ended and is started again.
    if (this.worker?.exitCode !== null || this.worker.signalCode !== null) await this.startWorker();
  }

  /** The carrier hands every reply over until it is acknowledged. */
  private async receive({ senderNumber }: TestAccount): Promise<void> {
    const replies = Array.from({ length: repliesPerRound }, (_, index) => ({
      id: `soak-${index}`,
      from: nextMsisdn(),
      to: senderNumber as string,
      text: index % 5 === 0 ? 'Stop' : 'hello',
    }));
    this.replies.push(...replies);
    await runAtOnce(8, replies, async (reply) => {
      while (!(await postReply(this.port, reply))) await delay(50);
      this.acknowledged.add(reply.id);
      await delay(this.random.whole(0, 200));
    });
  }

  /** The customer sends every batch until it is accepted, each with its own key. */
  private async send(account: TestAccount): Promise<void> {
    const batches = Array.from({ length: sendsPerRound }, () => ({
      recipients: Array.from({ length: recipientsPerSend }, nextMsisdn),
      text: 'Our spring sale begins on Monday',
      idempotencyKey: randomUUID(),
    }));
    this.recipients.push(...batches.flatMap(({ recipients }) => recipients));
    await runAtOnce(2, batches, async (batch) => {
      await this.persist(async () => {
        const result = await acceptMessages(this.database.pool, account.scope, batch);
        if (!result.ok) throw new Error(`A batch was refused: ${JSON.stringify(result)}`);
      });
      await delay(this.random.whole(0, 500));
    });
  }

  private async persist(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await work();
        return;
      } catch (error) {
        if (attempt === 600) throw error;
        await delay(100);
      }
    }
  }

  /** What dead workers had claimed is due at once, and everything goes out. */
  private async finish(account: TestAccount): Promise<void> {
    await this.database.pool.query(
      `update message set next_attempt_at = now() where account_id = $1 and status in ('SENDING', 'QUEUED')`,
      [account.id],
    );
    await waitUntil(
      'everything has gone out',
      async () => {
        const { rows } = await this.database.pool.query<{ waiting: string }>(
          `select count(*) as waiting from message where account_id = $1 and status in ('SENDING', 'QUEUED')`,
          [account.id],
        );
        return rows[0]?.waiting === '0';
      },
      120_000,
    );
  }

  private async judge(account: TestAccount): Promise<string[]> {
    const { pool } = this.database;
    const violations: string[] = [];
    const { rows: stored } = await pool.query<{
      id: string;
      times: string;
      blocked: boolean;
      confirmations: string;
    }>(
      `select carrier_message_id as id, count(*) as times, bool_or(opt_out.msisdn is not null) as blocked,
         (select count(*) from message where message.account_id = $1 and message.msisdn = reply.msisdn
            and kind = 'CONFIRMATION') as confirmations
       from reply left join opt_out using (account_id, msisdn)
       where account_id = $1 group by carrier_message_id, reply.msisdn`,
      [account.id],
    );
    const byId = new Map(stored.map((reply) => [reply.id, reply]));
    for (const { id, text } of this.replies) {
      const reply = byId.get(id);
      if (!reply) violations.push(`8: reply ${id} was acknowledged and is not there`);
      else if (reply.times !== '1') violations.push(`8: reply ${id} is there ${reply.times} times`);
      else if (text === 'Stop') {
        if (!reply.blocked) violations.push(`1: reply ${id} was acknowledged and blocks nobody`);
        if (reply.confirmations !== '1')
          violations.push(`2: reply ${id} has ${reply.confirmations} confirmations`);
      }
    }
    const { rows: reached } = await pool.query<{ msisdn: string; times: string }>(
      `select message.msisdn, count(simulator_message.reference) as times
       from message left join simulator_message on reference = message.account_id || '-' || message.id
       where message.account_id = $1 and kind = 'NORMAL' group by message.msisdn`,
      [account.id],
    );
    const times = new Map(reached.map(({ msisdn, times: count }) => [msisdn, Number(count)]));
    const lost = this.recipients.filter((msisdn) => !times.get(msisdn));
    if (lost.length > 0) violations.push(`8: ${lost.length} accepted messages never reached the network`);
    const twice = [...times.values()].reduce((sum, count) => sum + Math.max(0, count - 1), 0);
    const most = (this.kills.worker + this.kills.database) * ratePerSecond;
    if (twice > most) violations.push(`8: ${twice} messages went out again, more than ${most}`);
    const ledger = await readLedger(pool, account.id);
    if (ledger.balance !== ledger.entries || ledger.balance !== ledger.toppedUpLessCosts)
      violations.push(`the money does not add up: ${JSON.stringify(ledger)}`);
    return violations;
  }
}

export const kills: SoakPart = {
  run: (context, seed) => KillRound.run(context, seed),
  replay: async (context, seed) => (await KillRound.run(context, Number(seed))).failure?.explanation ?? null,
};
