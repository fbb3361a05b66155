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
    const known = ofPools.get(connection) ?? new PrismaClient({ adapter: new PrismaPg(connection) });
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

  override query = ((...parameters: unknown[]) => this.send(parameters)) as Pool['query'];

  /** Prisma begins a transaction for a write of several statements; within ours that is a savepoint. */
  override connect = (() =>
    Promise.resolve({
      query: (first: { text: string }, ...rest: unknown[]) =>
        this.send([{ ...first, text: savepoints[first.text] ?? first.text }, ...rest]),
      on: () => undefined,
      removeListener: () => undefined,
      release: () => undefined,
    })) as unknown as Pool['connect'];

  private send(parameters: unknown[]): unknown {
    if (!this.connection) {
      return Promise.reject(new Error('Prisma was asked after its transaction had ended; await it within.'));
    }
    return (this.connection.query as (...parameters: unknown[]) => unknown)(...parameters);
  }
}
