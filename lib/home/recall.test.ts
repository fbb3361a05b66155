import { expect, test } from 'vitest';
import { recallByCost } from './recall';

function countCalls(tookMs: number) {
  const clock = { now: 1_000_000, calls: 0 };
  const find = async () => {
    clock.now += tookMs;
    return (clock.calls += 1);
  };
  return { clock, find, now: () => clock.now };
}

test('what was cheap to find is found anew each time', async () => {
  const { find, now } = countCalls(20);
  expect(await recallByCost('cheap', find, now)).toBe(1);
  expect(await recallByCost('cheap', find, now)).toBe(2);
});

test('what was dear is kept for twenty times as long as it took, for each key', async () => {
  const { clock, find, now } = countCalls(500);
  expect(await recallByCost('dear', find, now)).toBe(1);
  clock.now += 9_999;
  expect(await recallByCost('dear', find, now)).toBe(1);
  expect(await recallByCost('another', find, now)).toBe(2);
  clock.now += 1;
  expect(await recallByCost('dear', find, now)).toBe(3);
});

test('who asks meanwhile waits for the same answer', async () => {
  let calls = 0;
  let finish = (_value: string) => {};
  const find = () => {
    calls += 1;
    return new Promise<string>((resolve) => (finish = resolve));
  };
  const both = [recallByCost('meanwhile', find), recallByCost('meanwhile', find)];
  finish('found');
  expect(await Promise.all(both)).toEqual(['found', 'found']);
  expect(calls).toBe(1);
});

test('a failure is not kept', async () => {
  await expect(recallByCost('failing', () => Promise.reject(new Error('no database')))).rejects.toThrow();
  expect(await recallByCost('failing', async () => 'found')).toBe('found');
});
