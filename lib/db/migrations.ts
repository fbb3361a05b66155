import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClientBase, Pool } from 'pg';

export interface Migration {
  /** "20261122090000_init". */
  name: string;
  sql: string;
}

/** Where the migrations of this program are: every process runs in the project's folder. */
export const migrationsFolder = path.join(process.cwd(), 'prisma', 'migrations');

/** The migrations of a folder, oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, sql: await readFile(path.join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

/** The names of those migrations that the database has not had, oldest first. */
export async function findPendingMigrations(
  pool: Pool | ClientBase,
  migrations: Migration[],
): Promise<string[]> {
  const { rows } = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (!rows[0]?.exists) return migrations.map(({ name }) => name);
  const applied = await pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const done = new Set(applied.rows.map((row) => row.migration_name));
  return migrations.map(({ name }) => name).filter((name) => !done.has(name));
}
