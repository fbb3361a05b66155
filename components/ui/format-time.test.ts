import { describe, expect, it } from 'vitest';
import { formatAge, formatFullMoment, formatMoment } from './format-time';

const moment = '2026-11-22T22:30:05.123Z';

describe('formatMoment', () => {
  it('reads the clock of the time zone, over midnight too', () => {
    expect(formatMoment(moment, 'UTC')).toEqual({ date: '22\u00a0Nov\u00a02026', time: '22:30' });
    expect(formatMoment(moment, 'Africa/Johannesburg')).toEqual({
      date: '23\u00a0Nov\u00a02026',
      time: '00:30',
    });
  });
});

describe('formatFullMoment', () => {
  it('leaves nothing open', () => {
    expect(formatFullMoment(moment, 'Africa/Johannesburg')).toBe(
      'Monday 23 November 2026, 00:30:05 (Africa/Johannesburg)',
    );
  });
});

describe('formatAge', () => {
  const now = Date.parse(moment);
  const minuteMs = 60_000;

  it.each([
    [-1, 'just now'],
    [0, 'just now'],
    [1, '1 min ago'],
    [59, '59 min ago'],
    [60, '1 h ago'],
    [24 * 60 - 1, '23 h ago'],
    [24 * 60, '1 day ago'],
    [6 * 24 * 60, '6 days ago'],
    [7 * 24 * 60, null],
  ])('%d minutes: %s', (minutes, expected) => {
    expect(formatAge(new Date(now - minutes * minuteMs).toISOString(), now)).toBe(expected);
  });
});
