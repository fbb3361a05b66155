import { Client } from 'pg';
import { applyMigrations } from '@/lib/db/migrate';
import { listExcessRights, readUser } from '@/lib/db/program-user';
import { sessionUrl } from '@/lib/db/session-url';
import type { Env } from '@/lib/env';
import { checkDatabase, DatabaseUnreachableError } from './database-check';

/**
 * How the two users reach one database: its owner, who migrates, and the program, who reads and writes
 * rows.
 */
export interface DatabaseAddresses {
  owner: string;
  program: string;
}

/**
 * The addresses of a PostgreSQL of one's own. Throws a {@link DatabaseUnreachableError} when they do not
 * lead to one database.
 */
export async function checkAddresses(env: Env): Promise<DatabaseAddresses> {
  const program = env.DATABASE_URL;
  await checkDatabase(program);
  const owner = env.MIGRATION_DATABASE_URL ?? program;
  if (owner === program) return { owner, program };
  await checkDatabase(owner, 'MIGRATION_DATABASE_URL');
  const [one, other] = await Promise.all([identify(owner), identify(program)]);
  if (one !== other) {
    throw new DatabaseUnreachableError(
      'DATABASE_URL and MIGRATION_DATABASE_URL lead to different databases. Correct one of them.',
    );
  }
  return { owner, program };
}

/**
 * Migrates as the owner and lets the program's user do what it needs; answers with the migrations that were
 * applied.
 */
export async function bringUpToDate({ owner, program }: DatabaseAddresses): Promise<string[]> {
  return applyMigrations(owner, { programUser: await readUser(program) });
}

/**
 * What the program's user could do that it should not, in a line for whoever runs the program; null:
 * nothing.
 */
export async function describeExcessRights({ program }: DatabaseAddresses): Promise<string | null> {
  const rights = await listExcessRights(program);
  if (rights.length === 0) return null;
  return (
    `The database user of DATABASE_URL ${rights.join(' and ')}: whoever gets hold of the program could change what is ` +
    'append-only. Give it a user of its own, and the owner’s address to MIGRATION_DATABASE_URL (README, "In production").'
  );
}

/** The same for two addresses of one database, whichever user asks. */
async function identify(url: string): Promise<string> {
  const client = new Client({ connectionString: sessionUrl(url) });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select current_database() || ' ' || extract(epoch from pg_postmaster_start_time()) as name`,
    );
    return String(rows[0]?.name);
  } finally {
    await client.end();
  }
}
