import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PartialCommitError, withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { notify } from './notify';

let db: TestDatabase;
let listener: PoolClient;
let heard: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  // the words with which a cluster's coordinator says that a machine died as it was told to commit
  await db.owner.query(`
    create table half (id int);
    create function warn() returns trigger language plpgsql as $$
      begin raise warning 'failed to commit transaction on 10.0.0.7:5432'; return null; end $$;
    create constraint trigger warn after insert on half deferrable initially deferred for each row execute function warn()`);
});
beforeEach(async () => {
  heard = [];
  listener = await db.owner.connect();
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('listen things');
});
afterEach(() => listener.release(true));
afterAll(() => db.close());

/** What was heard, once all that was sent before has come. */
async function listHeard(): Promise<string[]> {
  await listener.query('select');
  return heard;
}

test('in a transaction it goes with the commit, in one trip, each payload once, whatever is in it', async () => {
  const payloads = ['one', `it's; a "two" \\ $1`, 'one'];
  const sent = await watchStatements(() =>
    withTransaction(db.pool, async (client) => {
      await notify(client, 'things', payloads);
      await notify(client, 'things', ['one', 'three']);
      expect(await listHeard()).toEqual([]);
    }),
  );
  expect(sent.filter((text) => /pg_notify|COMMIT/.test(text))).toHaveLength(1);
  expect(await listHeard()).toEqual(['one', payloads[1], 'three']);
});

test('it is not said after a rollback, nor by the next transaction of that connection', async () => {
  const failing = withTransaction(db.pool, async (client) => {
    await notify(client, 'things', ['never']);
    throw new Error('undone');
  });
  await expect(failing).rejects.toThrow('undone');
  await withTransaction(db.pool, (client) => notify(client, 'things', ['said']));
  expect(await listHeard()).toEqual(['said']);
});

test('outside of one it is said at once', async () => {
  await notify(db.pool, 'things', ['now', 'and then']);
  await notify(db.pool, 'things', []);
  expect(await listHeard()).toEqual(['now', 'and then']);
});

test('a commit that warns of a machine that failed is no commit for whoever waits for it', async () => {
  const insert = (client: PoolClient) => client.query(`insert into half values (1)`);
  await db.owner.query('grant all on half to public');
  await expect(withTransaction(db.pool, insert)).rejects.toThrow(PartialCommitError);
  // another warning is none of its business
  await withTransaction(db.pool, (client) => client.query(`do $$ begin raise warning 'something'; end $$`));
});
