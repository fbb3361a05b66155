import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gathered } from './gathered';

const written: number[][] = [];
let release: (() => void)[] = [];
/** Writes that end when they are released. */
const makeSlow = () =>
  new Gathered<number>((things) => {
    written.push(things);
    return new Promise((resolve) => release.push(resolve));
  });
const end = async () => {
  release.splice(0).forEach((one) => one());
  await vi.advanceTimersByTimeAsync(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  written.length = 0;
  release = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test('what comes within a moment is written together; what is urgent takes it along at once', async () => {
  const gathered = makeSlow();
  gathered.add(1, false);
  gathered.add(2, false);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(50);
  expect(written).toEqual([[1, 2]]);
  await end();
  gathered.add(3, false);
  gathered.add(4, true);
  expect(written).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a hundred do not wait for the moment to end', () => {
  const gathered = makeSlow();
  for (let place = 0; place < 100; place++) gathered.add(place, false);
  expect(written.map((things) => things.length)).toEqual([100]);
});

test('one write at a time; what comes meanwhile is the next, and a flush waits for it', async () => {
  const gathered = makeSlow();
  gathered.add(1, true);
  gathered.add(2, true);
  gathered.add(3, false);
  let isDone = false;
  void gathered.flush().then(() => (isDone = true));
  expect(written).toEqual([[1]]);
  await end();
  expect(written).toEqual([[1], [2, 3]]);
  expect(isDone).toBe(false);
  await end();
  expect(isDone).toBe(true);
});

test('with nothing to write a flush is over at once, and what comes after is written', async () => {
  const gathered = makeSlow();
  await gathered.flush();
  gathered.add(1, true);
  await end();
  // its moment ends when a write has taken it along already
  gathered.add(2, true);
  gathered.add(3, false);
  await end();
  await end();
  await vi.advanceTimersByTimeAsync(50);
  gathered.add(4, true);
  expect(written).toEqual([[1], [2], [3], [4]]);
});
