import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createDatabase, PartialCommitError, type Database } from '@/lib/db/client';
import { keepsConnections } from '@/lib/db/distribute';
import { withClient } from '@/lib/db/with-client';
import { receiveReplies } from '@/lib/replies/commands';
import { prepareCitus, type TestServer } from '@/testing/citus-server';
import { dropDatabase } from '@/testing/drop-database';
import { composeReply, createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { Random } from '@/prisma/seed/random';
import type { Round, SoakContext, SoakPart } from './part';

const killsPerRound = 25;
const accountsPerRound = 6;
/** So many are being received at any moment, so that a kill meets some of them inside their commit. */
const batchesAtOnce = 8;
const repliesPerBatch = 5;
/** A machine that was killed is started until it answers. */
const patienceMs = 120_000;

/** What is told by the environment; {host} and {port} stand for the machine's. */
interface Settings {
  citusUrl: string;
  kill: string;
  start: string;
}

function readSettings(): Settings | null {
  const { CITUS_URL: citusUrl, CLUSTER_KILL_COMMAND: kill, CLUSTER_START_COMMAND: start } = process.env;
  return citusUrl && kill && start ? { citusUrl, kill, start } : null;
}

/**
 * Machines of a Citus cluster, the coordinator among them, killed one after another while carriers hand over
 * replies "Stop" to several accounts at once. A carrier persists until it is answered. What was acknowledged
 * must be in force at the first look that succeeds, and in the end each reply is there once, with its
 * receipt, block, event, confirmation and place in the tally.
 */
class ClusterRound {
  private readonly counts = {
    'machines killed': 0,
    'coordinators among them': 0,
    'batches acknowledged': 0,
    'batches refused and sent again': 0,
    'commits that warned': 0,
    'transactions left prepared by a kill': 0,
    'looks that failed': 0,
    replies: 0,
  };
  private readonly numbers = new Map<number, string[]>();
  private readonly violations: string[] = [];
  private isOver = false;

  private constructor(
    private readonly settings: Settings,
    private readonly server: TestServer,
    private readonly name: string,
    private readonly database: Database,
    private readonly random: Random,
  ) {}

  static async run(settings: Settings, seed: number): Promise<Round> {
    const server = await prepareCitus(settings.citusUrl);
    const name = `soak_${randomUUID().slice(0, 8)}`;
    for (const machine of server.machines) {
      await query(machine, `create database ${name} template ${server.template} strategy file_copy`);
    }
    await query(server.url('postgres'), `alter database ${name} set ${keepsConnections}`);
    const database = createDatabase(server.programUrl(name), batchesAtOnce * 2);
    const round = new ClusterRound(settings, server, name, database, new Random(seed));
    try {
      return await round.play(seed);
    } finally {
      await database.close();
      for (const machine of server.machines) await dropDatabase(machine, name);
      await server.stop();
    }
  }

  private async play(seed: number): Promise<Round> {
    const { pool } = this.database;
    const accounts: TestAccount[] = [];
    for (let made = 0; made < accountsPerRound; made++) accounts.push(await createAccount(pool));
    for (const { id } of accounts) this.numbers.set(id, []);
    const carriers = Array.from({ length: batchesAtOnce }, () => this.receive(accounts));
    try {
      for (let kill = 0; kill < killsPerRound; kill++) await this.killOne();
    } finally {
      this.isOver = true;
    }
    await Promise.all(carriers);
    await this.judge();
    const { violations } = this;
    return {
      counts: this.counts,
      failure: violations.length === 0 ? null : { explanation: violations.join('\n'), replay: seed },
    };
  }

  private async killOne(): Promise<void> {
    const { machines } = this.server;
    const place = this.random.whole(0, machines.length - 1);
    const machine = machines[place] as string;
    const before = this.counts['batches acknowledged'];
    await waitUntil(
      'batches are being acknowledged',
      async () => this.counts['batches acknowledged'] >= before + batchesAtOnce,
      patienceMs,
    );
    await delay(this.random.whole(0, 1000));
    if (place > 0 && this.random.chance(0.7)) await this.waitForPrepared(machine);
    await this.command(this.settings.kill, machine);
    this.counts['machines killed'] += 1;
    if (place === 0) this.counts['coordinators among them'] += 1;
    await delay(this.random.whole(0, 500));
    await waitUntil(
      'the machine that was killed answers',
      async () => {
        try {
          await this.command(this.settings.start, machine);
          await query(machine, 'select 1');
          return true;
        } catch {
          // what is left of it is still ending
          return false;
        }
      },
      patienceMs,
    );
    // One that was inside COMMIT when the machine died is found here until the coordinator ends it.
    if (place > 0) this.counts['transactions left prepared by a kill'] += await this.countPrepared(machine);
  }

  /** Until a transaction stands between PREPARE and COMMIT PREPARED there, but not for ever. */
  private async waitForPrepared(machine: string): Promise<void> {
    const end = Date.now() + 10_000;
    await withClient(machine, async (client) => {
      const text = `select from pg_prepared_xacts where database = '${this.name}'`;
      while ((await client.query(text)).rowCount === 0 && Date.now() < end) await delay(1);
    });
  }

  private async command(template: string, machine: string): Promise<void> {
    const { hostname, port } = new URL(machine);
    const text = template.replaceAll('{host}', hostname).replaceAll('{port}', port);
    await promisify(execFile)('sh', ['-c', text]);
  }

  private async countPrepared(machine: string): Promise<number> {
    const rows = await query<{ prepared: number }>(
      machine,
      `select count(*)::int as prepared from pg_prepared_xacts where database = '${this.name}'`,
    );
    return rows[0]?.prepared ?? 0;
  }

  /** One carrier: a batch after another, each until it is taken, and then a look at what it has blocked. */
  private async receive(accounts: readonly TestAccount[]): Promise<void> {
    while (!this.isOver) {
      const batch = Array.from({ length: repliesPerBatch }, () => ({
        account: this.random.pick(accounts),
        number: nextMsisdn(),
      }));
      const replies = batch.map(({ account, number }) =>
        composeReply({ from: number, to: account.senderNumber as string, text: 'Stop' }),
      );
      for (const { account, number } of batch) this.numbers.get(account.id)?.push(number);
      await this.persist('batches refused and sent again', () => receiveReplies(this.database.pool, replies));
      this.counts['batches acknowledged'] += 1;
      this.counts.replies += replies.length;
      await this.look(batch.map(({ account, number }) => ({ accountId: account.id, number })));
    }
  }

  private async look(batch: readonly { accountId: number; number: string }[]): Promise<void> {
    const accountIds = [...new Set(batch.map(({ accountId }) => accountId))];
    const { rows } = await this.persist('looks that failed', () =>
      this.database.pool.query<{ account_id: number; msisdn: string }>(
        'select account_id, msisdn from opt_out where account_id = any ($1) and msisdn = any ($2)',
        [accountIds, batch.map(({ number }) => number)],
      ),
    );
    const found = new Set(rows.map(({ account_id: accountId, msisdn }) => `${accountId} ${msisdn}`));
    const missing = batch.filter(({ accountId, number }) => !found.has(`${accountId} ${number}`));
    if (missing.length > 0)
      this.violations.push(
        `1: ${missing.length} of ${batch.length} replies of a batch were acknowledged and block nobody`,
      );
  }

  private async persist<Result>(
    what: 'batches refused and sent again' | 'looks that failed',
    work: () => Promise<Result>,
  ): Promise<Result> {
    const end = Date.now() + patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() > end) throw error;
        this.counts[what] += 1;
        if (error instanceof PartialCommitError) this.counts['commits that warned'] += 1;
        await delay(100);
      }
    }
  }

  private async judge(): Promise<void> {
    const { machines } = this.server;
    for (const machine of machines) {
      await waitUntil(
        'no transaction is left prepared',
        async () => (await this.countPrepared(machine)) === 0,
        patienceMs,
      );
    }
    const ofAccount = 'where account_id = $1';
    for (const [accountId, numbers] of this.numbers) {
      const expected = numbers.length;
      for (const [what, from] of [
        ['replies', `reply ${ofAccount}`],
        ['opt-outs', `opt_out ${ofAccount}`],
        ['events', `opt_out_event ${ofAccount} and kind = 'OPTED_OUT'`],
        ['confirmations', `message ${ofAccount} and kind = 'CONFIRMATION'`],
      ] as const) {
        const { rows } = await this.database.pool.query<{ rows: number; numbers: number }>(
          `select count(*)::int as rows, count(distinct msisdn)::int as numbers from ${from}`,
          [accountId],
        );
        const [found] = rows;
        if (found?.rows !== expected || found.numbers !== expected)
          this.violations.push(
            `8: of ${expected} replies of an account there are ${found?.rows} ${what} of ${found?.numbers} numbers`,
          );
      }
      const { rows: tally } = await this.database.pool.query<{ sum: number }>(
        `select coalesce(sum(change), 0)::int as sum from opt_out_tally ${ofAccount}`,
        [accountId],
      );
      if (tally[0]?.sum !== expected)
        this.violations.push(`of ${expected} blocks of an account the tally says ${tally[0]?.sum}`);
      const { rows: receipts } = await this.database.pool.query<{ receipts: number }>(
        'select count(*)::int as receipts from carrier_receipt where msisdn = any ($1)',
        [numbers],
      );
      if (receipts[0]?.receipts !== expected)
        this.violations.push(`8: of ${expected} replies there are ${receipts[0]?.receipts} receipts`);
    }
  }
}

async function query<Row extends object>(url: string, statement: string): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(statement)).rows);
}

let hasToldOfAbsence = false;

/** Without a cluster there is nothing to do: one line says so, and the other parts go on. */
async function runIfThere(context: SoakContext, seed: number): Promise<Round> {
  const settings = readSettings();
  if (settings) return ClusterRound.run(settings, seed);
  if (!hasToldOfAbsence) {
    context.report(
      'The cluster was left out: CITUS_URL, CLUSTER_KILL_COMMAND and CLUSTER_START_COMMAND are not set.',
    );
    hasToldOfAbsence = true;
  }
  // so that a soak of nothing else waits for its end instead of counting rounds
  await delay(1000);
  return { counts: {}, failure: null };
}

export const clusterKills: SoakPart = {
  run: runIfThere,
  replay: async (context, seed) => (await runIfThere(context, Number(seed))).failure?.explanation ?? null,
};
