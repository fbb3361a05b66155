import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RefreshQueue } from './refresh-queue';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function createQueue() {
  const queue = new RefreshQueue();
  const refresh = vi.fn();
  const leave = queue.join(refresh);
  return { queue, refresh, leave };
}

test('the first change shows at once, a burst after it together', () => {
  const { queue, refresh } = createQueue();
  queue.request();
  vi.advanceTimersByTime(0);
  expect(refresh).toHaveBeenCalledTimes(1);
  queue.finish(refresh);
  for (let change = 0; change < 10; change++) queue.request();
  vi.advanceTimersByTime(249);
  expect(refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(refresh).toHaveBeenCalledTimes(2);
  queue.finish(refresh);
  vi.advanceTimersByTime(60_000);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test.each([20, 500])(
  'while it changes every %i ms it refreshes more and more seldom, and once it is quiet at once again',
  (everyMs) => {
    const { queue, refresh } = createQueue();
    const listen = (ms: number) => {
      refresh.mockClear();
      for (let passed = 0; passed < ms; passed += everyMs) {
        queue.request();
        vi.advanceTimersByTime(everyMs);
        queue.finish(refresh);
      }
      return refresh.mock.calls.length;
    };
    expect(listen(2_000)).toBeGreaterThanOrEqual(2);
    listen(10_000);
    expect(listen(40_000)).toBe(10);
    // the last of it is shown all the same
    vi.advanceTimersByTime(4_000);
    queue.finish(refresh);
    refresh.mockClear();
    vi.advanceTimersByTime(10_000);
    expect(refresh).not.toHaveBeenCalled();
    queue.request();
    vi.advanceTimersByTime(0);
    expect(refresh).toHaveBeenCalledTimes(1);
  },
);

test('while a refresh is under way none begins, and one follows it for all that changed meanwhile', () => {
  const { queue, refresh } = createQueue();
  queue.request();
  for (let change = 0; change < 20; change++) {
    vi.advanceTimersByTime(500);
    queue.request();
  }
  expect(refresh).toHaveBeenCalledTimes(1);
  queue.finish(refresh);
  vi.advanceTimersByTime(0);
  expect(refresh).toHaveBeenCalledTimes(2);
  queue.finish(refresh);
  vi.advanceTimersByTime(60_000);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('a change between asking and being answered is not lost', () => {
  const { queue, refresh } = createQueue();
  refresh.mockImplementationOnce(() => queue.request());
  queue.request();
  vi.advanceTimersByTime(0);
  queue.finish(refresh);
  vi.advanceTimersByTime(250);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('one that never comes back is given up', () => {
  const { queue, refresh } = createQueue();
  queue.request();
  vi.advanceTimersByTime(0);
  queue.request();
  vi.advanceTimersByTime(29_000);
  expect(refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2000);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('whoever leaves while its refresh is under way leaves the rest to the others', () => {
  const { queue, refresh, leave } = createQueue();
  const other = vi.fn();
  const leaveOther = queue.join(other);
  queue.request();
  vi.advanceTimersByTime(0);
  queue.request();
  leave();
  vi.advanceTimersByTime(250);
  expect(refresh).toHaveBeenCalledTimes(1);
  expect(other).toHaveBeenCalledTimes(1);

  // nobody is there to see it
  leaveOther();
  queue.request();
  vi.advanceTimersByTime(60_000);
  expect(other).toHaveBeenCalledTimes(1);
});

test('without a network a change waits until there is one', () => {
  const network = { onLine: false };
  const page = new EventTarget();
  vi.stubGlobal('navigator', network);
  vi.stubGlobal('window', page);
  const { queue, refresh } = createQueue();
  queue.request();
  vi.advanceTimersByTime(60_000);
  queue.request();
  vi.advanceTimersByTime(60_000);
  expect(refresh).not.toHaveBeenCalled();
  network.onLine = true;
  page.dispatchEvent(new Event('online'));
  vi.advanceTimersByTime(60_000);
  expect(refresh).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});
