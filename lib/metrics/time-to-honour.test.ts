import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  findArrival,
  flushTimeToHonour,
  keepTimeToHonour,
  observeTimeToHonour,
  pruneTimeToHonour,
  readTimeToHonour,
} from './time-to-honour';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  // what other tests of this process have left
  await flushTimeToHonour(db.pool);
  await db.owner.query('truncate time_to_honour');
});

const note = (ms: number, at = new Date()) => observeTimeToHonour(new Date(at.getTime() - ms), at);
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

test('tells half, 99 and 99.9 of a hundred, at most a fifth too long', async () => {
  for (let ms = 1; ms <= 2000; ms += 1) note(ms);
  await flushTimeToHonour(db.pool);
  const { lastHour, lastDay } = await readTimeToHonour(db.pool);
  expect(lastHour).toEqual(lastDay);
  expect(lastHour.replies).toBe(2000);
  for (const [found, exact] of [
    [lastHour.p50Ms, 1000],
    [lastHour.p99Ms, 1980],
    [lastHour.p999Ms, 1998],
  ] as const) {
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found).toBeLessThanOrEqual(exact * 1.2);
  }
});

test('tells of no time where there was none, and of the hour apart from the day', async () => {
  const none = { replies: 0, p50Ms: null, p99Ms: null, p999Ms: null };
  expect(await readTimeToHonour(db.pool)).toEqual({ lastHour: none, lastDay: none });
  note(1000, hoursAgo(3));
  note(10, hoursAgo(25));
  await flushTimeToHonour(db.pool);
  const { lastHour, lastDay } = await readTimeToHonour(db.pool);
  expect(lastHour).toEqual(none);
  expect(lastDay).toMatchObject({ replies: 1, p50Ms: 1024 });
});

test('what several processes write is summed up; nothing is written twice', async () => {
  const at = new Date();
  note(100, at);
  await Promise.all([flushTimeToHonour(db.pool), flushTimeToHonour(db.pool)]);
  note(100, at);
  await flushTimeToHonour(db.pool);
  expect((await readTimeToHonour(db.pool)).lastDay.replies).toBe(2);
});

test('a gateway whose clock runs ahead, and one that was closed for a week, are counted', async () => {
  note(-5000);
  note(7 * 86_400_000);
  await flushTimeToHonour(db.pool);
  const { lastDay } = await readTimeToHonour(db.pool);
  expect(lastDay).toMatchObject({ replies: 2, p50Ms: 1 });
  expect(lastDay.p99Ms).toBeGreaterThan(86_400_000);
});

test('begins with the arrival at the gateway, unless that is the second in which we received it', () => {
  const receivedAt = new Date('2026-11-29T10:00:05.700Z');
  const find = (arrivedAt?: string) =>
    findArrival({ receivedAt, ...(arrivedAt && { arrivedAt: new Date(arrivedAt) }) }).toISOString();
  expect(find()).toBe('2026-11-29T10:00:05.700Z');
  expect(find('2026-11-29T09:00:00Z')).toBe('2026-11-29T09:00:00.000Z');
  expect(find('2026-11-29T10:00:05Z')).toBe('2026-11-29T10:00:05.700Z');
  // its clock runs ahead
  expect(find('2026-11-29T11:00:00Z')).toBe('2026-11-29T10:00:05.700Z');
});

test('what could not be written is written the next time', async () => {
  const address = new URL(db.url);
  address.pathname = '/no_such_database';
  const away = createDatabase(address.href);
  note(100);
  await expect(flushTimeToHonour(away.pool)).rejects.toThrow();
  await away.close();
  note(100);
  await flushTimeToHonour(db.pool);
  expect((await readTimeToHonour(db.pool)).lastDay.replies).toBe(2);
});

test('a process that stops writes its last ones', async () => {
  const stop = keepTimeToHonour(() => db.pool);
  note(100);
  await stop();
  expect((await readTimeToHonour(db.pool)).lastDay.replies).toBe(1);
});

test('what no page shows any more is cleared', async () => {
  note(100, hoursAgo(24 * 9));
  note(100, hoursAgo(24 * 7));
  await flushTimeToHonour(db.pool);
  await pruneTimeToHonour(db.pool);
  const { rows } = await db.pool.query('select replies from time_to_honour');
  expect(rows).toHaveLength(1);
});
