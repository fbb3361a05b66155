import { afterAll, beforeAll, expect } from 'vitest';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount } from '@/testing/factories';
import { refreshStatusIndex } from './status-index';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  const { id } = await createAccount(db.pool);
  await db.pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status)
     select $1, '27821234567', '27600100200', 'Hello', 1, 1, 'DELIVERED' from generate_series(1, 10000)`,
    [id],
  );
  await db.owner.query('vacuum analyze message');
  await refreshStatusIndex(db.pool);
});
afterAll(() => db.close());

/** How many rows are looked at to find those that are sent, and how many they are. */
async function findSent(): Promise<{ looked: number; found: number }> {
  const { rows } = await db.pool.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `explain (analyze, format json) select from message where (status = 'SENT')::int = 1`,
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
  expect(plan['Node Type']).toBe('Bitmap Heap Scan');
  const found = plan['Actual Rows'] ?? 0;
  return { found, looked: found + (plan['Rows Removed by Index Recheck'] ?? 0) };
}

const update = (status: string) =>
  db.pool.query(`update message set status = '${status}' where id % 100 = 0`);

testOnOneServer('the index learns what is sent, and forgets it when it is refreshed', async () => {
  expect(await findSent()).toEqual({ looked: 0, found: 0 });
  await update('SENT');
  expect(await findSent()).toMatchObject({ found: 100 });
  await refreshStatusIndex(db.pool);
  expect(await findSent()).toMatchObject({ found: 100 });

  await update('DELIVERED');
  await db.owner.query('vacuum message');
  const { looked, found } = await findSent();
  expect(found).toBe(0);
  expect(looked).toBeGreaterThan(5000);
  await refreshStatusIndex(db.pool);
  expect(await findSent()).toEqual({ looked: 0, found: 0 });
});

testOnOneServer('a delivery stays within its page, and writes no other index', async () => {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    const countInPlace = async () => {
      const { rows } = await client.query<{ count: string }>(
        `select pg_stat_get_xact_tuples_hot_updated('message'::regclass) as count`,
      );
      return Number(rows[0]?.count);
    };
    const before = await countInPlace();
    await client.query(
      `update message set status = 'DELIVERED', finished_at = now() where id = (select min(id) from message)`,
    );
    expect(await countInPlace()).toBe(before + 1);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
