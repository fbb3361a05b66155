import 'server-only';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { beginSaying, endSaying, composeSaidSql } from '@/lib/db/notify';
import { isOfOneServer, learnServer } from '@/lib/db/one-server';
import { beginLending, endLending, endPrisma } from '@/lib/db/prisma';
import { sessionUrl } from '@/lib/db/session-url';
import type { Row, Statement, Values } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

/** One pool of connections; Prisma on top of it is `prismaOn(pool)`. */
export interface Database {
  pool: Pool;
  close(): Promise<void>;
}

/**
 * Opens a database. A statement is given up after a minute; a longer one (a download) sets
 * `SET LOCAL statement_timeout = 0` within its transaction.
 *
 * @param options in place of what is usual here; `verify` looks at each new connection before it is used
 */
export function createDatabase(
  url: string,
  poolSize = env.DATABASE_POOL_SIZE,
  options: Pick<PoolConfig, 'verify' | 'connectionTimeoutMillis' | 'pipeline'> = {},
): Database {
  const pool = new Pool({
    connectionString: sessionUrl(url),
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'client-zone',
    // A transaction's first statement does not wait for the answer to its BEGIN. COPY has pools of its own.
    pipeline: true,
    ...options,
  });
  // Without these listeners a connection that breaks would end the process: the first hears of those in use
  // (whose query fails as well), the second of those that are idle. The pool replaces both.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'A database connection broke'));
    // Elsewhere it would stand in the way of COPY, or of what may not wait.
    if (pool.options.pipeline) learnServer(client);
  });
  pool.on('error', () => undefined);
  return {
    pool,
    async close() {
      await endPrisma(pool);
      await pool.end();
    },
  };
}

// Kept on globalThis: in development every reload evaluates this module again, and would open ten more
// connections.
const kept = globalThis as typeof globalThis & { clientZoneDatabase?: Database };

/** The process's database, opened when first asked for. */
export function getDatabase(): Database {
  return (kept.clientZoneDatabase ??= createDatabase(env.DATABASE_URL));
}

/** The process's pool. */
export function getPool(): Pool {
  return getDatabase().pool;
}

/** Closes the process's connections, if it has any; the last thing a process does. */
export async function closeDatabase(): Promise<void> {
  const database = kept.clientZoneDatabase;
  delete kept.clientZoneDatabase;
  await database?.close();
}

const maxRetries = 3;

/**
 * Runs `work` in a transaction: commits what it did, or rolls all of it back and throws what it threw. After
 * a deadlock or a serialisation failure it runs again, up to three times, so `work` must do nothing that a
 * rollback cannot undo.
 *
 * @param begin `'snapshot'`: it only reads, and all of it as of one moment
 */
export async function withTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  begin: keyof typeof beginnings = 'usual',
): Promise<Result> {
  for (let retry = 0; ; retry++) {
    try {
      return await runOnce(pool, work, begin);
    } catch (error) {
      if (!isTransient(error) || retry === maxRetries) throw error;
      // A random pause, so that the same two transactions do not meet again.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** retry));
    }
  }
}

const beginnings = { usual: 'BEGIN', snapshot: 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY' };

async function runOnce<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  begin: keyof typeof beginnings,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let hasFailed = true;
  beginLending(client);
  beginSaying(client);
  const ending: Ending = { canLeaveEarly: Boolean(pool.options.pipeline), commit: null };
  endings.set(client, ending);
  try {
    const begun = client.query(beginnings[begin]);
    // Elsewhere pg queues what comes before the answer, which it is about to give up.
    if (!pool.options.pipeline) await begun;
    const [done] = await Promise.allSettled([(async () => work(client))(), begun]);
    await begun;
    if (done.status === 'rejected') throw done.reason;
    await (ending.commit ?? commit(client));
    hasFailed = false;
    return done.value;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, not handed to the next one.
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    endLending(client, hasFailed);
    endSaying(client);
    endings.delete(client);
    client.release(broken);
  }
}

/** How an open transaction ends. */
interface Ending {
  /** A statement is on its way as soon as it is asked for: what pg does with pipelines alone. */
  canLeaveEarly: boolean;
  /** The commit that has been sent ahead of the work's end. */
  commit: Promise<void> | null;
}

const endings = new WeakMap<PoolClient, Ending>();

/**
 * Runs the last statement of a transaction, with its commit in the same trip: PostgreSQL takes them one after
 * the other, and when it refuses the statement, its answer to the commit is a rollback. What is to be said
 * (`notify`) must have been said before, and `work` must do nothing afterwards that can fail: it is committed
 * by then.
 *
 * @returns the statement's rows
 * @throws what the statement threw; then nothing of the transaction is committed
 */
export async function runLast<Givens, Columns>(
  client: PoolClient,
  last: Statement<Givens, Columns>,
  values: Values<Givens>,
): Promise<Row<Columns>[]> {
  const ending = endings.get(client);
  if (!ending || ending.commit) throw new Error('There is no open transaction to end.');
  if (!ending.canLeaveEarly) return last.all(client, values);
  let hasFailed = false;
  const answer = last.all(client, values);
  answer.catch(() => (hasFailed = true));
  // What pg cannot put into words for PostgreSQL it says within this turn: where the statement was not sent,
  // neither is the commit.
  await new Promise((resolve) => setImmediate(resolve));
  if (!hasFailed) {
    ending.commit = commit(client);
    // Whoever waits for the statement hears of it first.
    ending.commit.catch(() => undefined);
  }
  return answer;
}

/** Runs `work` in the transaction of a connection that has one, or in one of its own. */
export async function joinTransaction<Result>(
  connection: Pool | PoolClient,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return connection instanceof Pool ? withTransaction(connection, work) : work(connection);
}

/**
 * A cluster has committed in part: a machine died at that moment. What it had promised to commit comes into
 * force when it is back; until then nobody may be told that it is.
 */
export class PartialCommitError extends Error {
  override readonly name = 'PartialCommitError';
}

/**
 * Commits, with what is to be said in the same trip. Throws a {@link PartialCommitError} when PostgreSQL says
 * that it has, and warns that a part of it has not: only a cluster's coordinator does.
 */
async function commit(client: PoolClient): Promise<void> {
  const warnings: string[] = [];
  const listen = ({ message = '' }: { message?: string }) => {
    if (message.startsWith('failed to commit transaction')) warnings.push(message);
  };
  client.on('notice', listen);
  try {
    await client.query(`${composeSaidSql(client)}COMMIT`);
  } finally {
    client.off('notice', listen);
  }
  if (warnings.length > 0) throw new PartialCommitError(warnings.join('; '));
}

/**
 * Settings of PostgreSQL's for the rest of the transaction. How a prepared statement is planned is told to
 * one PostgreSQL alone: a cluster sends rows where the values of their keys lead to, and has no plan without
 * the values.
 */
export async function setLocally(
  client: PoolClient,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  const names = Object.keys(settings).filter((name) => name !== 'plan_cache_mode' || isOfOneServer(client));
  const calls = names.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  await client.query(
    `select ${calls.join(', ')}`,
    names.flatMap((name) => [name, String(settings[name])]),
  );
}

/**
 * 40P01: deadlock; 40001: serialisation failure; P2034: either, met by Prisma. They undo the whole
 * transaction, and the same again may succeed.
 */
function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001' || code === 'P2034';
}
