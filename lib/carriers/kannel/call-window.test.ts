import { expect, test } from 'vitest';
import { CallWindow, type OpenCall } from './call-window';

/** Opens calls until one has to wait; all that were open, and whether the last one waits still. */
async function fill(window: CallWindow): Promise<{ calls: OpenCall[]; isWaiting: () => boolean }> {
  const calls: OpenCall[] = [];
  for (;;) {
    let isWaiting = true;
    const entering = window.enter().then((call) => {
      isWaiting = false;
      return call;
    });
    await settle();
    if (isWaiting) return { calls, isWaiting: () => isWaiting };
    calls.push(await entering);
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A window all of whose connections have answered. */
async function createProven(most: number, clock?: () => number): Promise<CallWindow> {
  const window = new CallWindow(most, clock);
  for (let known = 0; known < most; known++) {
    const calls: OpenCall[] = [];
    for (let count = 0; count <= known; count++) calls.push(await window.enter());
    for (const call of calls) window.leave(call, 'taken');
  }
  return window;
}

test('lets in so many, and the next one when one leaves', async () => {
  const { calls, isWaiting } = await fill(await createProven(3));
  expect(calls).toHaveLength(3);
  expect(isWaiting()).toBe(true);
});

test('one call waits until another leaves', async () => {
  const window = await createProven(2);
  const { calls, isWaiting } = await fill(window);
  window.leave(calls[0] as OpenCall, 'taken');
  await settle();
  expect(isWaiting()).toBe(false);
});

test('opens one connection at a time, and the next one when the last has answered', async () => {
  const window = new CallWindow(100);
  const { calls, isWaiting } = await fill(window);
  expect(calls).toHaveLength(1);
  window.leave(calls[0] as OpenCall, 'taken');
  await settle();
  expect(isWaiting()).toBe(false);
  // By the one that has answered, and a second one; not a third.
  const { calls: more } = await fill(window);
  expect(more).toHaveLength(1);
});

test('a connection that never answers is no reason to open more', async () => {
  const window = new CallWindow(100);
  const first = await window.enter();
  window.leave(first, 'unknown');
  expect((await fill(window)).calls).toHaveLength(1);
});

test('after a while without calls its connections are gone: again one at a time', async () => {
  let now = 0;
  const window = await createProven(50, () => now);
  now += 3_000;
  const { calls } = await fill(window);
  expect(calls).toHaveLength(50);
  for (const call of calls) window.leave(call, 'taken');
  // the one that waited
  await settle();
  window.leave({ era: 0, isFirst: false }, 'taken');
  now += 10_000;
  expect((await fill(window)).calls).toHaveLength(1);
});

test('calls that were open together and met a busy gateway halve it once', async () => {
  const window = await createProven(100);
  const { calls, isWaiting } = await fill(window);
  for (const call of calls.slice(0, 20)) window.leave(call, 'busy');
  expect(window.size).toBe(50);
  await settle();
  // eighty are still open
  expect(isWaiting()).toBe(true);
  for (const call of calls.slice(20)) window.leave(call, 'busy');
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
  // 1, 2, 3 … in ever longer steps
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
