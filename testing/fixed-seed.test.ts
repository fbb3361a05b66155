import fc from 'fast-check';
import { expect, test } from 'vitest';

test('a property that names no seed sees the same values whenever it runs', () => {
  const sample = () => {
    const seen: number[] = [];
    fc.assert(fc.property(fc.integer(), (n) => void seen.push(n)));
    return seen;
  };
  const first = sample();
  expect(first.length).toBeGreaterThan(1);
  expect(sample()).toEqual(first);
});
