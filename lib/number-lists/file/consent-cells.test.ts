import { describe, expect, test } from 'vitest';
import { proposeConsentColumns, readGivenAt, readSource } from './consent-cells';

const now = Date.parse('2026-11-29T12:00:00+02:00');

describe('when a consent was given', () => {
  test.each([
    ['2026-11-01', '2026-10-31T22:00:00.000Z'],
    ['2026/11/1', '2026-10-31T22:00:00.000Z'],
    [' 2026-11-01 09:30 ', '2026-11-01T07:30:00.000Z'],
    ['2026-11-01 09:30:15', '2026-11-01T07:30:15.000Z'],
    ['2026-11-01T09:30:00Z', '2026-11-01T09:30:00.000Z'],
    ['2026-11-01T09:30:00.123+02:00', '2026-11-01T07:30:00.000Z'],
    ['2026-11-01T09:30:00-0530', '2026-11-01T15:00:00.000Z'],
    // the day first, as in South Africa
    ['03/04/2026', '2026-04-02T22:00:00.000Z'],
    ['3.4.2026 08h15', '2026-04-03T06:15:00.000Z'],
    ['29 Nov 2025', '2025-11-28T22:00:00.000Z'],
    ['29-november-2025', '2025-11-28T22:00:00.000Z'],
    ['29 Feb 2024', '2024-02-28T22:00:00.000Z'],
    ['', 'default'],
    ['  ', 'default'],
    ['yesterday', 'bad-date'],
    ['46000', 'bad-date'],
    ['11/29/2026', 'bad-date'],
    ['29 Feb 2026', 'bad-date'],
    ['2026-13-01', 'bad-date'],
    ['2026-11-01 25:00', 'bad-date'],
    ['2026-11-01 09:61', 'bad-date'],
    ['1 Nil 2026', 'bad-date'],
    ['01/11/26', 'bad-date'],
    ['1989-12-31', 'bad-date'],
    ['2026-11-30', 'date-to-come'],
    ['2026-11-29 12:00', '2026-11-29T10:00:00.000Z'],
    ['2026-11-29 13:00', 'date-to-come'],
  ])('%j is %s', (cell, read) => {
    expect(readGivenAt(cell, now)).toBe(read);
  });
});

test.each([
  ['Web form', 'WEB_FORM'],
  ['web-form', 'WEB_FORM'],
  ['WEB_FORM', 'WEB_FORM'],
  ['Website', 'WEB_FORM'],
  ['in a shop', 'SHOP'],
  ['In-store', 'SHOP'],
  ['by phone', 'PHONE'],
  ['Telephone', 'PHONE'],
  ['SMS', 'SMS'],
  ['E-mail', 'EMAIL'],
  ['via email', 'EMAIL'],
  ['paper', 'PAPER'],
  ['Facebook', 'OTHER'],
  [' ', null],
])('%j is %s', (cell, read) => {
  expect(readSource(cell)).toBe(read);
});

describe('the columns that are proposed', () => {
  const propose = (names: string[], ...rows: string[][]) =>
    proposeConsentColumns(
      names.map((name) => ({ name })),
      rows,
      [0],
      now,
    );

  test.each([
    [['Cell', 'Consent date', 'Source'], ['0821234567', '2026-11-01', 'Web form'], { date: 1, source: 2 }],
    [['cell', 'consentedAt', 'channel'], ['0821234567', '1/11/2026', 'paper'], { date: 1, source: 2 }],
    [['Sel', 'Datum', 'Bron'], ['0821234567', '2026-11-01', 'sms'], { date: 1, source: 2 }],
    // the names fit, and what stands there does not
    [['Cell', 'Date', 'Source'], ['0821234567', 'Monday', 'Facebook'], { date: null, source: null }],
    [['Cell', 'Date', 'Source'], ['0821234567', '', ''], { date: null, source: null }],
    [['Date', 'Name'], ['2026-11-01', 'Thandi'], { date: null, source: null }],
  ])('of %j with %j are %j', (names, row, expected) => {
    expect(propose(names, row)).toEqual(expected);
  });

  test('are known by half of what stands in them: a single bad date hides none', () => {
    const dates = ['2026-11-01', '31/02/2026', '', '2026-11-03'];
    const rows = dates.map((date) => ['0821234567', date]);
    expect(propose(['Cell', 'Date'], ...rows.slice(0, 2))).toEqual({ date: 1, source: null });
    expect(propose(['Cell', 'Date'], ...rows)).toEqual({ date: 1, source: null });
    expect(propose(['Cell', 'Date'], ['0821234567', 'Monday'], ...rows.slice(0, 2))).toMatchObject({
      date: null,
    });
  });
});
