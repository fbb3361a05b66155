import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberSet } from './number-set';

test('says of each number what a Set says', () => {
  // few enough to meet again, some at the ends of a page and of South Africa, some that differ in their upper
  // bits alone
  const number = fc.oneof(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: -70, max: 70 }).map((n) => 27_000_000_000 + n),
    fc.integer({ min: -70, max: 70 }).map((n) => 27_000_000_000 + 9 * 2 ** 16 + n),
    fc.integer({ min: -70, max: 70 }).map((n) => 28_000_000_000 + n),
    fc.integer({ min: 0, max: 5 }).map((n) => 27_821_234_567 + n * 2 ** 32),
    fc.maxSafeInteger().filter((n) => n > 0),
  );
  const step = fc.record({ number, isAdded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
      const set = new NumberSet();
      const known = new Set<number>();
      for (const { number: n, isAdded } of steps) {
        expect(isAdded ? set.add(n) : set.remove(n)).toBe(known.has(n) !== isAdded);
        if (isAdded) known.add(n);
        else known.delete(n);
        expect(set.size).toBe(known.size);
      }
    }),
  );
});

test('has none that was not put in, whatever is asked for', () => {
  const set = new NumberSet();
  for (const n of [0, 27_000_000_000, 27_821_234_567, 28_000_000_000]) expect(set.remove(n)).toBe(false);
});

test('lists what it holds, the smallest first', () => {
  const number = fc.oneof(
    fc.maxSafeInteger().filter((n) => n > 0),
    fc.integer({ min: 26_999_999_900, max: 27_000_200_000 }),
    fc.integer({ min: 27_999_800_000, max: 28_000_000_100 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(number), (numbers) => {
      const set = new NumberSet();
      for (const n of numbers) set.add(n);
      const [taken, ...others] = numbers;
      if (taken !== undefined) set.remove(taken);
      expect([...set.list()]).toEqual(others.sort((one, other) => one - other));
    }),
  );
});

test('grows to a million', () => {
  const set = new NumberSet();
  for (let n = 0; n < 1_000_000; n++) set.add(27_600_000_000 + n);
  expect(set.size).toBe(1_000_000);
  expect(set.add(27_600_999_999)).toBe(false);
  expect(set.add(27_601_000_000)).toBe(true);
});
