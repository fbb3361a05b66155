import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Pool, PoolClient } from 'pg';
import { createDatabase, runLast, setLocally, withTransaction } from '@/lib/db/client';
import { isOfOneServer } from '@/lib/db/one-server';
import { prismaOn } from '@/lib/db/prisma';
import type { Statement } from '@/lib/db/statement';
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

/** A statement of this file's own, which no test of all statements looks at. */
function makeLast(text: string, values: unknown = []): Statement<unknown, { value: 'int4' }> {
  const all = async (client: Pick<PoolClient, 'query'>) =>
    (await client.query<{ value: number }>({ text, values: values as unknown[] })).rows;
  return { all } as unknown as Statement<unknown, { value: 'int4' }>;
}

/** Adds 1 to the first counter, and ends by another statement. */
function addAndEnd(pool: Pool, text: string, values?: unknown): Promise<{ value: number }[]> {
  return withTransaction(pool, async (client) => {
    await client.query(add(1));
    return runLast(client, makeLast(text, values), {});
  });
}

describe('runLast', () => {
  const addToSecond = `UPDATE counter SET value = value + $1 WHERE id = 2 RETURNING value`;

  test('commits with its statement, and answers with its rows', async () => {
    expect(await addAndEnd(db.pool, addToSecond, [5])).toEqual([{ value: 5 }]);
    expect(await readCounters()).toEqual([1, 5]);
  });

  test('sends the commit without waiting for the answer', async () => {
    const sent: string[] = [];
    // Its one connection is of this test alone, as what is put into its place is.
    const { pool, close } = createDatabase(db.url, 1);
    await withTransaction(pool, async (client) => {
      await client.query(add(1));
      const query = client.query.bind(client) as (asked: string | { text: string }) => Promise<unknown>;
      client.query = ((asked: string | { text: string }) => {
        const text = typeof asked === 'string' ? asked : asked.text;
        sent.push(text);
        return query(asked).finally(() => sent.push(`answer to ${text}`));
      }) as typeof client.query;
      await runLast(client, makeLast(addToSecond, [5]), {});
    });
    await close();
    expect(sent.slice(0, 2)).toEqual([addToSecond, 'COMMIT']);
  });

  test.each([
    ['PostgreSQL refuses', 'INSERT INTO counter VALUES ($1, 0)', [1], { code: '23505' }],
    ['PostgreSQL cannot read', 'SELECT value FROM nowhere', [], { code: '42P01' }],
    [
      'cannot be sent',
      addToSecond,
      [
        {
          toPostgres: () => {
            throw new Error('No number');
          },
        },
      ],
      { message: 'No number' },
    ],
    ['pg does not take', addToSecond, 'no list', { message: 'Query values must be an array' }],
  ])('commits nothing when its statement is one that %s', async (_why, text, values, error) => {
    await expect(addAndEnd(db.pool, text, values)).rejects.toMatchObject(error);
    expect(await readCounters()).toEqual([0, 0]);
    // The connection, and those after it, work on.
    expect(await addAndEnd(db.pool, addToSecond, [5])).toEqual([{ value: 5 }]);
  });

  test('commits nothing when its statement is never made', async () => {
    const failing = withTransaction(db.pool, async (client) => {
      await client.query(add(1));
      const broken = { all: () => Promise.reject(new Error('No statement')) };
      return runLast(client, broken as unknown as Statement<unknown, unknown>, {});
    });
    await expect(failing).rejects.toThrow('No statement');
    expect(await readCounters()).toEqual([0, 0]);
  });

  test('runs all of it again when its statement met a deadlock', async () => {
    let attempts = 0;
    const sum = await withTransaction(db.pool, async (client) => {
      attempts++;
      await client.query(add(1));
      const text =
        attempts === 1 ? `DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$` : addToSecond;
      return runLast(client, makeLast(text, attempts === 1 ? [] : [5]), {});
    });
    expect(sum).toEqual([{ value: 5 }]);
    expect(await readCounters()).toEqual([1, 5]);
  });

  test('commits after the answer where pg waits for each', async () => {
    const { pool, close } = createDatabase(db.url, 1, { pipeline: false });
    try {
      expect(await addAndEnd(pool, addToSecond, [5])).toEqual([{ value: 5 }]);
      await expect(addAndEnd(pool, 'SELECT value FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
      expect(await readCounters()).toEqual([1, 5]);
    } finally {
      await close();
    }
  });

  test('wants a transaction that is open', async () => {
    const client = await db.pool.connect();
    try {
      await expect(runLast(client, makeLast(addToSecond, [5]), {})).rejects.toThrow('no open transaction');
    } finally {
      client.release();
    }
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

test('how a statement is planned is told to one PostgreSQL alone, and other settings to any', async () => {
  const readPlanning = (pool: TestDatabase['pool']) =>
    withTransaction(pool, async (client) => {
      await setLocally(client, { plan_cache_mode: 'force_generic_plan', enable_nestloop: 'off' });
      const { rows } = await client.query<{ mode: string; loops: string }>(
        `select current_setting('plan_cache_mode') as mode, current_setting('enable_nestloop') as loops`,
      );
      return { ...rows[0], isOfOneServer: isOfOneServer(client) };
    });
  await db.pool.query('select 1');
  const known = await readPlanning(db.pool);
  expect(known).toMatchObject({
    loops: 'off',
    mode: known.isOfOneServer ? 'force_generic_plan' : 'auto',
  });
  // Nobody has asked its connections what they lead to.
  expect(await readPlanning(db.copyPool)).toEqual({ loops: 'off', mode: 'auto', isOfOneServer: false });
});
