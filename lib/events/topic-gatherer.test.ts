import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TopicGatherer } from './topic-gatherer';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first is told at once, what follows together, and none is lost', () => {
  const send = vi.fn();
  const gatherer = new TopicGatherer(send, 500);
  gatherer.add(['opt-outs']);
  expect(send.mock.calls).toEqual([[['opt-outs']]]);
  for (let change = 0; change < 50; change++) gatherer.add(['replies', 'opt-outs']);
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(500);
  expect(send.mock.calls[1]).toEqual([['replies', 'opt-outs']]);
  gatherer.add(['messages']);
  vi.advanceTimersByTime(500);
  expect(send.mock.calls[2]).toEqual([['messages']]);
  vi.advanceTimersByTime(500);
  // quiet again: at once again, and no timer runs meanwhile
  expect(vi.getTimerCount()).toBe(0);
  gatherer.add(['credits']);
  expect(send.mock.calls[3]).toEqual([['credits']]);
});

test('one that has ended tells nothing', () => {
  const send = vi.fn();
  const gatherer = new TopicGatherer(send, 500);
  gatherer.add(['opt-outs']);
  gatherer.add(['replies']);
  gatherer.end();
  vi.advanceTimersByTime(10_000);
  expect(send).toHaveBeenCalledTimes(1);
});
