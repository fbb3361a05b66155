import { afterAll, beforeAll, expect, test } from 'vitest';
import { createListener, type ChannelEvent } from '@/lib/db/listen';
import { waitUntil } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { hearWhileWanted } from './hear-while-wanted';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('channels are listened to while that is wanted, and begin with "resync" each time', async () => {
  const listener = createListener(db.url);
  const heard: ChannelEvent[] = [];
  const witnessed: string[] = [];
  const setWanted = hearWhileWanted(listener, { queue: (event) => heard.push(event) });
  listener.on('witness', (event) => event.type === 'notification' && witnessed.push(event.payload));
  // What is said on one connection comes in its order.
  const say = async (payload: string) => {
    await db.pool.query(`select pg_notify('queue', $1), pg_notify('witness', $1)`, [payload]);
    await waitUntil('it is said', async () => {
      await db.pool.query(`select pg_notify('witness', $1)`, [payload]);
      return witnessed.includes(payload);
    });
  };
  await say('before');
  expect(heard).toEqual([]);

  setWanted(true);
  setWanted(true);
  await waitUntil('it listens', async () => heard.length > 0);
  await say('meanwhile');
  expect(heard).toEqual([{ type: 'resync' }, { type: 'notification', payload: 'meanwhile' }]);

  setWanted(false);
  await waitUntil('it listens no more', async () => {
    const { rows } = await db.pool.query(
      `select from pg_stat_activity where application_name = 'client-zone listener' and query like 'UNLISTEN%'`,
    );
    return rows.length === 1;
  });
  await say('after');
  expect(heard).toHaveLength(2);

  setWanted(true);
  await waitUntil('it listens again', async () => heard.length > 2);
  expect(heard.at(-1)).toEqual({ type: 'resync' });
  await listener.close();
});
