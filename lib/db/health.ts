import type { Pool } from 'pg';
import { findPendingMigrations, migrationsFolder, readMigrations, type Migration } from '@/lib/db/migrations';

/** What the whole needs to be up. */
export type NeededPart = 'database' | 'migrations' | 'worker';

// Those this program came with; they do not change while it runs.
let known: Promise<Migration[]> | undefined;

/**
 * What no process can do without: a database that answers and has all migrations. Null: nothing is missing.
 */
export async function findMissingBasis(pool: Pool): Promise<'database' | 'migrations' | null> {
  try {
    const pending = await findPendingMigrations(pool, await (known ??= readMigrations(migrationsFolder)));
    return pending.length > 0 ? 'migrations' : null;
  } catch {
    // Whatever it is, the probe needs to know no more; what uses the database says why in the log.
    return 'database';
  }
}

/**
 * What is missing for everything to work; empty when nothing is. A worker counts if it was seen in the last
 * 15 seconds.
 */
export async function findMissingParts(pool: Pool): Promise<NeededPart[]> {
  const missing = await findMissingBasis(pool);
  if (missing !== null) return [missing];
  try {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM worker WHERE seen_at > now() - interval '15 seconds' LIMIT 1`,
    );
    return rowCount ? [] : ['worker'];
  } catch {
    return ['database'];
  }
}
