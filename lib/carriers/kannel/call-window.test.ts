import { expect, test } from 'vitest';
import { CallWindow } from './call-window';

/** Opens as many calls as there is room for, and one more that waits. */
async function fill(window: CallWindow): Promise<{ eras: number[]; isWaiting: () => boolean }> {
  const eras: number[] = [];
  for (let count = window.size; count > 0; count--) eras.push(await window.enter());
  let isWaiting = true;
  void window.enter().then(() => (isWaiting = false));
  await Promise.resolve();
  return { eras, isWaiting: () => isWaiting };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('lets in so many, and the next one when one leaves', async () => {
  const window = new CallWindow(3);
  const { eras, isWaiting } = await fill(window);
  expect(eras).toHaveLength(3);
  expect(isWaiting()).toBe(true);
  window.leave(eras[0] as number, 'taken');
  await settle();
  expect(isWaiting()).toBe(false);
});

test('calls that were open together and met a busy gateway halve it once', async () => {
  const window = new CallWindow(100);
  const { eras, isWaiting } = await fill(window);
  for (const era of eras.slice(0, 20)) window.leave(era, 'busy');
  expect(window.size).toBe(50);
  await settle();
  // eighty are still open
  expect(isWaiting()).toBe(true);
  for (const era of eras.slice(20)) window.leave(era, 'busy');
  expect(window.size).toBe(50);
  await settle();
  expect(isWaiting()).toBe(false);
});

test('it never closes, and grows by one for each window of calls that were taken', async () => {
  const window = new CallWindow(8);
  for (let count = 0; count < 10; count++) window.leave(await window.enter(), 'busy');
  expect(window.size).toBe(1);
  const sizes: number[] = [];
  for (let count = 0; count < 40; count++) {
    window.leave(await window.enter(), 'taken');
    sizes.push(window.size);
  }
  expect(sizes[0]).toBe(2);
  // 1, 2, 3 … in ever longer steps: five calls taken are less than three more
  expect(sizes[4]).toBe(3);
  expect(sizes.at(-1)).toBe(8);
});

test('what nobody knows the end of says nothing about how busy it is', async () => {
  const window = new CallWindow(4);
  window.leave(await window.enter(), 'busy');
  const before = window.size;
  for (let count = 0; count < 20; count++) window.leave(await window.enter(), 'unknown');
  expect(window.size).toBe(before);
});
