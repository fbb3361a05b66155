import { expect, test } from 'vitest';
import type { ChannelEvent, ChannelHandler, Listener } from '@/lib/db/listen';
import { RecentEvents } from './recent-events';

const resync: ChannelEvent = { type: 'resync' };
const said = (payload: string): ChannelEvent => ({ type: 'notification', payload });

function setUp() {
  const handlers = new Set<ChannelHandler>();
  const listener: Listener = {
    on: (_channel, handler) => {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    close: () => Promise.resolve(),
  };
  const time = { now: 1_000_000 };
  const recent = new RecentEvents(listener, 'changes', { keepMs: 60_000, clock: () => time.now });
  return {
    time,
    handlers,
    emit: (event: ChannelEvent) => handlers.forEach((handler) => handler(event)),
    follow: (ageMs: number | null) => {
      const heard: ChannelEvent[] = [];
      return { heard, leave: recent.follow(ageMs, (event) => heard.push(event)) };
    },
  };
}

test('a page that listens late hears what was said since it was rendered, and then what comes', () => {
  const { time, emit, follow } = setUp();
  follow(null);
  emit(resync);
  time.now += 10_000;
  emit(said('before'));
  time.now += 5000;
  emit(said('meanwhile'));
  time.now += 3000;
  const { heard } = follow(4000);
  expect(heard).toEqual([said('meanwhile')]);
  emit(said('after'));
  expect(heard).toEqual([said('meanwhile'), said('after')]);
});

test('it is told to look at everything when what was said is not known, or no longer', () => {
  const { time, emit, follow } = setUp();
  follow(null);
  emit(resync);
  time.now += 2000;
  expect(follow(5000).heard).toEqual([resync]);

  time.now += 30_000;
  emit(said('old'));
  time.now += 61_000;
  emit(said('new'));
  expect(follow(500).heard).toEqual([said('new')]);
  expect(follow(65_000).heard).toEqual([resync]);

  emit(resync);
  expect(follow(500).heard).toEqual([resync]);
});

test('the first to listen, or one that gives no age, is told nothing but what comes', () => {
  const { time, emit, follow } = setUp();
  const first = follow(5000);
  expect(first.heard).toEqual([]);
  emit(resync);
  expect(first.heard).toEqual([resync]);
  time.now += 10_000;
  emit(said('meanwhile'));
  expect(follow(null).heard).toEqual([]);
});

test('once the last has gone, nothing is listened to, and nothing kept', () => {
  const { time, handlers, emit, follow } = setUp();
  const readers = [follow(null), follow(null)];
  emit(resync);
  time.now += 10_000;
  emit(said('kept'));
  readers.forEach(({ leave }) => leave());
  expect(handlers.size).toBe(0);
  expect(follow(5000).heard).toEqual([]);
});
