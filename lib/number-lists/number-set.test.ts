import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberSet } from './number-set';

test('says of each number what a Set says', () => {
  // few enough to meet again, and some that differ in their upper bits alone
  const number = fc.oneof(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 0, max: 5 }).map((n) => 27_821_234_567 + n * 2 ** 32),
    fc.maxSafeInteger().filter((n) => n > 0),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3000 }), (numbers) => {
      const set = new NumberSet();
      const known = new Set<number>();
      for (const n of numbers) {
        expect(set.add(n)).toBe(!known.has(n));
        known.add(n);
      }
      expect(set.size).toBe(known.size);
    }),
  );
});

test('gives each of its numbers once to who claims them, however it has grown', () => {
  const set = new NumberSet();
  const first = 27_600_000_000;
  for (let n = 0; n < 400; n++) set.add(first + n);
  for (let n = 0; n < 600; n += 2) expect(set.claim(first + n)).toBe(n < 400);
  for (let n = 0; n < 400; n += 2) expect(set.claim(first + n)).toBe(false);
  expect(set.claim(0)).toBe(false);
  for (let n = 400; n < 4000; n++) expect(set.add(first + n)).toBe(true);
  for (let n = 0; n < 400; n++) {
    expect(set.add(first + n)).toBe(false);
    expect(set.claim(first + n)).toBe(n % 2 === 1);
  }
  expect(set.size).toBe(4000);
});

test('lists what was not claimed, the smallest first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.maxSafeInteger().filter((n) => n > 0)), (numbers) => {
      const set = new NumberSet();
      for (const n of numbers) set.add(n);
      const [claimed, ...others] = numbers;
      if (claimed !== undefined) set.claim(claimed);
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
