import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { RateLimit } from './rate-limit';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('so many attempts in a window, each key by itself; what is given back does not count', async () => {
  const limit = new RateLimit('test', 2, 60);
  expect(await limit.take(db.pool, 'a')).toBe(0);
  expect(await limit.take(db.pool, 'a')).toBe(0);
  expect(await limit.take(db.pool, 'a')).toBeGreaterThan(0);
  expect(await limit.take(db.pool, 'b')).toBe(0);
  await limit.giveBack(db.pool, 'a');
  await limit.giveBack(db.pool, 'a');
  expect(await limit.take(db.pool, 'a')).toBe(0);
  await limit.forget(db.pool, 'a');
  expect(await limit.take(db.pool, 'a')).toBe(0);
  expect(await limit.take(db.pool, 'a')).toBe(0);
});
