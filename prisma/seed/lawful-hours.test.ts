import { describe, expect, it } from 'vitest';
import { findLawfulTime, isLawfulTime } from './lawful-hours';

const at = (local: string) => new Date(`${local}+02:00`);

describe('isLawfulTime', () => {
  it.each([
    ['2026-11-20T08:00', true, 'a Friday, first minute'],
    ['2026-11-20T07:59', false, 'too early'],
    ['2026-11-20T19:59', true, 'last minute'],
    ['2026-11-20T20:00', false, 'too late'],
    ['2026-11-21T09:00', true, 'a Saturday'],
    ['2026-11-21T08:59', false, 'too early for a Saturday'],
    ['2026-11-21T13:00', false, 'too late for a Saturday'],
    ['2026-11-22T11:00', false, 'a Sunday'],
    ['2026-12-16T11:00', false, 'Day of Reconciliation'],
    ['2026-04-03T11:00', false, 'Good Friday'],
    ['2026-04-06T11:00', false, 'Family Day'],
    ['2026-04-07T11:00', true, 'the Tuesday after Easter'],
    ['2025-04-18T11:00', false, 'Good Friday of another year'],
    ['2024-04-01T11:00', false, 'Family Day of another year'],
    ['2026-08-10T11:00', false, "the Monday after Women's Day on a Sunday"],
    ['2027-08-09T11:00', false, "Women's Day on a Monday"],
    ['2027-08-10T11:00', true, 'the day after it'],
  ])('%s: %s, %s', (local, lawful) => {
    expect(isLawfulTime(at(local))).toBe(lawful);
  });
});

describe('findLawfulTime', () => {
  it('takes the wanted minute of the same day', () => {
    expect(findLawfulTime(at('2026-11-20T18:00'), 10 * 60)).toEqual(at('2026-11-20T10:00'));
  });

  it('goes back a day when that minute is still to come, or the day has none', () => {
    expect(findLawfulTime(at('2026-11-20T09:00'), 10 * 60)).toEqual(at('2026-11-19T10:00'));
    expect(findLawfulTime(at('2026-11-22T18:00'), 10 * 60)).toEqual(at('2026-11-21T10:00'));
    expect(findLawfulTime(at('2026-12-27T18:00'), 10 * 60)).toEqual(at('2026-12-24T10:00'));
  });

  it('stays within the hours of a Saturday', () => {
    expect(findLawfulTime(at('2026-11-21T23:00'), 16 * 60)).toEqual(at('2026-11-21T12:30'));
    expect(findLawfulTime(at('2026-11-21T23:00'), 8 * 60)).toEqual(at('2026-11-21T09:00'));
  });
});
