import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '@/lib/db/client';
import { beginStopping, forgetStopping, whenStopping } from '@/lib/http/stopping';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { readReadiness } from './readiness';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
afterEach(forgetStopping);

test('ready without a worker: that is what /healthz says', async () => {
  expect(await readReadiness(db.pool)).toEqual({ status: 200, body: { status: 'ready' } });
});

test('not ready with the database away, a migration missing, or nobody listening; it says which', async () => {
  const address = new URL(db.url);
  address.pathname = '/no_such_database';
  const away = createDatabase(address.href);
  expect(await readReadiness(away.pool)).toEqual({
    status: 503,
    body: { status: 'not ready', failed: 'database' },
  });
  await away.close();
  expect((await readReadiness(db.pool, false)).body).toMatchObject({ failed: 'listener' });
  await db.owner.query('update _prisma_migrations set finished_at = null');
  expect((await readReadiness(db.pool)).body).toMatchObject({ failed: 'migrations' });
  await db.owner.query('update _prisma_migrations set finished_at = now()');
});

test('not ready from the moment of a stop, and whoever asked is called once', async () => {
  let calls = 0;
  whenStopping(() => (calls += 1));
  const forget = whenStopping(() => (calls += 100));
  forget();
  beginStopping();
  expect(calls).toBe(1);
  expect(await readReadiness(db.pool)).toEqual({
    status: 503,
    body: { status: 'not ready', failed: 'stopping' },
  });
});
