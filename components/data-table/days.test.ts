import { describe, expect, it } from 'vitest';
import { describeDays, getDay, listPresets } from './days';

describe('getDay', () => {
  it('reads the calendar of the time zone', () => {
    const lateInLondon = new Date('2026-11-22T23:30:00Z');
    expect(getDay(lateInLondon, 'UTC')).toBe('2026-11-22');
    expect(getDay(lateInLondon, 'Africa/Johannesburg')).toBe('2026-11-23');
    expect(getDay(lateInLondon, 'America/New_York')).toBe('2026-11-22');
  });
});

describe('listPresets', () => {
  const read = (today: string) =>
    Object.fromEntries(listPresets(today).map(({ label, days }) => [label, `${days.from} ${days.to}`]));

  it('counts today among the last days', () => {
    expect(read('2026-11-22')).toEqual({
      Today: '2026-11-22 2026-11-22',
      Yesterday: '2026-11-21 2026-11-21',
      'Last 7 days': '2026-11-16 2026-11-22',
      'Last 30 days': '2026-10-24 2026-11-22',
      'This month': '2026-11-01 2026-11-22',
      'Last month': '2026-10-01 2026-10-31',
    });
  });

  it('goes back over the turn of a year and into a short month', () => {
    expect(read('2027-01-01')).toMatchObject({
      Yesterday: '2026-12-31 2026-12-31',
      'Last month': '2026-12-01 2026-12-31',
    });
    expect(read('2028-03-31')).toMatchObject({ 'Last month': '2028-02-01 2028-02-29' });
  });
});

describe('describeDays', () => {
  it.each([
    [null, null, null],
    ['2026-11-22', '2026-11-22', '22 Nov 2026'],
    ['2026-11-06', '2026-11-22', '6 – 22 Nov 2026'],
    ['2026-10-24', '2026-11-22', '24 Oct – 22 Nov 2026'],
    ['2025-12-24', '2026-01-02', '24 Dec 2025 – 2 Jan 2026'],
    ['2026-11-06', null, 'From 6 Nov 2026'],
    [null, '2026-11-06', 'Until 6 Nov 2026'],
  ])('%s to %s', (from, to, words) => {
    expect(describeDays({ from, to })).toBe(words);
  });
});
