import Holidays from 'date-holidays';
import { describe, expect, test } from 'vitest';
import { defaultLawfulHours, isLawfulTime, nextLawfulMinute, readCalendar } from './lawful-hours';

const at = (local: string) => new Date(`${local}+02:00`);

test.each([
  ['2026-11-20T08:00:00', true, 'a Friday, first minute'],
  ['2026-11-20T07:59:59', false, 'too early'],
  ['2026-11-20T19:59:59', true, 'last minute'],
  ['2026-11-20T20:00:00', false, 'the minute 20:00'],
  ['2026-11-21T08:59:59', false, 'too early for a Saturday'],
  ['2026-11-21T09:00:00', true, 'a Saturday'],
  ['2026-11-21T12:59:59', true, 'a Saturday, last minute'],
  ['2026-11-21T13:00:00', false, 'a Saturday, 13:00'],
  ['2026-11-22T11:00:00', false, 'a Sunday'],
  ['2027-01-01T11:00:00', false, '1 January'],
  ['2026-12-26T10:00:00', false, 'a holiday on a Saturday'],
  ['2026-08-09T10:00:00', false, 'a holiday on a Sunday'],
  ['2026-08-10T10:00:00', false, 'the Monday after a holiday on a Sunday'],
  ['2026-08-11T10:00:00', true, 'the Tuesday after it'],
  ['2026-04-03T11:00:00', false, 'Good Friday'],
  ['2026-04-06T11:00:00', false, 'Family Day'],
])('%s: %s, %s', (local, lawful) => {
  expect(isLawfulTime(at(local))).toBe(lawful);
});

describe('the next lawful minute', () => {
  test.each([
    ['2026-11-20T07:59:59', '2026-11-20T08:00:00', 'a second too early'],
    ['2026-11-20T20:00:00', '2026-11-21T09:00:00', 'a Friday evening: Saturday'],
    ['2026-11-21T13:00:00', '2026-11-23T08:00:00', 'a Saturday afternoon: Monday'],
    ['2026-11-22T11:00:00', '2026-11-23T08:00:00', 'a Sunday: Monday'],
    ['2026-12-31T20:00:00', '2027-01-02T09:00:00', 'New Year’s Eve: the Saturday after 1 January'],
    ['2026-08-08T13:30:00', '2026-08-11T08:00:00', 'past a holiday on a Sunday and the Monday for it'],
    ['2026-12-24T21:00:00', '2026-12-28T08:00:00', 'past Christmas and a Sunday'],
    ['2026-04-02T23:00:00', '2026-04-04T09:00:00', 'past Good Friday: the Saturday is none'],
    ['2026-11-20T00:00:00', '2026-11-20T08:00:00', 'midnight'],
  ])('after %s is %s, %s', (from, next) => {
    expect(nextLawfulMinute(at(from))).toEqual(at(next));
  });

  test('is now when now is lawful', () => {
    expect(nextLawfulMinute(at('2026-11-20T12:34:56'))).toEqual(at('2026-11-20T12:34:56'));
    expect(nextLawfulMinute(at('2026-11-21T12:59:59'))).toEqual(at('2026-11-21T12:59:59'));
  });

  test('is lawful, and nothing before it was, whenever one asks', () => {
    const start = at('2026-01-01T00:00:00').getTime();
    for (let hour = 0; hour < 2 * 365 * 24; hour += 7) {
      const from = new Date(start + hour * 3_600_000 + 59_999);
      const next = nextLawfulMinute(from);
      expect(isLawfulTime(next)).toBe(true);
      expect(next >= from).toBe(true);
      if (next > from) expect(isLawfulTime(new Date(next.getTime() - 1))).toBe(false);
    }
  });

  test('follows the settings: other hours, and a day proclaimed a holiday', () => {
    const hours = {
      ...defaultLawfulHours,
      weekday: { from: 540, to: 1020 },
      extraHolidays: ['2026-11-24'],
    };
    expect(nextLawfulMinute(at('2026-11-23T08:30:00'), hours)).toEqual(at('2026-11-23T09:00:00'));
    expect(nextLawfulMinute(at('2026-11-23T17:00:00'), hours)).toEqual(at('2026-11-25T09:00:00'));
    const never = { ...defaultLawfulHours, weekday: { from: 0, to: 0 }, saturday: { from: 0, to: 0 } };
    expect(isLawfulTime(at('2026-11-23T00:00:00'), never)).toBe(false);
  });
});

// From 2025 on: earlier years had days proclaimed for once, which are a setting here.
test('the public holidays are those of date-holidays', () => {
  const calendar = new Holidays('ZA', { types: ['public'] });
  for (let year = 2025; year <= 2040; year += 1) {
    const theirs = new Set(calendar.getHolidays(year).map(({ date }) => date.slice(0, 10)));
    for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
      const noon = new Date(day + 10 * 3_600_000);
      const isSunday = noon.getUTCDay() === 0;
      const date = noon.toISOString().slice(0, 10);
      if (!isSunday) expect([date, readCalendar(noon).day === 'NONE']).toEqual([date, theirs.has(date)]);
    }
  }
});
