import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase } from '@/lib/db/client';
import { findMissingParts } from '@/lib/db/health';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.owner.query('TRUNCATE worker'));

const seeWorker = (ago: string) =>
  db.pool.query(`INSERT INTO worker (id, started_at, seen_at) VALUES ('a', now(), now() - $1::interval)`, [
    ago,
  ]);

test('nothing is missing with the migrations applied and a worker seen', async () => {
  await seeWorker('5 seconds');
  expect(await findMissingParts(db.pool)).toEqual([]);
});

test('a worker is missing when none was ever seen', async () => {
  expect(await findMissingParts(db.pool)).toEqual(['worker']);
});

test('a worker is missing when it was last seen a while ago', async () => {
  await seeWorker('16 seconds');
  expect(await findMissingParts(db.pool)).toEqual(['worker']);
});

test('migrations are missing when one has not been applied', async () => {
  const { rows } = await db.owner.query<{ id: string }>(
    'UPDATE _prisma_migrations SET finished_at = NULL RETURNING id',
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(await findMissingParts(db.pool)).toEqual(['migrations']);
  await db.owner.query('UPDATE _prisma_migrations SET finished_at = now()');
});

test('the database is missing when it does not answer', async () => {
  const address = new URL(db.url);
  address.pathname = '/no_such_database';
  const elsewhere = createDatabase(address.href);
  expect(await findMissingParts(elsewhere.pool)).toEqual(['database']);
  await elsewhere.close();
});
