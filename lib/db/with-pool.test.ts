import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { withPool } from './with-pool';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('afterwards its connection is closed, not only told to close', async () => {
  let isClosed = false;
  const result = await withPool(db.url, async (pool) => {
    pool.on('connect', (client) => client.once('end', () => (isClosed = true)));
    return (await pool.query<{ one: number }>('select 1 as one')).rows;
  });
  expect([result, isClosed]).toEqual([[{ one: 1 }], true]);
});

test('a connection that the server ends, in use or idle, ends nothing else', async () => {
  await withPool(db.url, async (pool) => {
    const end = async (client: PoolClient) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const gone = new Promise<void>((resolve) => client.once('end', resolve));
      await db.owner.query('select pg_terminate_backend($1::int)', [rows[0]?.pid]);
      await gone;
    };
    const inUse = await pool.connect();
    await end(inUse);
    inUse.release(true);
    const idle = await pool.connect();
    const ending = end(idle);
    idle.release();
    await ending;
    expect((await pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});
