import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { startHeartbeat } from './heartbeat';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function listWorkers(): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>('select id from worker order by started_at');
  return rows.map(({ id }) => id);
}

test('a worker is there from the start until it stops, each with its own row', async () => {
  const stopFirst = await startHeartbeat(db.pool);
  const [first] = await listWorkers();
  const stopSecond = await startHeartbeat(db.pool);
  expect(await listWorkers()).toHaveLength(2);
  await stopSecond();
  expect(await listWorkers()).toEqual([first]);
  await stopFirst();
  expect(await listWorkers()).toEqual([]);
});

test('a worker that was killed is cleared away after an hour, by the others', async () => {
  await db.pool.query(
    `insert into worker (id, started_at, seen_at) values
       ('killed', now() - interval '3 hours', now() - interval '61 minutes'),
       ('silent', now() - interval '2 hours', now() - interval '59 minutes')`,
  );
  const stop = await startHeartbeat(db.pool);
  const workers = await listWorkers();
  expect(workers).not.toContain('killed');
  expect(workers).toContain('silent');
  expect(workers).toHaveLength(2);
  await stop();
});
