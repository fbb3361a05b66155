import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import { PrismaClient } from '@/lib/db/generated/client';

/**
 * Prisma's client without its own transactions and raw SQL: those are withTransaction's and statement's
 * (docs/decisions/0004-prisma-and-sql.md).
 */
export type Prisma = Pick<PrismaClient, Exclude<keyof PrismaClient, `$${string}`>>;

/** A client costs 7 MB and 15 ms, so that transactions lend each other theirs. */
interface Lent {
  prisma: PrismaClient;
  lender: Lender;
}

/** The clients there are. */
interface Clients {
  ofPools: WeakMap<Pool, PrismaClient>;
  ofConnections: WeakMap<PoolClient, Lent | null>;
  free: Lent[];
}

// Kept on globalThis: pages and routes are two bundles of one process, each with this module, and would have
// a client each, with its 40 MB.
const kept = globalThis as typeof globalThis & { clientZonePrisma?: Clients };
const { ofPools, ofConnections, free } = (kept.clientZonePrisma ??= {
  ofPools: new WeakMap(),
  ofConnections: new WeakMap(),
  free: [],
});

/**
 * Prisma's client on a pool or, with the connection of a transaction, within that transaction, where it goes
 * together with statements. It is made when it is first asked for: what never does (a worker at rest) saves
 * 40 MB.
 */
export function prismaOn(connection: Pool | PoolClient): Prisma {
  if (connection instanceof Pool) {
    const known =
      ofPools.get(connection) ?? new PrismaClient({ adapter: new PrismaPg(askThrough(connection)) });
    ofPools.set(connection, known);
    return known;
  }
  const known = ofConnections.get(connection);
  if (known) return known.prisma;
  if (known === undefined) throw new Error('Prisma takes a connection within withTransaction only.');
  const lent = free.pop() ?? makeLent();
  lent.lender.connection = connection;
  ofConnections.set(connection, lent);
  return lent.prisma;
}

/**
 * For withTransaction: from now on, and until the transaction ends, Prisma may be asked for on this
 * connection.
 */
export function beginLending(connection: PoolClient): void {
  ofConnections.set(connection, null);
}

/** For withTransaction, before it gives the connection back. */
export function endLending(connection: PoolClient, hasFailed: boolean): void {
  const lent = ofConnections.get(connection);
  ofConnections.delete(connection);
  if (!lent) return;
  lent.lender.connection = null;
  // Work that was left behind by a failure must not go on in somebody else's transaction.
  if (!hasFailed) free.push(lent);
}

/** Lets go of a pool that is about to be closed. */
export async function endPrisma(pool: Pool): Promise<void> {
  await ofPools.get(pool)?.$disconnect();
}

/** What Prisma hands to a connection. */
interface Query {
  text: string;
}
type Ask = (query: Query, ...rest: unknown[]) => unknown;

/**
 * Takes the casts out of what a write returns: Prisma asks for an enum as text, in which form it comes in any
 * case, and a cluster refuses the cast ("non-IMMUTABLE functions are not allowed in the RETURNING clause").
 */
function answerPlainly<Asked extends Query>(query: Asked): Asked {
  const place = /^(?:insert|update|delete)/i.test(query.text) ? query.text.lastIndexOf(' RETURNING ') : -1;
  if (place === -1) return query;
  const answer = query.text.slice(place).replaceAll(/"::text(?!\[)/g, '"');
  return { ...query, text: query.text.slice(0, place) + answer };
}

/** A pool as Prisma may ask it, which opens nothing of its own. */
function askThrough(pool: Pool): Pool {
  const door = new Pool();
  door.query = ((first: Query, ...rest: unknown[]) =>
    (pool.query as Ask).call(pool, answerPlainly(first), ...rest)) as Pool['query'];
  door.connect = (async () => {
    const client = await pool.connect();
    return {
      query: (first: Query, ...rest: unknown[]) =>
        (client.query as Ask).call(client, answerPlainly(first), ...rest),
      on: client.on.bind(client),
      removeListener: client.removeListener.bind(client),
      release: client.release.bind(client),
    };
  }) as unknown as Pool['connect'];
  return door;
}

function makeLent(): Lent {
  const lender = new Lender();
  return { lender, prisma: new PrismaClient({ adapter: new PrismaPg(lender) }) };
}

const savepoints: Record<string, string> = {
  BEGIN: 'savepoint prisma',
  COMMIT: 'release savepoint prisma',
  ROLLBACK: 'rollback to savepoint prisma',
};

/** What Prisma takes for a pool: the one connection that a transaction has lent. It opens none. */
class Lender extends Pool {
  connection: PoolClient | null = null;

  override query = ((...parameters: [Query, ...unknown[]]) => this.send(parameters)) as Pool['query'];

  /** Prisma begins a transaction for a write of several statements; within ours that is a savepoint. */
  override connect = (() =>
    Promise.resolve({
      query: (first: Query, ...rest: unknown[]) =>
        this.send([{ ...first, text: savepoints[first.text] ?? first.text }, ...rest]),
      on: () => undefined,
      removeListener: () => undefined,
      release: () => undefined,
    })) as unknown as Pool['connect'];

  private send([first, ...rest]: [Query, ...unknown[]]): unknown {
    if (!this.connection) {
      return Promise.reject(new Error('Prisma was asked after its transaction had ended; await it within.'));
    }
    return (this.connection.query as Ask).call(this.connection, answerPlainly(first), ...rest);
  }
}
