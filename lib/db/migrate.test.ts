import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyMigrations, MigrationError } from '@/lib/db/migrate';
import { migrationsFolder, readMigrations } from '@/lib/db/migrations';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let url: string;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

beforeEach(async () => {
  // Not a clone: nothing has been applied to it.
  const address = new URL(db.ownerUrl);
  address.pathname += '_empty';
  url = address.href;
  await db.owner.query(`CREATE DATABASE ${address.pathname.slice(1)}`);
});
afterEach(() => db.owner.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`));

async function query(statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const recorded = 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1';

describe('applyMigrations', () => {
  test('applies each migration once', async () => {
    const names = (await readMigrations(migrationsFolder)).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(await applyMigrations(url)).toEqual(names);
    expect(await applyMigrations(url)).toEqual([]);
    expect(await query(recorded)).toEqual(names.map((name) => ({ migration_name: name })));
  });

  test('lets one of two that begin at once do it', async () => {
    const names = (await readMigrations(migrationsFolder)).map(({ name }) => name);
    const applied = await Promise.all([applyMigrations(url), applyMigrations(url)]);
    expect(applied.flat()).toEqual(names);
    expect(await query(recorded)).toHaveLength(names.length);
  });
});

describe('a migration that fails', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'client-zone-migrations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function writeMigration(name: string, sql: string): Promise<void> {
    await mkdir(path.join(folder, name), { recursive: true });
    await writeFile(path.join(folder, name, 'migration.sql'), sql);
  }

  test('leaves nothing of itself, says what PostgreSQL said, and is tried again once it is mended', async () => {
    const good = `CREATE TABLE a (id int);
      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`;
    await writeMigration('1_first', good);
    await writeMigration('2_second', 'CREATE TABLE b (id int); CREATE TABLE c (id no_such_type);');

    const failing = applyMigrations(url, { folder });
    await expect(failing).rejects.toThrow(MigrationError);
    await expect(failing).rejects.toThrow(/type "no_such_type" does not exist/);
    expect(await query(`SELECT to_regclass('a')::text AS a, to_regclass('b')::text AS b, f()`)).toEqual([
      { a: 'a', b: null, f: 2 },
    ]);

    await writeMigration('2_second', 'CREATE TABLE b (id int);');
    expect(await applyMigrations(url, { folder })).toEqual(['2_second']);
    expect(await query(recorded)).toHaveLength(2);
  });
});

test('the lock file says that the migrations are for PostgreSQL, as Prisma wants it', async () => {
  const content = await readFile(path.join(migrationsFolder, 'migration_lock.toml'), 'utf8');
  expect(content).toContain('provider = "postgresql"');
});
