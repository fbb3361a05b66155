import 'server-only';
import type { Client, Pool } from 'pg';
import { createDatabase, getPool } from '@/lib/db/client';
import { Replica, type ReplicaPools, type ReplicaView, type VerifyConnection } from '@/lib/db/replica';
import { env } from '@/lib/env';
import { AppError } from '@/lib/http/app-error';
import { createDownloadPool, getDownloadPool } from './download-pool';

const kept = globalThis as typeof globalThis & { clientZoneReplica?: Replica };

/** The replica of DATABASE_READ_URL; null: there is none. */
function getReplica(): Replica | null {
  const url = env.DATABASE_READ_URL;
  if (url === undefined) return null;
  return (kept.clientZoneReplica ??= new Replica({
    url,
    getPrimary: getPool,
    open: (verify) => openReplicaPools(url, verify),
    isAnswer,
  }));
}

/** The primary answers whom the replica lets wait for so long. */
const connectionTimeoutMillis = 2_000;

/**
 * @internal The replica's pools: as large as the primary's. Closed, what a page still reads fails at once, so
 * that the primary is asked: a machine that has vanished would not answer for minutes. A file that has begun
 * is read to its end.
 */
export function openReplicaPools(url: string, verify: VerifyConnection): ReplicaPools {
  const options = { verify, connectionTimeoutMillis };
  // A connection that is ended while statements are on their way together waits for all their answers.
  const pages = createDatabase(url, env.DATABASE_POOL_SIZE, { ...options, pipeline: false });
  const files = createDownloadPool(url, options);
  const open = new Set<Client>();
  pages.pool.on('connect', (client) => open.add(client as unknown as Client));
  pages.pool.on('remove', (client) => open.delete(client as unknown as Client));
  return {
    pages: pages.pool,
    files,
    async close() {
      for (const client of open) void client.end();
      await Promise.all([pages.close(), files.end()]);
    },
  };
}

/** @internal What a read has to say, wherever it runs: our own words, and (57014) that it took too long. */
export function isAnswer(error: unknown): boolean {
  return error instanceof AppError || (error as { code?: unknown } | null)?.code === '57014';
}

/**
 * Reads what an account only looks at (lists, searches, figures): from the replica where there is one and it
 * has all that was committed before this was called, else from the primary. Never for what decides, nor for
 * what is then written: that asks the primary (docs/decisions/0075-reading-from-a-replica.md).
 *
 * @param read may be run twice, the second time on the primary
 */
export function askReplica<Result>(read: (pool: Pool) => Promise<Result>): Promise<Result> {
  const readPrimary = () => read(getPool());
  return getReplica()?.ask(({ pages }) => read(pages), readPrimary) ?? readPrimary();
}

/** {@link askReplica}, as it is handed to what both reads and writes. */
export type AskForReading = typeof askReplica;

/** The same for a file, by the pool of the downloads; one that comes too late is let go of. */
export function askReplicaForFile<Part>(
  read: (pool: Pool) => Promise<ReadableStream<Part>>,
): Promise<ReadableStream<Part>> {
  const readPrimary = () => read(getDownloadPool());
  const discard = (late: ReadableStream<Part>) => void late.cancel();
  return getReplica()?.ask(({ files }) => read(files), readPrimary, discard) ?? readPrimary();
}

/** What is known of the replica in this process; null: there is none. */
export function viewReplica(): ReplicaView | null {
  return getReplica()?.view ?? null;
}
