import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createListener, type ChannelEvent, type Listener } from '@/lib/db/listen';
import { patience } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let listener: Listener;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  listener = createListener(db.url, { retryDelayMs: 5 });
});
afterEach(() => listener.close());

function record(channel: string): { events: ChannelEvent[]; stop: () => void } {
  const events: ChannelEvent[] = [];
  return { events, stop: listener.on(channel, (event) => events.push(event)) };
}

const notify = (channel: string, payload: string) =>
  db.pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
const resync: ChannelEvent = { type: 'resync' };
const notification = (payload: string): ChannelEvent => ({ type: 'notification', payload });

describe('createListener', () => {
  test('says when listening has begun, then hands on what is said to each handler of the channel', async () => {
    const first = record('changes');
    const second = record('changes');
    const other = record('other');
    await vi.waitFor(() => expect([first.events, other.events]).toEqual([[resync], [resync]]), patience);
    await notify('changes', '58324');
    await vi.waitFor(() => expect(first.events).toEqual([resync, notification('58324')]), patience);
    expect(second.events.at(-1)).toEqual(notification('58324'));
    expect(other.events).toEqual([resync]);
  });

  test('stops telling a handler that has left', async () => {
    const leaving = record('changes');
    const staying = record('changes');
    await vi.waitFor(() => expect(staying.events).toEqual([resync]), patience);
    leaving.stop();
    await notify('changes', 'a');
    await vi.waitFor(() => expect(staying.events).toContainEqual(notification('a')), patience);
    expect(leaving.events).toEqual([resync]);
  });

  test('that left and came at once has begun once it listens for good, not when the first time is answered', async () => {
    const connected = record('connected');
    await vi.waitFor(() => expect(connected.events).toEqual([resync]), patience);
    record('changes').stop();
    const { events } = record('changes');
    // said on the same connection, after those
    const last = record('last');
    await vi.waitFor(() => expect(last.events).toEqual([resync]), patience);
    expect(events).toEqual([resync]);
  });

  test('asks its connection one thing at a time', async () => {
    const connected = record('connected');
    await vi.waitFor(() => expect(connected.events).toEqual([resync]), patience);
    let asked = 0;
    let most = 0;
    // The form that the listener calls; pg's has many.
    const prototype = Client.prototype as { query(sql: string): Promise<unknown> };
    const { query } = prototype;
    const spy = vi.spyOn(prototype, 'query').mockImplementation(async function (this: Client, sql) {
      most = Math.max(most, ++asked);
      try {
        return await query.call(this, sql);
      } finally {
        asked -= 1;
      }
    });
    const many = ['one', 'two', 'three'].map((channel) => record(channel));
    many[0]?.stop();
    const last = record('last');
    await vi.waitFor(() => expect(last.events).toEqual([resync]), patience);
    spy.mockRestore();
    expect(most).toBe(1);
  });

  test('listens again after its connection was lost, and says so', async () => {
    const { events } = record('changes');
    await vi.waitFor(() => expect(events).toEqual([resync]), patience);
    const { rowCount } = await db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'client-zone listener' AND datname = current_database()`,
    );
    expect(rowCount).toBe(1);
    await vi.waitFor(() => expect(events).toEqual([resync, resync]), patience);
    await notify('changes', 'after');
    await vi.waitFor(() => expect(events).toEqual([resync, resync, notification('after')]), patience);
  });

  test('goes on when a handler fails', async () => {
    listener.on('changes', () => {
      throw new Error('A handler that fails');
    });
    const { events } = record('changes');
    await vi.waitFor(() => expect(events).toEqual([resync]), patience);
  });
});
