import { expect, test } from 'vitest';
import { measureRatio } from './growth';

/** A measure that takes the time from what the work answers. */
const measure = async (work: () => unknown) => Number(await work());

test('what is near enough counts at once', async () => {
  let rounds = 0;
  const growth = await measureRatio(measure, {
    base: () => 10,
    tried: () => ((rounds += 1), 80),
    nearEnough: 24,
  });
  expect([growth, rounds]).toEqual([8, 1]);
});

test('one round without a disturbance is enough, whichever of the two was disturbed', async () => {
  const shorts = [1000, 10, 10, 10, 10];
  const longs = [100_000, 900, 80, 700, 900];
  const growth = await measureRatio(measure, {
    base: () => shorts.shift(),
    tried: () => longs.shift(),
    nearEnough: 24,
  });
  expect(growth).toBe(8);
});

test('what is slow in every round stays slow', async () => {
  const longs = [700, 640, 650, 660, 900];
  const growth = await measureRatio(measure, { base: () => 10, tried: () => longs.shift(), nearEnough: 24 });
  expect(growth).toBe(64);
});

test('what takes next to no time is not compared with nothing', async () => {
  expect(await measureRatio(measure, { base: () => 0, tried: () => 8, nearEnough: 24 })).toBe(4);
});

test('what is far too slow is not measured again and again', async () => {
  let rounds = 0;
  const ratio = await measureRatio(measure, {
    base: () => 10,
    tried: () => ((rounds += 1), 10_000),
    nearEnough: 24,
  });
  expect([ratio, rounds]).toEqual([1000, 1]);
});
