import { expect, test } from 'vitest';
import { findRate, formatDay, formatLongDay, formatRate } from './chart-series';
import { charts } from './charts';

test('a rate is of what was delivered; of a few messages there is none', () => {
  expect(findRate(3, 200)).toBe(1.5);
  expect(findRate(0, 10)).toBe(0);
  expect(findRate(4, 9)).toBeNull();
  expect(findRate(0, 0)).toBeNull();
});

test('a small rate is not shown as none', () => {
  expect([0, 0.04, 0.05, 2.36, 100].map(formatRate)).toEqual(['0.0', '<\u00a00.1', '0.1', '2.4', '100.0']);
});

test('days read as people write them', () => {
  expect(formatDay('2026-11-03')).toBe('3\u00a0Nov');
  expect(formatLongDay('2026-11-23')).toBe('Mon 23\u00a0Nov');
});

test('the bars of a day add up to its messages', () => {
  const counts = {
    day: '2026-11-23',
    messages: 100,
    delivered: 60,
    blocked: 10,
    failed: 5,
    credits: 90,
    replies: 4,
    optOuts: 2,
    caused: 1,
  };
  const sum = charts.messages.series.reduce((total, { read }) => total + (read(counts) ?? 0), 0);
  expect(sum).toBe(100);
});
