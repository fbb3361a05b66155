import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { composeReplyUrl } from '@/lib/carriers/kannel/addresses';
import { env } from '@/lib/env';
import { acceptMessages } from '@/lib/messages/commands';
import { createAccount, type TestAccount } from './factories';
import { GoBetween } from './go-between';
import { TestKannel } from './kannel';
import { readLedger } from './ledger';
import { waitUntil } from './poll';
import { encodeGsm } from './smpp-network';
import { findFreePort, isWorkerUp, runAtOnce, startWorkerProcess } from './worker-process';

interface FaultOptions {
  databaseUrl: string;
  /** Of the same database, for the customer and for the judge. */
  pool: Pool;
  workers: number;
  /** A batch is no larger than what the carrier takes in a second. */
  ratePerSecond: number;
  /** What else a worker has, by its place: such as a clock that is not right. */
  environmentOf?: (place: number) => Record<string, string>;
  /**
   * Whether messages in doubt are held for a person, as the database has been told; else they are sent again.
   */
  areHeld?: boolean;
  /** Whether workers are boxes of Kannel: then nothing that Kannel took may be lost, whatever is killed. */
  areBoxes?: boolean;
}

/** Of the product's calls, and of Kannel's link: what may be without an answer when one is lost. */
const windowSize = 100;

/**
 * A customer who sends, recipients who reply, real workers, a real Kannel, and a network; what a test kills
 * of it, it starts again. At the end it is counted: invariants 1, 2 and 8.
 */
export class CarrierFaults {
  readonly kills = { worker: 0, smsbox: 0, bearerbox: 0, database: 0 };
  /** When a worker last ended. */
  private lastEndAt = new Date();
  /** Messages whose link or answer the network lost on purpose, and may therefore come twice. */
  lostByNetwork = 0;
  private lookAtSmsbox: Promise<void> = Promise.resolve();
  private readonly workers: { port: number; process: ChildProcess | null }[] = [];
  /** Who replied, and whether they want to be left alone. */
  private readonly poured = new Map<string, { isStop: boolean }>();
  /** What was accepted, by the number it is to, and since when it was tried. */
  private readonly accepted = new Map<string, { text: string; begunAt: number }[]>();

  private constructor(
    private readonly options: FaultOptions,
    readonly kannel: TestKannel,
    readonly between: GoBetween,
    readonly account: TestAccount,
  ) {}

  static async start(options: FaultOptions): Promise<CarrierFaults> {
    const ports: number[] = [];
    while (ports.length < options.workers) ports.push(await findFreePort());
    const between = await GoBetween.start(...ports);
    const secret = env.CARRIER_SECRET;
    const kannel = await TestKannel.prepare({
      replyUrl: composeReplyUrl({ listener: between.address, carrier: 'kannel', secret }),
      hasOwnBox: options.areBoxes ?? false,
    });
    const account = await createAccount(options.pool, { credits: 10_000_000 });
    const faults = new CarrierFaults(options, kannel, between, account);
    try {
      for (const port of ports) faults.workers.push({ port, process: null });
      await Promise.all([kannel.run(), ...ports.map((_, place) => faults.startWorker(place))]);
    } catch (error) {
      await faults.stop();
      throw error;
    }
    return faults;
  }

  get pool(): Pool {
    return this.options.pool;
  }

  /**
   * These recipients reply until Kannel has taken each reply; every fifth wants no more, unless told which.
   * Answers with those who do.
   */
  async pour(
    numbers: readonly string[],
    { width = 20, pauseMs = 0, isStop = (place: number) => place % 5 === 0 } = {},
  ): Promise<string[]> {
    const to = this.account.senderNumber as string;
    const replies = numbers.map((from, place) => ({ from, isStop: isStop(place) }));
    for (const reply of replies) this.poured.set(reply.from, reply);
    await runAtOnce(width, replies, async ({ from, isStop: wantsNoMore }) => {
      const text = wantsNoMore ? 'Stop' : `hello ${from}`;
      await this.kannel.network.deliver([{ from, to, octets: encodeGsm(text) }]);
      if (pauseMs > 0) await delay(pauseMs);
    });
    return replies.filter((reply) => reply.isStop).map(({ from }) => from);
  }

  /** The customer sends to these until it is accepted; each text is like no other. */
  async send(recipients: readonly string[]): Promise<void> {
    const text = `Our sale ${randomUUID()}`;
    const batch = { recipients, text, idempotencyKey: randomUUID() };
    // Before the first try: it may have been accepted without our hearing of it.
    const begunAt = Date.now();
    await persist(async () => {
      const result = await acceptMessages(this.options.pool, this.account.scope, batch);
      if (!result.ok) throw new Error(`A batch was refused: ${result.reason}.`);
    });
    for (const to of recipients) this.accepted.set(to, [...(this.accepted.get(to) ?? []), { text, begunAt }]);
  }

  /** Whether a worker has acknowledged the reply of each of these. */
  areAcknowledged(numbers: readonly string[]): boolean {
    const known = new Set([...this.between.acknowledged.values()].map(({ from }) => from));
    return numbers.every((number) => known.has(number));
  }

  async startWorker(place: number): Promise<void> {
    const worker = this.workers[place];
    if (!worker) throw new RangeError(`There is no worker ${place}.`);
    const process = await startWorkerProcess({
      databaseUrl: this.options.databaseUrl,
      ratePerSecond: this.options.ratePerSecond,
      port: worker.port,
      environment: {
        ...this.kannel.environment,
        CARRIER_LISTENER_URL: this.between.address,
        ...this.options.environmentOf?.(place),
      },
    });
    worker.process = process;
    await waitUntil('the worker is up', async () => {
      if (hasEnded(process)) throw new Error('A worker ended at its start.');
      // Asked more often, it would take the time that the worker needs to come up.
      await delay(50);
      return isWorkerUp(worker.port);
    });
  }

  /** Ends a worker at once, or asks it to stop. */
  async endWorker(place: number, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const process = this.workers[place]?.process;
    if (!process || hasEnded(process)) return;
    const ended = once(process, 'exit');
    process.kill(signal);
    await ended;
    this.lastEndAt = new Date();
    this.kills.worker += 1;
  }

  /** Whether the worker runs, and takes replies. */
  async isWorkerUp(place: number): Promise<boolean> {
    return this.isWorkerRunning(place) && isWorkerUp(this.workers[place]?.port ?? 0);
  }

  /** Whether the worker runs; the database may have taken it along. */
  isWorkerRunning(place: number): boolean {
    const process = this.workers[place]?.process;
    return process !== undefined && process !== null && !hasEnded(process);
  }

  /** Ends one of Kannel's programs and starts it again; a clean stop of bearerbox ends smsbox, too. */
  async restart(box: 'smsbox' | 'bearerbox', signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.kannel.end(box, signal);
    this.kills[box] += 1;
    if (box === 'bearerbox') await this.kannel.startBearerbox();
    await this.keepSmsboxRunning();
  }

  /** Starts smsbox if it does not run, as whoever supervises it does; one such look at a time. */
  keepSmsboxRunning(): Promise<void> {
    const look = async () => {
      for (let tries = 1; !this.kannel.isRunning('smsbox'); tries++) {
        // Without a bearerbox it ends at once.
        await this.kannel.startSmsbox().catch((error: unknown) => {
          if (tries === 40) throw error;
          return delay(250);
        });
      }
    };
    return (this.lookAtSmsbox = this.lookAtSmsbox.then(look, look));
  }

  /** All runs again; what dead workers had claimed is due at once, and everything goes out. */
  async finish(deadlineMs = 60_000): Promise<void> {
    const { pool } = this.options;
    for (const [place] of this.workers.entries()) {
      if (!this.isWorkerRunning(place)) await this.startWorker(place);
    }
    await this.keepSmsboxRunning();
    await waitUntil(
      'everything has gone out',
      async () => {
        await this.keepSmsboxRunning();
        // What dead workers had claimed is due at once, and what is in doubt; the claims of the living are
        // left alone. Leases are two minutes.
        await pool.query(
          `update message set next_attempt_at = now()
           where account_id = $1 and next_attempt_at > now()
             and (status <> 'SENDING'
               or next_attempt_at < least($2::timestamptz, now() - interval '2 seconds') + interval '120 seconds')`,
          [this.account.id, this.lastEndAt],
        );
        // What is held waits for a person, and for nothing else.
        const { rows } = await pool.query<{ waiting: string }>(
          `select count(*) as waiting from message
           where account_id = $1 and (status in ('SENDING', 'QUEUED') or status = 'IN_DOUBT' and next_attempt_at is not null)`,
          [this.account.id],
        );
        await delay(100);
        return rows[0]?.waiting === '0' && (await this.isKannelEmpty());
      },
      deadlineMs,
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)} ${await this.describeWaiting()}`);
    });
  }

  /** What has not come to an end, and what Kannel says of itself. */
  private async describeWaiting(): Promise<string> {
    const { rows } = await this.options.pool.query(
      `select status, count(*)::int, min(next_attempt_at - now())::text as due, max(reason) as reason
       from message where account_id = $1 and status in ('SENDING', 'QUEUED', 'IN_DOUBT') group by status`,
      [this.account.id],
    );
    const { rows: carriers } = await this.options.pool.query(
      'select state, problem, open_until, failures, errors from carrier left join carrier_worker on carrier = name',
    );
    const status = (await this.kannel.readStatus())
      ?.split('\n')
      .filter((line) => /SMS:|smsbox|SMPP/.test(line));
    return JSON.stringify({ rows, carriers, status });
  }

  /** What was counted, and what should not be. */
  async judge(): Promise<{ counts: Record<string, number>; violations: string[] }> {
    const replies = await this.judgeReplies();
    const messages = await this.judgeMessages();
    const ledger = await readLedger(this.options.pool, this.account.id);
    const isBalanced = ledger.balance === ledger.entries && ledger.balance === ledger.toppedUpLessCosts;
    return {
      counts: {
        'worker kills': this.kills.worker,
        'smsbox ends': this.kills.smsbox,
        'bearerbox ends': this.kills.bearerbox,
        'database ends': this.kills.database,
        ...replies.counts,
        ...messages.counts,
      },
      violations: [
        ...replies.violations,
        ...messages.violations,
        ...(isBalanced ? [] : [`the money does not add up: ${JSON.stringify(ledger)}`]),
      ],
    };
  }

  async stop(): Promise<void> {
    for (const { process } of this.workers) process?.kill('SIGKILL');
    await this.kannel.stop();
    await this.between.close();
  }

  /** Whether bearerbox holds nothing more, either way. */
  private async isKannelEmpty(): Promise<boolean> {
    const status = (await this.kannel.readStatus()) ?? '';
    return /SMS: received \d+ \(0 queued\), sent \d+ \(0 queued\), store size 0/.test(status);
  }

  private async judgeReplies() {
    const { rows: stored } = await this.options.pool.query<{
      id: string;
      msisdn: string;
      times: string;
      blocked: boolean;
      confirmations: string;
    }>(
      `select carrier_message_id as id, reply.msisdn, count(*) as times, bool_or(opt_out.msisdn is not null) as blocked,
         (select count(*) from message where message.account_id = $1 and message.msisdn = reply.msisdn
            and kind = 'CONFIRMATION') as confirmations
       from reply left join opt_out using (account_id, msisdn)
       where account_id = $1 group by carrier_message_id, reply.msisdn`,
      [this.account.id],
    );
    const byId = new Map(stored.map((reply) => [reply.id, reply]));
    const violations: string[] = [];
    for (const [id, { from }] of this.between.acknowledged) {
      const reply = byId.get(id);
      if (!reply) violations.push(`8: reply ${id} of ${from} was acknowledged and is not there`);
    }
    for (const { id, msisdn, times, blocked, confirmations } of stored) {
      if (times !== '1') violations.push(`8: reply ${id} is there ${times} times`);
      if (!this.poured.get(msisdn)?.isStop) continue;
      if (!blocked) violations.push(`1: reply ${id} was recorded and blocks nobody`);
      if (confirmations !== '1') violations.push(`2: reply ${id} has ${confirmations} confirmations`);
    }
    const recorded = new Set(stored.map(({ msisdn }) => msisdn));
    const twice = stored.length - recorded.size;
    const { perhapsTwice } = this.kannel.network;
    if (twice > perhapsTwice)
      violations.push(`8: ${twice} replies are there twice, of ${perhapsTwice} that may be`);
    const countPeople = (people: typeof stored) => new Set(people.map(({ msisdn }) => msisdn)).size;
    const stops = [...this.poured].filter(([, { isStop }]) => isStop).map(([number]) => number);
    const lost = [...this.poured.keys()].filter((number) => !recorded.has(number));
    if (this.options.areBoxes && lost.length > 0)
      violations.push(`8: ${lost.length} replies that Kannel took are not there`);
    return {
      violations,
      counts: {
        'replies taken by Kannel': this.poured.size,
        'requests of Kannel': this.between.handedOn,
        'replies acknowledged': this.between.acknowledged.size,
        'people whose reply is recorded': recorded.size,
        'replies that the network handed over again': perhapsTwice,
        'of these recorded twice': twice,
        'replies lost in Kannel': lost.length,
        'opt-outs wanted': stops.length,
        'opt-outs in force': countPeople(stored.filter(({ blocked }) => blocked)),
        confirmations: countPeople(stored.filter(({ confirmations }) => confirmations === '1')),
      },
    };
  }

  private async judgeMessages() {
    const { rows } = await this.options.pool.query<{
      msisdn: string;
      text: string;
      kind: string;
      status: string;
      doubted: boolean;
    }>(
      `select msisdn, text, kind, status, doubted_at is not null as doubted from message where account_id = $1`,
      [this.account.id],
    );
    const arrivals = new Map<string, number>();
    for (const part of this.kannel.network.parts) {
      const key = `${part.to} ${part.octets.toString('latin1')}`;
      arrivals.set(key, (arrivals.get(key) ?? 0) + 1);
    }
    const composeKey = (message: { msisdn: string; text: string }) =>
      `${message.msisdn} ${encodeGsm(message.text).toString('latin1')}`;
    const timesOf = (message: { msisdn: string; text: string }) => arrivals.get(composeKey(message)) ?? 0;
    const refused = new Set(
      this.kannel.network.refused.map((part) => `${part.to} ${part.octets.toString('latin1')}`),
    );
    const acknowledgedAt = new Map([...this.between.acknowledged.values()].map(({ from, at }) => [from, at]));
    const violations: string[] = [];
    const byKey = new Map(rows.map((row) => [`${row.msisdn} ${row.text}`, row]));
    let blocked = 0;
    let held = 0;
    // The network has said so to Kannel, and the receipt was in the memory of a smsbox that was killed.
    let lostRefusals = 0;
    for (const [msisdn, sent] of this.accepted) {
      const stoppedAt = this.poured.get(msisdn)?.isStop ? acknowledgedAt.get(msisdn) : undefined;
      for (const { text, begunAt } of sent) {
        const message = byKey.get(`${msisdn} ${text}`);
        const times = timesOf({ msisdn, text });
        if (!message) violations.push(`8: an accepted message to ${msisdn} is not there`);
        else if (message.status === 'BLOCKED') {
          blocked += 1;
          if (times > 0) violations.push(`1: a blocked message reached ${msisdn}`);
        } else if (message.status === 'IN_DOUBT') held += 1;
        else if (message.status !== 'FAILED' && times === 0)
          if (refused.has(composeKey({ msisdn, text }))) lostRefusals += 1;
          else violations.push(`8: an accepted message never reached ${msisdn} (${message.status})`);
        if (stoppedAt !== undefined && begunAt > stoppedAt && message?.status !== 'BLOCKED')
          violations.push(`1: a message to ${msisdn} was accepted after its opt-out was acknowledged`);
      }
    }
    // One that the network refused for good has ended, too.
    const confirmations = rows.filter(
      ({ kind, status }) => kind === 'CONFIRMATION' && !['FAILED', 'IN_DOUBT'].includes(status),
    );
    const silent = confirmations.filter(
      (message) => timesOf(message) === 0 && !refused.has(composeKey(message)),
    );
    if (silent.length > 0) violations.push(`2: ${silent.length} confirmations never reached their phones`);
    const twice = rows.reduce((sum, message) => sum + Math.max(0, timesOf(message) - 1), 0);
    const { worker, smsbox, bearerbox, database } = this.kills;
    const batch = Math.min(this.options.ratePerSecond, 500);
    // Held, nothing of ours is sent again; Kannel, which does not know what it sent, sends again by itself.
    const most =
      (this.options.areHeld ? 0 : (worker + database) * batch) +
      (smsbox + bearerbox) * windowSize * this.workers.length +
      this.lostByNetwork;
    if (!this.options.areHeld && held > 0) violations.push(`8: ${held} messages stay in doubt`);
    if (twice > most) violations.push(`8: ${twice} messages arrived again, more than ${most}`);
    return {
      violations,
      counts: {
        'messages accepted': [...this.accepted.values()].flat().length,
        'messages blocked': blocked,
        ...(this.options.areHeld && { 'held for a person': held }),
        'refusals lost in Kannel': lostRefusals,
        'parts that arrived': this.kannel.network.parts.length,
        'arrived again': twice,
        'allowed to arrive again': most,
        'were in doubt': rows.filter(({ doubted }) => doubted).length,
      },
    };
  }
}

function hasEnded(process: ChildProcess): boolean {
  return process.exitCode !== null || process.signalCode !== null;
}

async function persist(work: () => Promise<unknown>): Promise<void> {
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
