import { expect, test } from 'vitest';
import { since } from './since';

test.each([
  [1, '2026-11-29T01:02:03Z', '2026-10-29T01:02:03Z'],
  [24, '2026-11-29T01:02:03Z', '2024-11-29T01:02:03Z'],
  [1, '2026-03-31T01:00:00Z', '2026-02-28T01:00:00Z'],
  [6, '2026-08-31T01:00:00Z', '2026-02-28T01:00:00Z'],
  [36, '2028-02-29T01:00:00Z', '2025-02-28T01:00:00Z'],
  [1, '2026-01-31T23:59:59Z', '2025-12-31T23:59:59Z'],
  [0, '2026-11-29T01:00:00Z', '1970-01-01T00:00:00Z'],
])('%i months before %s is %s: nothing goes before its time', (months, now, before) => {
  expect(since(months, new Date(now))).toEqual(new Date(before));
});
