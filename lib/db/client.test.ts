import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query('CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)');
});
afterAll(() => db.close());
beforeEach(() => db.owner.query('TRUNCATE counter; INSERT INTO counter VALUES (1, 0), (2, 0)'));

async function readCounters(): Promise<number[]> {
  const { rows } = await db.pool.query<{ value: number }>('SELECT value FROM counter ORDER BY id');
  return rows.map((row) => row.value);
}

const add = (id: number) => `UPDATE counter SET value = value + 1 WHERE id = ${id}`;

describe('withTransaction', () => {
  test('commits and answers with what the work answered', async () => {
    const result = await withTransaction(db.pool, async (client) => {
      await client.query(add(1));
      return 'done';
    });
    expect(result).toBe('done');
    expect(await readCounters()).toEqual([1, 0]);
  });

  test('rolls all of it back and throws what was thrown', async () => {
    const failing = withTransaction(db.pool, async (client) => {
      await client.query(add(1));
      throw new Error('No');
    });
    await expect(failing).rejects.toThrow('No');
    expect(await readCounters()).toEqual([0, 0]);
  });

  test('runs both of two transactions that deadlock', async () => {
    let attempts = 0;
    // Each holds its first row until both do: a deadlock, once.
    let waiting = 0;
    let release: () => void;
    const bothHold = new Promise<void>((resolve) => (release = resolve));
    const run = (first: number, second: number) =>
      // The owner's pool: others may not set this.
      withTransaction(db.owner, async (client) => {
        attempts++;
        await client.query(`SET LOCAL deadlock_timeout = '20ms'`);
        await client.query(add(first));
        if (++waiting >= 2) release();
        await bothHold;
        await client.query(add(second));
      });
    await Promise.all([run(1, 2), run(2, 1)]);
    expect(await readCounters()).toEqual([2, 2]);
    expect(attempts).toBeGreaterThan(2);
  });

  test('gives up after three retries', async () => {
    let attempts = 0;
    const failing = withTransaction(db.pool, async (client) => {
      attempts++;
      await client.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
    });
    await expect(failing).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(4);
  });

  test('does not try again what will fail again', async () => {
    let attempts = 0;
    const failing = withTransaction(db.pool, async (client) => {
      attempts++;
      await client.query('INSERT INTO counter VALUES (1, 0)');
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(attempts).toBe(1);
  });

  test('throws away a connection that broke', async () => {
    const failing = withTransaction(db.pool, async (client) => {
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(failing).rejects.toThrow();
    expect(await readCounters()).toEqual([0, 0]);
  });
});

test('Prisma works on the same connections', async () => {
  await prismaOn(db.pool).account.create({
    data: { id: 58324, name: 'Berg & Dal', ownerEmail: 'owner@example.com' },
  });
  const { rows } = await db.pool.query('SELECT id, name FROM account WHERE id = 58324');
  expect(rows).toEqual([{ id: 58324, name: 'Berg & Dal' }]);
  expect(db.pool.totalCount).toBeLessThanOrEqual(db.pool.options.max);
});
