import { describe, expect, it } from 'vitest';
import { findNewRows } from './use-new-rows';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe('findNewRows', () => {
  it('finds what stands above the rows already seen', () => {
    expect(findNewRows(rows('b', 'a'), rows('d', 'c', 'b', 'a'))).toEqual(rows('d', 'c'));
  });

  it('does not take rows that moved up from below for new', () => {
    expect(findNewRows(rows('c', 'b', 'a'), rows('c', 'a', 'older'))).toEqual([]);
  });

  it('takes the first rows of an empty list for new', () => {
    expect(findNewRows([], rows('a'))).toEqual(rows('a'));
  });

  it('marks nothing when none of the rows was seen: everything would be marked', () => {
    expect(findNewRows(rows('a'), rows('z', 'y'))).toEqual([]);
  });
});
