import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { applyMigrations } from '@/lib/db/migrate';
import { receiveReplies } from '@/lib/replies/commands';
import { pauseEndpoint, resumeEndpoint } from '@/lib/webhooks/commands';
import { composeReply, createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { createEndpoint, startReceiver, type Received, type Receiver } from '@/testing/webhooks';
import { startWorkerProcess } from '@/testing/worker-process';
import { Random } from '@/prisma/seed/random';
import type { Round, SoakContext, SoakPart } from './part';

const killsPerRound = 25;
const people = 40;
/** Replies that come in while a worker lives; each is an event for every endpoint. */
const repliesPerLife = 80;
const ratePerSecond = 200;

/** How an endpoint answers. */
const manners = ['fast', 'slow', 'flaky', 'unordered'] as const;
type Manner = (typeof manners)[number];

/** What a worker is killed in the middle of. */
const moments = ['any', 'sending', 'statement', 'pausing'] as const;

/** An endpoint of the account, and what came to it. */
class Endpoint {
  /** By "webhook-id": when it first came, when it was first taken, and how often it was taken. */
  readonly seen = new Map<string, { cameAt: number; takenAt: number | null; taken: number }>();
  /** From now on it takes whatever comes. */
  isWell = false;
  private clock = 0;

  private constructor(
    readonly manner: Manner,
    readonly id: number,
    private readonly receiver: Receiver,
    private readonly random: Random,
  ) {
    receiver.answer = (response, request) => void this.answer(response, request);
  }

  static async open(database: Database, account: TestAccount, manner: Manner, random: Random) {
    const receiver = await startReceiver();
    const { id } = await createEndpoint(database.pool, account, receiver.url, {
      events: ['reply.received', 'opt_out.created'],
      inOrder: manner !== 'unordered',
    });
    return new Endpoint(manner, id, receiver, random);
  }

  close(): Promise<void> {
    return this.receiver.close();
  }

  get requests(): number {
    return this.receiver.received.length;
  }

  private async answer(response: ServerResponse, { headers }: Received): Promise<void> {
    const id = String(headers['webhook-id']);
    const known = this.seen.get(id) ?? { cameAt: (this.clock += 1), takenAt: null, taken: 0 };
    this.seen.set(id, known);
    if (this.manner === 'flaky' && !this.isWell) {
      if (this.random.chance(0.15)) return void response.writeHead(500).end();
      if (this.random.chance(0.05)) return void response.destroy();
      if (this.random.chance(0.03)) return void response.writeHead(429, { 'retry-after': '1' }).end();
      // never answered
      if (this.random.chance(0.02)) return;
    }
    if (this.manner === 'slow') await delay(this.random.whole(5, 120));
    if (this.manner === 'unordered') await delay(this.random.whole(0, 30));
    known.takenAt ??= this.clock += 1;
    known.taken += 1;
    response.writeHead(204).end();
  }
}

/**
 * The real worker, killed again and again among webhooks, to endpoints that answer at once, slowly, or now
 * and then not at all. Then it is counted: none is lost, those of a number come in order, and what came twice
 * was under way when a worker died.
 */
class WebhookRound {
  private worker: ChildProcess | undefined;
  private endpoints: Endpoint[] = [];
  private from: string[] = [];
  private replies = 0;
  /** Deliveries that were under way at a kill, by id: at how many. */
  private readonly underWay = new Map<string, number>();
  private readonly kills: Record<string, number> = {};

  private constructor(
    private readonly url: string,
    private readonly database: Database,
    private readonly account: TestAccount,
    private readonly random: Random,
  ) {}

  static async run(context: SoakContext, seed: number): Promise<Round> {
    const server = await context.startDatabase(`webhooks-${randomUUID().slice(0, 8)}`);
    await applyMigrations(server.url(databaseName), { programUser });
    const url = server.programUrl(databaseName);
    const database = createDatabase(url);
    const round = new WebhookRound(
      url,
      database,
      await createAccount(database.pool, { credits: 1_000_000 }),
      new Random(seed),
    );
    try {
      return await round.play(seed);
    } finally {
      round.worker?.kill('SIGKILL');
      for (const endpoint of round.endpoints) await endpoint.close();
      await database.close();
      await server.stop();
    }
  }

  private async play(seed: number): Promise<Round> {
    this.from = Array.from({ length: people }, nextMsisdn);
    for (const manner of manners) {
      const random = new Random(this.random.whole(1, 2 ** 31 - 1));
      this.endpoints.push(await Endpoint.open(this.database, this.account, manner, random));
    }
    for (let kill = 0; kill < killsPerRound; kill += 1) await this.liveAndDie();
    await this.finish();
    const { violations, deliveries, repeats } = await this.judge();
    return {
      counts: {
        kills: killsPerRound,
        ...this.kills,
        'under way at a kill': [...this.underWay.values()].reduce((sum, one) => sum + one, 0),
        replies: this.replies,
        deliveries,
        repeats,
      },
      failure: violations.length === 0 ? null : { explanation: violations.join('\n'), replay: seed },
    };
  }

  private async startWorker(): Promise<ChildProcess> {
    this.worker = await startWorkerProcess({ databaseUrl: this.url, ratePerSecond });
    return this.worker;
  }

  private async liveAndDie(): Promise<void> {
    const worker = await this.startWorker();
    const before = this.requests;
    const receiving = this.receive();
    await waitUntil('the worker sends', async () => this.requests > before, 60_000);
    const undo = await this.awaitMoment(this.random.pick(moments));
    const exited = once(worker, 'exit');
    worker.kill('SIGKILL');
    await exited;
    await undo?.();
    await receiving;
    await this.settle();
  }

  private get requests(): number {
    return this.endpoints.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Waits for what the worker is to be killed in. Answers with what is undone once it is dead. */
  private async awaitMoment(moment: (typeof moments)[number]): Promise<(() => Promise<void>) | undefined> {
    if (moment === 'statement') return this.holdStatement();
    if (moment === 'pausing') {
      const { id } = this.random.pick(this.endpoints);
      await pauseEndpoint(this.database.pool, this.account.scope, { id }, new Date());
      await delay(this.random.whole(0, 40));
      this.count('while an endpoint was paused');
      return async () =>
        void (await resumeEndpoint(this.database.pool, this.account.scope, { id }, new Date()));
    }
    const more = moment === 'sending' ? this.random.whole(1, 150) : 0;
    const wanted = this.requests + more;
    const end = Date.now() + this.random.whole(0, moment === 'sending' ? 1_500 : 600);
    while (Date.now() < end && (more === 0 || this.requests < wanted)) await delay(2);
    return undefined;
  }

  /** What the worker writes of deliveries waits, so that it is killed within a statement. */
  private async holdStatement(): Promise<() => Promise<void>> {
    const holder = await this.database.pool.connect();
    await holder.query('begin');
    await holder.query('lock table webhook_delivery in share row exclusive mode');
    const end = Date.now() + 1_500;
    let waiting: string[] = [];
    while (waiting.length === 0 && Date.now() < end) {
      const { rows } = await holder.query<{ query: string }>(
        `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      waiting = rows.map(({ query }) => query);
    }
    for (const query of waiting) {
      if (query.includes('delete from webhook_batch')) this.count('making deliveries');
      else if (query.includes(`set state = 'SENDING'`)) this.count('claiming');
      else if (query.includes('hold_end')) this.count('recording');
    }
    return async () => {
      await holder.query('rollback');
      holder.release();
    };
  }

  private count(what: string): void {
    this.kills[what] = (this.kills[what] ?? 0) + 1;
  }

  /** Recipients write, a few of them "Stop"; what each wrote tells which of theirs it was. */
  private async receive(): Promise<void> {
    const to = this.account.senderNumber as string;
    for (let left = repliesPerLife; left > 0; left -= 20) {
      const replies = Array.from({ length: 20 }, () =>
        composeReply({
          from: this.random.pick(this.from),
          to,
          text: this.random.chance(0.03) ? 'Stop' : `no. ${(this.replies += 1)}`,
        }),
      );
      await receiveReplies(this.database.pool, replies);
      await delay(this.random.whole(0, 60));
    }
  }

  /**
   * Once a dead worker's connections have ended what they were doing, what it had claimed is noted, and due
   * as if its leases had run out.
   */
  private async settle(): Promise<void> {
    const { pool } = this.database;
    const active = `from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`;
    await waitUntil('the dead worker’s connections are gone', async () => {
      const { rows } = await pool.query<{ count: string }>(`select count(*) ${active}`);
      return rows[0]?.count === '0';
    });
    const { rows } = await pool.query<{ id: string }>(
      `select id from webhook_delivery where state = 'SENDING'`,
    );
    if (rows.length > 0) this.count('with deliveries under way');
    for (const { id } of rows) this.underWay.set(id, (this.underWay.get(id) ?? 0) + 1);
    await pool.query(`update webhook_delivery set next_attempt_at = now() where next_attempt_at is not null`);
    await pool.query('update webhook_endpoint set retry_at = now(), held_until = null');
  }

  /** A last worker sends what is left, and nobody kills it. */
  private async finish(): Promise<void> {
    const { pool } = this.database;
    for (const endpoint of this.endpoints) endpoint.isWell = true;
    await this.startWorker();
    await waitUntil(
      'everything was delivered',
      async () => {
        // as if the time had passed for which what failed before waits
        await pool.query(`update webhook_delivery set next_attempt_at = now() where id = any (array(
          select id from webhook_delivery where state = 'WAITING' and next_attempt_at > now() for update skip locked))`);
        await pool.query(`update webhook_endpoint set retry_at = now(), held_until = null
          where not exists (select from webhook_delivery where endpoint_id = webhook_endpoint.id and state = 'SENDING')`);
        const { rows } = await pool.query<{ left: string }>(
          `select (select count(*) from webhook_batch)
             + (select count(*) from webhook_delivery where state in ('WAITING', 'SENDING')) as left`,
        );
        return rows[0]?.left === '0';
      },
      120_000,
    );
  }

  private async judge(): Promise<{ violations: string[]; deliveries: number; repeats: number }> {
    const violations: string[] = [];
    const { rows } = await this.database.pool.query<{
      id: string;
      endpointId: number;
      msisdn: string;
      state: string;
    }>(
      `select id, endpoint_id as "endpointId", msisdn, state from webhook_delivery order by endpoint_id, id`,
    );
    const { rows: events } = await this.database.pool.query<{ count: string }>(
      `select (select count(*) from reply) + (select count(*) from opt_out_event where kind = 'OPTED_OUT') as count`,
    );
    let repeats = 0;
    for (const endpoint of this.endpoints) {
      const own = rows.filter(({ endpointId }) => endpointId === endpoint.id);
      const say = (what: string) => violations.push(`${endpoint.manner}: ${what}`);
      if (own.length !== Number(events[0]?.count))
        say(`${own.length} deliveries of ${events[0]?.count} events`);
      const last = new Map<string, string>();
      for (const { id, msisdn, state } of own) {
        const seen = endpoint.seen.get(this.nameOf(id));
        if (state !== 'DELIVERED') say(`delivery ${id} is ${state}`);
        if (!seen?.taken) {
          say(`delivery ${id} was never taken`);
          continue;
        }
        repeats += seen.taken - 1;
        if (seen.taken - 1 > (this.underWay.get(id) ?? 0))
          say(
            `delivery ${id} was taken ${seen.taken} times, and under way at ${this.underWay.get(id) ?? 0} kills`,
          );
        const before = last.get(msisdn);
        last.set(msisdn, id);
        const taken = before === undefined ? null : endpoint.seen.get(this.nameOf(before))?.takenAt;
        if (endpoint.manner !== 'unordered' && before !== undefined && !(taken && taken < seen.cameAt))
          say(`delivery ${id} came before ${before}, of the same number, was taken`);
      }
    }
    return { violations, deliveries: rows.length, repeats };
  }

  private nameOf(id: string): string {
    return `msg_${this.account.id}_${id}`;
  }
}

export const webhooks: SoakPart = {
  run: (context, seed) => WebhookRound.run(context, seed),
  replay: async (context, seed) =>
    (await WebhookRound.run(context, Number(seed))).failure?.explanation ?? null,
};
