import path from 'node:path';
import { runMigrations as installJobQueue } from 'graphile-worker';
import { Client } from 'pg';
import { findPendingMigrations, migrationsFolder, readMigrations, type Migration } from '@/lib/db/migrations';
import { distribute, isDistributed } from '@/lib/db/distribute';
import { withSchemaEngine } from '@/lib/db/schema-engine';
import { grantToProgram } from '@/lib/db/program-user';
import { sessionUrl } from '@/lib/db/session-url';
import { withPool } from '@/lib/db/with-pool';
import { jobLogger } from './job-logger';

/** A migration failed, or an earlier one did; the message is one line for the person who ran it. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export const noFilters = { externalTables: [], externalEnums: [] };

/** Any number, the same for every process that migrates. */
const lockKey = 4_851_302_917;

/**
 * Brings a database up to date and answers with the names of the migrations it applied, oldest first. Those
 * are recorded as `prisma migrate deploy` records them, so that both can be used on one database. Of several
 * processes that do this at once, one does it and the others wait. Throws a {@link MigrationError}.
 *
 * The job queue's tables (schema graphile_worker) are the library's, and it brings them up to date itself;
 * here, so that whatever enqueues in a transaction finds them from the first moment on.
 *
 * @param url of the owner
 * @param options.programUser whom web and worker sign in as: is let do what they need. Left out: nobody but
 * the owner can do anything
 */
export async function applyMigrations(
  url: string,
  { folder = migrationsFolder, programUser }: { folder?: string; programUser?: string } = {},
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const lock = new Client({ connectionString: sessionUrl(url) });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [lockKey]);
    // Mostly there is nothing to do, and the engine takes a while to load.
    const pending = await findPendingMigrations(lock, migrations);
    const applied = pending.length === 0 ? [] : await applyPending(url, folder, migrations, lock);
    // a table that is new in a database that is spread over a cluster is spread too
    if (applied.length > 0 && (await isDistributed(lock))) await distribute(url);
    await withPool(url, (pgPool) => installJobQueue({ pgPool, logger: jobLogger }));
    if (programUser !== undefined) await grantToProgram(lock, programUser);
    return applied;
  } catch (error) {
    throw new MigrationError(`The database could not be brought up to date: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    // Closing the connection gives the lock back.
    await lock.end();
  }
}

async function applyPending(
  url: string,
  folder: string,
  migrations: Migration[],
  client: Client,
): Promise<string[]> {
  const unfinished = await listUnfinished(client);
  return withSchemaEngine(url, async (engine) => {
    // A migration is one transaction: one that was cut short left nothing behind, and is tried again.
    for (const migrationName of unfinished) await engine.markMigrationRolledBack({ migrationName });
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: toMigrationsList(folder, migrations),
      filters: noFilters,
    });
    return appliedMigrationNames;
  });
}

async function listUnfinished(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (!rows[0]?.exists) return [];
  const unfinished = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  );
  return unfinished.rows.map((row) => row.migration_name);
}

/** The shape in which the engine wants migrations. */
function toMigrationsList(folder: string, migrations: Migration[]) {
  return {
    baseDir: folder,
    lockfile: { path: path.join(folder, 'migration_lock.toml'), content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}
