import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { applyMigrations } from '@/lib/db/migrate';
import { migrationsFolder, readMigrations } from '@/lib/db/migrations';
import type { TestDatabase } from './test-database';

/** A database as it was before a migration, with these rows; answers with a way to run the migration. */
export async function createEarlierDatabase(db: TestDatabase, migration: string, sql: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'client-zone-migrations-'));
  const names = (await readMigrations(migrationsFolder)).map(({ name }) => name);
  const copy = (name: string) =>
    cp(path.join(migrationsFolder, name), path.join(folder, name), { recursive: true });
  await Promise.all(names.filter((name) => name < migration).map(copy));
  const address = new URL(db.ownerUrl);
  address.pathname += '_earlier';
  const database = address.pathname.slice(1);
  await db.owner.query(`create database ${database}`);
  await applyMigrations(address.href, { folder });
  // a client, whose end is awaited: a pool's last connection may still be open when the database is dropped
  const client = new Client({ connectionString: address.href });
  await client.connect();
  await client.query(sql);
  return {
    client,
    async migrate() {
      await copy(migration);
      return applyMigrations(address.href, { folder });
    },
    async close() {
      await client.end();
      await db.owner.query(`drop database ${database} with (force)`);
      await rm(folder, { recursive: true });
    },
  };
}
