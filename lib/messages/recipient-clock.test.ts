import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { defaultLawfulHours } from './lawful-hours';
import { readRecipientTimes, readRecipientZones } from './recipient-clock';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const johannesburg = ['Africa/Johannesburg'];
const read = (at: string, zones = johannesburg, hours = defaultLawfulHours) =>
  readRecipientTimes(new Date(at), zones, hours).map(({ shown, isLawful }) => [shown, isLawful]);

test.each([
  ['2026-11-25T12:00:00+02:00', 'Wednesday 2026-11-25 12:00', true],
  ['2026-11-25T07:59:59+02:00', 'Wednesday 2026-11-25 07:59', false],
  ['2026-11-25T19:59:59+02:00', 'Wednesday 2026-11-25 19:59', true],
  ['2026-11-25T20:00:00+02:00', 'Wednesday 2026-11-25 20:00', false],
  ['2026-11-28T12:59:00+02:00', 'Saturday 2026-11-28 12:59', true],
  ['2026-11-28T13:00:00+02:00', 'Saturday 2026-11-28 13:00', false],
  ['2026-11-29T10:00:00+02:00', 'Sunday 2026-11-29 10:00', false],
  // the Day of Reconciliation, and a Monday after a holiday on a Sunday
  ['2026-12-16T10:00:00+02:00', 'Wednesday 2026-12-16 10:00', false],
  ['2026-08-10T10:00:00+02:00', 'Monday 2026-08-10 10:00', false],
])('%s is %s at home, lawful: %s', (at, shown, isLawful) => {
  expect(read(at)).toEqual([[shown, isLawful]]);
});

test('it goes by the clock of the recipient, and by each of a country with several', async () => {
  expect(await readRecipientZones(db.pool, '27821234567')).toEqual(johannesburg);
  const british = await readRecipientZones(db.pool, '447700900123');
  expect(british).toEqual(['Europe/London']);
  expect(read('2026-11-25T08:30:00+02:00', british)).toEqual([['Wednesday 2026-11-25 06:30', false]]);
  const american = await readRecipientZones(db.pool, '12025550123');
  expect(american.length).toBeGreaterThan(1);
  const times = readRecipientTimes(new Date('2026-11-25T15:00:00+02:00'), american, defaultLawfulHours);
  expect(new Set(times.map(({ isLawful }) => isLawful))).toEqual(new Set([true, false]));
});

test('a holiday that was proclaimed counts', () => {
  const hours = { ...defaultLawfulHours, extraHolidays: ['2026-11-04'] };
  expect(read('2026-11-04T10:00:00+02:00', johannesburg, hours)).toEqual([
    ['Wednesday 2026-11-04 10:00', false],
  ]);
});
