import { distribute, DistributionError, planSteps, type DistributionStep } from '@/lib/db/distribute';
import { applyMigrations } from '@/lib/db/migrate';
import { listExcessRights, readUser } from '@/lib/db/program-user';
import { withClient } from '@/lib/db/with-client';
import type { Env } from '@/lib/env';
import { checkDatabase, DatabaseUnreachableError } from './database-check';
import { StageError } from './stage.mjs';

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
 * Spreads a migrated database over its Citus cluster, and says what it does. Throws a {@link StageError} with
 * what to do when there is no cluster.
 */
export async function distributeDatabase(
  { owner, program }: DatabaseAddresses,
  say: (line: string) => void,
): Promise<void> {
  const tell = (step: DistributionStep, place: number, of: number) =>
    say(`${place} of ${of}: ${describeStep(step)}`);
  const steps = await explain(() => distribute(owner, { tell }));
  say(
    steps.length === 0
      ? 'The database is spread over the cluster already.'
      : `The database is spread over the cluster: ${steps.length} tables.`,
  );
  // what was made on the other machines just now is for the program's user too
  await applyMigrations(owner, { programUser: await readUser(program) });
}

/** What {@link distributeDatabase} would do, a line each. */
export async function planDistribution({ owner }: DatabaseAddresses): Promise<string[]> {
  const steps = await explain(() => planSteps(owner));
  if (steps.length === 0) return ['The database is spread over the cluster already; nothing would be done.'];
  return [...steps.map((step) => `Would be done: ${describeStep(step)}`), 'Nothing was done.'];
}

const ways = {
  reference: 'whole on every machine',
  account: 'by account',
  recipient: 'by recipient',
  local: 'on the coordinator',
};

function describeStep({ table, to, bytes }: DistributionStep): string {
  return `${table} ${ways[to]}, ${(bytes / 1_000_000).toFixed(1)} MB`;
}

async function explain<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DistributionError ? new StageError(error.message) : error;
  }
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
function identify(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select current_database() || ' ' || extract(epoch from pg_postmaster_start_time()) as name`,
    );
    return String(rows[0]?.name);
  });
}
