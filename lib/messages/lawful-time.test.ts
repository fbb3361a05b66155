import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statement } from '@/lib/db/statement';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { nextLawfulMinute } from './lawful-hours';
import {
  isConsentTimeSql,
  lawfulTime,
  openingsSql,
  opensAtSql,
  readLawfulTime,
  zonesOfSql,
} from './lawful-time';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ask = statement({
  name: 'ask-lawful-time',
  values: { ...lawfulTime, msisdn: 'text' },
  columns: { next: 'timestamptz', isConsentTime: 'bool' },
  sql: ($) => `
    with place as (select ${zonesOfSql(`${$.msisdn}::text`)} as zones), ${openingsSql('place', $)}
    select ${opensAtSql('place.zones')} as next, ${isConsentTimeSql($)} as "isConsentTime" from place`,
});

const home = '27821234567';
const at = (local: string, offset = '+02:00') => new Date(`${local}${offset}`);
const next = async (msisdn: string, from: Date) =>
  (await ask.only(db.pool, { ...readLawfulTime(from), msisdn })).next;

test('is what the pages say it is, whenever one asks', async () => {
  const start = at('2026-12-01T00:00:00').getTime();
  for (let hour = 0; hour < 60 * 24; hour += 5) {
    const from = new Date(start + hour * 3_600_000 + 17 * 60_000);
    const found = await ask.only(db.pool, { ...readLawfulTime(from), msisdn: home });
    expect([from, found.next]).toEqual([from, nextLawfulMinute(from)]);
    expect([from, found.isConsentTime]).toEqual([from, found.next.getTime() === from.getTime()]);
  }
});

test.each([
  ['2026-11-21T12:59:49', '2026-11-21T12:59:49', 'there is time to hand it over'],
  ['2026-11-21T12:59:51', '2026-11-23T08:00:00', 'the hours end before it is handed over'],
  ['2027-08-07T19:59:00', '2027-08-10T08:00:00', 'a Saturday evening before a holiday on a Monday'],
  ['2026-12-24T20:00:00', '2026-12-28T08:00:00', 'past Christmas and a Sunday'],
])('at home, after %s, is %s: %s', async (from, expected) => {
  expect(await next(home, at(from))).toEqual(at(expected));
});

describe('where the recipient lives', () => {
  test.each([
    // 10:00 of a Friday at home
    ['447400123456', '2026-11-20T10:00:00', '2026-11-20T10:00:00', 'the United Kingdom: 08:00'],
    ['447400123456', '2026-11-20T09:59:00', '2026-11-20T10:00:00', 'the United Kingdom: 07:59'],
    ['61412345678', '2026-11-20T10:00:00', '2026-11-20T10:00:00', 'Australia: 15:00 to 19:00'],
    [
      '61412345678',
      '2026-11-20T12:00:00',
      '2026-11-23T03:30:00',
      'Australia and its islands: no hour of a Saturday is theirs all',
    ],
    [
      '12015550123',
      '2026-11-20T10:00:00',
      '2026-11-20T20:00:00',
      'the United States and Canada: the furthest west has 08:00',
    ],
    ['12425550123', '2026-11-20T10:00:00', '2026-11-20T15:00:00', 'the Bahamas, by a longer code'],
    [
      '79123456789',
      '2026-11-20T10:00:00',
      '2026-11-23T08:00:00',
      'Russia: two hours are day everywhere; no Saturday',
    ],
    ['85212345678', '2026-11-20T13:59:00', '2026-11-20T13:59:00', 'Hong Kong: 19:59'],
    ['85212345678', '2026-11-20T14:00:00', '2026-11-21T03:00:00', 'Hong Kong: Saturday, 09:00'],
    ['88212345678', '2026-11-20T21:00:00', '2026-11-21T09:00:00', 'nowhere: as at home'],
  ])('%s, after %s: %s, %s', async (msisdn, from, expected) => {
    expect(await next(msisdn, at(from))).toEqual(at(expected));
  });

  test('each country has hours of its own within a week', async () => {
    const { rows } = await db.pool.query<{ code: string }>('select code from calling_code');
    const from = at('2026-11-16T00:00:00');
    for (const { code } of rows) {
      const found = await next(`${code}5550123456`, from);
      expect([code, found.getTime() < from.getTime() + 7 * 86_400_000]).toEqual([code, true]);
    }
  });
});

test('a day proclaimed a holiday, and other hours, count from the moment they are set', async () => {
  const friday = at('2026-11-20T10:00:00');
  await db.pool.query(`update platform_setting set saturday_from = 600, extra_holidays = '{2026-11-20}'`);
  expect(await next(home, friday)).toEqual(at('2026-11-21T10:00:00'));
  // too few for a country of six hours' difference: it is asked again each day
  await db.pool.query(`update platform_setting set weekday_to = 600`);
  expect(await next('12015550123', friday)).toEqual(at('2026-11-21T10:00:00'));
  await db.pool.query(
    `update platform_setting set weekday_to = 1200, saturday_from = 540, extra_holidays = '{}'`,
  );
  expect(await next(home, friday)).toEqual(friday);
});

// Those of North America that share +1, and Kazakhstan's, are told by hand.
test('the calling codes are those of libphonenumber, with the zones of ICU', async () => {
  const { rows } = await db.pool.query<{ code: string; zones: string[] }>(
    'select code, zones from calling_code',
  );
  const byCode = new Map(rows.map(({ code, zones }) => [code, zones]));
  const offsetsOf = (zone: string) => {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return [at('2027-01-15T12:00:00'), at('2027-07-15T12:00:00')].map((day) => {
      const name = format.formatToParts(day).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
      return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
    });
  };
  const spanOf = (zones: readonly string[]) => {
    const offsets = zones.map(offsetsOf);
    return [0, 1].flatMap((day) => {
      const own = offsets.map((one) => one[day] ?? 0);
      return [Math.min(...own), Math.max(...own)];
    });
  };
  const zonesOfCode = new Map<string, string[]>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    expect([code, byCode.has(code)]).toEqual([code, true]);
    // Antarctica has nobody to write to; a part of +7 and most of +1 have longer codes.
    if (['AQ', 'KZ'].includes(country) || (code === '1' && !['US', 'CA'].includes(country))) continue;
    const locale = new Intl.Locale(`en-${country}`) as Intl.Locale & {
      timeZones?: string[];
      getTimeZones?: () => string[];
    };
    const zones = (locale.getTimeZones?.() ?? locale.timeZones ?? []).filter(
      (zone) => !zone.startsWith('Antarctica'),
    );
    if (zones.length > 0) zonesOfCode.set(code, [...(zonesOfCode.get(code) ?? []), ...zones]);
  }
  for (const [code, zones] of zonesOfCode) {
    expect([code, spanOf(byCode.get(code) ?? [])]).toEqual([code, spanOf(zones)]);
  }
});
