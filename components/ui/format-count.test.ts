import { describe, expect, it } from 'vitest';
import { formatCount, formatNumberOf } from './format-count';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1\u00a0000'],
    [12480, '12\u00a0480'],
    [1234567, '1\u00a0234\u00a0567'],
    [-1200, '-1\u00a0200'],
  ])('%d', (value, expected) => {
    expect(formatCount(value)).toBe(expected);
  });
});

describe('formatNumberOf', () => {
  it('knows one from many', () => {
    expect(formatNumberOf(1, 'opt-out')).toBe('1\u00a0opt-out');
    expect(formatNumberOf(0, 'opt-out')).toBe('0\u00a0opt-outs');
    expect(formatNumberOf(2, 'reply', 'replies')).toBe('2\u00a0replies');
  });
});
