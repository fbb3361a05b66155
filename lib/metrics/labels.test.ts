import { expect, test } from 'vitest';
import { describeHonourTime } from './labels';

test.each([
  [1, '0.01 s'],
  [12, '0.02 s'],
  [99, '0.10 s'],
  [100, '0.1 s'],
  [1024, '1.1 s'],
  [9_999, '10.0 s'],
  [10_000, '10 s'],
  [119_001, '120 s'],
  [120_000, '2 min'],
  [3_600_000, '60 min'],
])('%d ms are %s, never less than they were', (ms, words) => {
  expect(describeHonourTime(ms)).toBe(words);
});
