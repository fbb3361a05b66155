import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '@/testing/property-runs';
import { readLocalTime, splitLocalTime } from './local-time';

const time = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute };
};

test.each([
  ['2026-12-25 14:30', 'Africa/Johannesburg', '2026-12-25T12:30:00Z'],
  ['2026-07-01 09:00', 'Europe/London', '2026-07-01T08:00:00Z'],
  ['2026-12-01 09:00', 'Europe/London', '2026-12-01T09:00:00Z'],
  ['2027-01-01 00:05', 'Pacific/Auckland', '2026-12-31T11:05:00Z'],
  ['2026-12-01 00:00', 'Asia/Kathmandu', '2026-11-30T18:15:00Z'],
  // the clocks show it twice: the first
  ['2026-10-25 01:30', 'Europe/London', '2026-10-25T00:30:00Z'],
  ['2028-02-29 12:00', 'UTC', '2028-02-29T12:00:00Z'],
])('%s in %s is %s', (text, zone, at) => {
  expect(readLocalTime(time(text), zone)).toEqual({ ok: true, at: new Date(at) });
});

test.each([
  ['2026-03-29 01:30', 'Europe/London', 'skipped'],
  ['2026-03-08 02:00', 'America/New_York', 'skipped'],
  ['2026-02-29 12:00', 'UTC', 'no-such-time'],
  ['2026-12-01 24:00', 'UTC', 'no-such-time'],
  ['2026-13-01 10:00', 'UTC', 'no-such-time'],
  ['2026-00-10 10:00', 'UTC', 'no-such-time'],
  ['2026-12-01 10:60', 'UTC', 'no-such-time'],
])('%s in %s: %s', (text, zone, problem) => {
  expect(readLocalTime(time(text), zone)).toEqual({ ok: false, problem });
});

test('what the clocks show at a moment is a time whose moment they show again', () => {
  const zones = [
    'Africa/Johannesburg',
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2034, 0) }),
      fc.constantFrom(...zones),
      (moment, zone) => {
        const shown = splitLocalTime(new Date(moment), zone);
        const read = readLocalTime(shown, zone);
        expect(read.ok && splitLocalTime(read.at, zone)).toEqual(shown);
      },
    ),
    propertyRuns(500),
  );
});
