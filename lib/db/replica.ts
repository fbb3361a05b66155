import { setTimeout as delay } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';
import { statement } from '@/lib/db/statement';
import { log } from '@/lib/log';

/**
 * Whether a replica is asked. `used`: whenever it has all that was committed before the question. `behind`,
 * `away`: it is not, and the primary answers everything until a look finds it right again.
 */
export type ReplicaState = 'used' | 'behind' | 'away';

/** What is known of a replica in this process. */
export interface ReplicaView {
  state: ReplicaState;
  /** Since when. */
  since: Date;
  /** While it is away: why, in a sentence for whoever runs the program. */
  problem: string | null;
  /** How much of the log it had yet to carry out when it was last looked at; null: it did not say. */
  lagBytes: number | null;
  /** How many reads it has answered, and how many the primary in its place, by why. */
  reads: Record<'replica' | 'behind' | 'away' | 'failed', number>;
}

/** For a new connection of a pool (`verify` of pg): fails unless it leads where the looks do. */
export type VerifyConnection = (client: PoolClient, done: (error?: Error) => void) => void;

/** The pools of a replica, each opened by whoever knows what it is for. */
export interface ReplicaPools {
  pages: Pool;
  files: Pool;
  /** Closes them. What `pages` are asked fails at once; a file that has begun is read to its end. */
  close(): Promise<void>;
}

export interface ReplicaOptions {
  url: string;
  /** Where everything is written. */
  getPrimary: () => Pool;
  open: (verify: VerifyConnection) => ReplicaPools;
  /** Whether what a read throws is what it has to say, which the primary would say too; not set: never. */
  isAnswer?: (error: unknown) => boolean;
  /** How long a read waits for the replica to carry out what the primary has written. */
  longestWaitMs?: number;
  /** How often it is looked at. */
  lookEveryMs?: number;
}

/** How long it may take to answer a question about itself. */
const longestAnswerMs = 2_000;
/** Between two questions how far it has come, while a read waits for that. */
const betweenQuestionsMs = 2;

/**
 * How far the primary has written: what was committed before the question lies before this. A commit is
 * visible once it is on disk, so that what is on disk is enough; but for those who have asked PostgreSQL not
 * to wait for the disk.
 */
const findWritten = statement({
  name: 'find-written-position',
  columns: { timeline: 'int4', at: 'int8' },
  sql: () => `
    select ('x' || left(pg_walfile_name(written.at), 8))::bit(32)::int4 as timeline,
      (written.at - '0/0'::pg_lsn)::int8 as at
    from (
      select case when current_setting('synchronous_commit') = 'off'
        then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end as at
    ) as written`,
});

const identityColumns = { system: 'text', database: 'text' } as const;
const identitySql = `
  (select system_identifier::text from pg_control_system()) as system, current_database()::text as database`;

const identifyPrimary = statement({
  name: 'identify-primary',
  columns: identityColumns,
  sql: () => `select ${identitySql}`,
});

const carriedOutColumns = { isStandby: 'bool', at: 'int8', startedAt: 'text' } as const;
const carriedOutSql = `
  pg_is_in_recovery() as "isStandby",
  coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::int8, 0) as at,
  pg_postmaster_start_time()::text as "startedAt"`;

const findCarriedOut = statement({
  name: 'find-carried-out-position',
  columns: carriedOutColumns,
  sql: () => `select ${carriedOutSql}`,
});

/** Its history is the newest that it has restarted from or written pages of; an older one is not believed. */
const describeReplica = statement({
  name: 'describe-replica',
  columns: { ...carriedOutColumns, ...identityColumns, timeline: 'int4', givesFeedback: 'bool' },
  sql: () => `
    select ${carriedOutSql}, ${identitySql},
      greatest(
        (select timeline_id from pg_control_checkpoint()),
        (select min_recovery_end_timeline from pg_control_recovery())
      ) as timeline,
      current_setting('hot_standby_feedback')::bool as "givesFeedback"`,
});

/** Or it was started anew just now, which the next look finds. */
const severalServers =
  'DATABASE_READ_URL leads now to one server, now to another. Give the address of one standby.';

const findStart = statement({
  name: 'find-start-of-server',
  columns: { startedAt: 'text' },
  sql: () => `select pg_postmaster_start_time()::text as "startedAt"`,
});

/** The replica cannot be used; the message is a sentence for whoever set its address. */
export class ReplicaProblem extends Error {
  override readonly name = 'ReplicaProblem';
  /** It may be over by itself, without another address. */
  readonly mayPass: boolean;

  constructor(message: string, { mayPass = false, ...options }: { mayPass?: boolean; cause?: unknown } = {}) {
    super(message, options);
    this.mayPass = mayPass;
  }
}

interface Comparison {
  /** What the primary had written before the replica was asked what it has carried out. */
  written: bigint;
  carriedOut: bigint;
  timeline: number;
  /** Tells one run of a server from another. */
  startedAt: string;
  /** `hot_standby_feedback`: without it the primary may clear away what a long read of the replica needs. */
  givesFeedback: boolean;
}

/**
 * Makes sure that a connection leads to a standby of the primary's database. Throws a
 * {@link ReplicaProblem} that says what is wrong.
 */
export async function compareWithPrimary(
  primary: Pick<Pool, 'query'>,
  replica: Pick<Pool, 'query'>,
): Promise<Comparison> {
  const [of, written] = await askPrimary(primary);
  const self = await describeReplica.only(replica, {});
  if (self.system !== of.system) {
    throw new ReplicaProblem(
      'DATABASE_READ_URL leads to another database system than DATABASE_URL. Give the address of a standby of it, or unset DATABASE_READ_URL.',
    );
  }
  if (!self.isStandby) {
    throw new ReplicaProblem(
      'DATABASE_READ_URL leads to a PostgreSQL that is no standby: it takes writes. Give the address of a standby of DATABASE_URL, or unset DATABASE_READ_URL.',
    );
  }
  if (self.database !== of.database) {
    throw new ReplicaProblem(
      `DATABASE_READ_URL names the database "${self.database}", and DATABASE_URL "${of.database}". Name the same one in both.`,
    );
  }
  if (self.timeline !== written.timeline) {
    throw new ReplicaProblem(
      'The standby of DATABASE_READ_URL follows another history than DATABASE_URL: one of them was promoted. Let it follow the new primary.',
      { mayPass: true },
    );
  }
  return {
    written: BigInt(written.at),
    carriedOut: BigInt(self.at),
    timeline: self.timeline,
    startedAt: self.startedAt,
    givesFeedback: self.givesFeedback,
  };
}

async function askPrimary(primary: Pick<Pool, 'query'>) {
  try {
    // one after the other: it may be one connection
    return [await identifyPrimary.only(primary, {}), await findWritten.only(primary, {})] as const;
  } catch (cause) {
    throw new ReplicaProblem('DATABASE_URL does not say how far it has written.', { cause });
  }
}

/**
 * A standby of the primary that answers reads, and never with less than was committed before they began: each
 * read asks the primary how far it has written, and goes to the replica only when that has carried it out
 * (docs/decisions/0075-reading-from-a-replica.md).
 */
export class Replica {
  private readonly watch: Pool;
  private readonly longestWaitMs: number;
  private readonly lookEveryMs: number;
  private opened: ReplicaPools | null = null;
  private carriedOut = 0n;
  private timeline = 0;
  private startedAt = '';
  private asking: Promise<void> | null = null;
  private askingPrimary: Promise<{ timeline: number; at: string }> | null = null;
  private looking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private readonly abandon = new Set<(error: Error) => void>();
  readonly view: ReplicaView = {
    state: 'away',
    since: new Date(),
    problem: 'It has not been looked at yet.',
    lagBytes: null,
    reads: { replica: 0, behind: 0, away: 0, failed: 0 },
  };

  /** It is used once a first look has found it right. */
  constructor(private readonly options: ReplicaOptions) {
    this.longestWaitMs = options.longestWaitMs ?? 50;
    this.lookEveryMs = options.lookEveryMs ?? 1_000;
    this.watch = new Pool({
      connectionString: sessionUrl(options.url),
      max: 1,
      connectionTimeoutMillis: longestAnswerMs,
      query_timeout: longestAnswerMs,
      idleTimeoutMillis: 60_000,
      application_name: 'client-zone replica',
    });
    // What it was asked fails by itself, and the next look says what is wrong.
    this.watch.on('connect', (client) => client.on('error', () => undefined));
    this.watch.on('error', () => undefined);
    void this.look();
  }

  /**
   * Reads from the replica when it has all that was committed before this was called, having waited a moment
   * for what is on its way; else, and when the replica fails, from the primary.
   *
   * @param discard of a read that goes on after its answer has begun, which is not ended with the replica's
   *   connections: lets go of what it answers too late, once the primary was asked in its place
   */
  async ask<Result>(
    read: (pools: ReplicaPools) => Promise<Result>,
    readPrimary: () => Promise<Result>,
    discard?: (late: Result) => void,
  ): Promise<Result> {
    const { reads } = this.view;
    const pools = await this.findCurrent();
    if (typeof pools === 'string') {
      reads[pools]++;
      return readPrimary();
    }
    try {
      const reading = read(pools);
      const result = await (discard ? this.whileReached(reading, discard) : reading);
      reads.replica++;
      return result;
    } catch (error) {
      if (this.options.isAnswer?.(error)) {
        reads.replica++;
        throw error;
      }
      reads.failed++;
      this.doubt(error);
      return readPrimary();
    }
  }

  /** The pools to read from, or why the primary is to be asked. */
  private async findCurrent(): Promise<ReplicaPools | 'behind' | 'away' | 'failed'> {
    if (this.view.state !== 'used') return this.view.state;
    try {
      const written = await this.askHowFarPrimary();
      if (written.timeline !== this.timeline)
        throw new ReplicaProblem('The primary has another history now.');
      const position = BigInt(written.at);
      const isCurrent = await this.waitFor(position);
      // It may have gone while it was waited for.
      if (this.view.state !== 'used' || !this.opened) return this.nameReason();
      if (isCurrent) return this.opened;
      this.enter('behind', position);
      return 'behind';
    } catch (error) {
      this.doubt(error);
      return 'failed';
    }
  }

  private nameReason(): 'behind' | 'away' {
    return this.view.state === 'behind' ? 'behind' : 'away';
  }

  /**
   * What a read answers; throws as soon as the replica is found to be away: a connection to a machine that
   * has vanished may take minutes to say so.
   */
  private async whileReached<Result>(
    reading: Promise<Result>,
    discard: (late: Result) => void,
  ): Promise<Result> {
    let abandon: (error: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => (abandon = reject));
    this.abandon.add(abandon);
    try {
      return await Promise.race([reading, lost]);
    } catch (error) {
      // If it was the read itself that failed, there is nothing to let go of.
      reading.then(discard, () => undefined);
      throw error;
    } finally {
      this.abandon.delete(abandon);
    }
  }

  /** Looks whether it can be used; one look at a time. */
  look(): Promise<void> {
    clearTimeout(this.timer);
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = null;
      if (this.isClosed) return;
      // What it lacks may be there in a moment.
      const pauseMs = this.view.state === 'behind' ? this.lookEveryMs / 4 : this.lookEveryMs;
      this.timer = setTimeout(() => void this.look(), pauseMs).unref();
    });
    return this.looking;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all([this.opened?.close(), this.watch.end()]);
  }

  /** Whether it is still to be used is looked at now. */
  private doubt(error: unknown): void {
    // Otherwise that was said when it was found to be away.
    if (this.view.state === 'used')
      log.warn({ err: error }, 'The replica failed a read; the primary answers');
    void this.look();
  }

  private async lookOnce(): Promise<void> {
    try {
      const found = await compareWithPrimary(this.options.getPrimary(), this.watch);
      if (found.startedAt !== this.startedAt) this.forget();
      if (found.carriedOut > this.carriedOut) this.carriedOut = found.carriedOut;
      this.timeline = found.timeline;
      this.startedAt = found.startedAt;
      this.enter((await this.waitFor(found.written)) ? 'used' : 'behind', found.written);
    } catch (error) {
      this.leave(error);
    }
  }

  /** @param written what the primary has written */
  private enter(state: 'used' | 'behind', written: bigint): void {
    const { view } = this;
    view.lagBytes = Number(written > this.carriedOut ? written - this.carriedOut : 0n);
    view.problem = null;
    if (state === 'used') this.opened ??= this.options.open(this.verify);
    if (state === view.state) return;
    view.state = state;
    view.since = new Date();
    if (state === 'used') log.info('The replica is asked for lists and files');
    else log.warn({ lagBytes: view.lagBytes }, 'The replica is behind; the primary answers');
  }

  /** It is away. Its connections are let go of: some may never answer. */
  private leave(error: unknown): void {
    const { view } = this;
    const problem = describeProblem(error);
    if (view.state !== 'away') view.since = new Date();
    const isNews = view.state !== 'away' || view.problem !== problem;
    view.state = 'away';
    view.problem = problem;
    view.lagBytes = null;
    if (isNews) log.warn({ err: error }, 'The replica is away; the primary answers');
    for (const abandon of this.abandon) abandon(new ReplicaProblem(problem));
    this.forget();
  }

  /** Of a server that has gone nothing is known any more. */
  private forget(): void {
    const { opened } = this;
    this.opened = null;
    this.carriedOut = 0n;
    this.startedAt = '';
    opened
      ?.close()
      .catch((error: unknown) => log.warn({ err: error }, 'Closing the replica’s connections failed'));
  }

  /** Whether it carries out a position in time. */
  private async waitFor(position: bigint): Promise<boolean> {
    const deadline = performance.now() + this.longestWaitMs;
    while (this.carriedOut < position) {
      await this.askHowFar();
      if (this.carriedOut >= position) break;
      if (performance.now() >= deadline) return false;
      await delay(betweenQuestionsMs);
    }
    return true;
  }

  /** One question for all who ask at the same moment: it leaves after the last of them has asked. */
  private askHowFarPrimary(): Promise<{ timeline: number; at: string }> {
    this.askingPrimary ??= Promise.resolve().then(() => {
      this.askingPrimary = null;
      return findWritten.only(this.options.getPrimary(), {});
    });
    return this.askingPrimary;
  }

  /** One question for all who wait: how far it has come only grows. */
  private askHowFar(): Promise<void> {
    this.asking ??= findCarriedOut
      .only(this.watch, {})
      .then(({ isStandby, at, startedAt }) => {
        // From then on it has a history of its own, in which a position means something else.
        if (!isStandby) throw new ReplicaProblem('The standby was promoted: it takes writes.');
        if (startedAt !== this.startedAt) throw new ReplicaProblem(severalServers);
        this.carriedOut = BigInt(at);
      })
      .finally(() => (this.asking = null));
    return this.asking;
  }

  /** An address that leads now here, now there, would have one server say what another has. */
  private readonly verify: VerifyConnection = (client, done) => {
    findStart.only(client, {}).then(
      ({ startedAt }) => done(startedAt === this.startedAt ? undefined : new ReplicaProblem(severalServers)),
      (error: Error) => done(error),
    );
  };
}

function describeProblem(error: unknown): string {
  if (error instanceof ReplicaProblem) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  return `It cannot be asked (${code ?? message ?? 'without a reason'}).`;
}
