import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, nextMsisdn, queueMessages } from '@/testing/factories';
import { watchStatements } from '@/testing/watch-statements';
import { createDatabase, withTransaction } from './client';
import { composeTexts, idsAreNew, isOfOneServer, learnServer } from './one-server';
import { statement, takeBackStatement } from './statement';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('what only a cluster is told is left out for one server, and nothing else', () => {
  const conflict = 'on conflict (account_id, id) do nothing';
  expect(composeTexts(`insert into a select b ${idsAreNew} returning c`)).toEqual({
    anywhere: `insert into a select b ${conflict} returning c`,
    oneServer: 'insert into a select b  returning c',
  });
  expect(composeTexts(`${idsAreNew} d ${idsAreNew}`)).toEqual({
    anywhere: `${conflict} d ${conflict}`,
    oneServer: ' d ',
  });
  expect(composeTexts('select 1')).toEqual({ anywhere: 'select 1', oneServer: 'select 1' });
});

/** A connection to a server that answers so when it is asked what it is. */
function connectTo(answer: () => Promise<unknown>): PoolClient {
  return { query: answer } as unknown as PoolClient;
}

test.each([
  ['one PostgreSQL', async () => ({ rows: [{ found: false }] }), true],
  ['a machine of a cluster', async () => ({ rows: [{ found: true }] }), false],
  ['one that breaks before it answers', () => Promise.reject(new Error('gone')), false],
  ['one that never answers', () => new Promise(() => undefined), false],
])('%s: is it sent the shorter text?', async (_, answer, isShort) => {
  const connection = connectTo(answer);
  learnServer(connection);
  expect(isOfOneServer(connection)).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOfOneServer(connection)).toBe(isShort);
});

test('a test that counts statements sees the same of a connection that is opened meanwhile', async () => {
  const insert = statement({
    name: 'counted-of-a-test',
    values: { accountId: 'int4' },
    sql: ($) => `insert into opt_out_tally (account_id, change) select ${$.accountId}, 1 ${idsAreNew}`,
  });
  takeBackStatement();
  const { id: accountId } = await createAccount(db.pool);
  const { pool, close } = createDatabase(db.url, 1);
  try {
    const first = await watchStatements(() => insert.run(pool, { accountId }));
    expect(first).toHaveLength(1);
    expect(await watchStatements(() => insert.run(pool, { accountId }))).toEqual(first);
  } finally {
    await close();
  }
});

testOnOneServer(
  'a statement is sent as its connection needs it, under a name of its own, and does the same',
  async () => {
    const insert = statement({
      name: 'tally-of-a-test',
      values: { accountId: 'int4' },
      sql: ($) => `insert into opt_out_tally (account_id, change) select ${$.accountId}, 1 ${idsAreNew}`,
    });
    takeBackStatement();
    const account = await createAccount(db.pool);
    const listPrepared = async (client: PoolClient) =>
      (
        await client.query<{ name: string; conflicts: boolean }>(
          `select name, statement like '%on conflict%' as conflicts from pg_prepared_statements
         where name like 'tally-of-a-test%' order by name`,
        )
      ).rows;

    const client = await db.pool.connect();
    await client.query('select');
    expect(isOfOneServer(client)).toBe(true);
    await insert.run(client, { accountId: account.id });
    expect(await listPrepared(client)).toEqual([{ name: 'tally-of-a-test-on-one-server', conflicts: false }]);
    client.release();
    // whoever hands in the pool has no connection that is known
    await insert.run(db.pool, { accountId: account.id });
    const { rows } = await db.pool.query('select change from opt_out_tally where account_id = $1', [
      account.id,
    ]);
    expect(rows).toHaveLength(2);
  },
);

testOnOneServer('messages are accepted without looking for a conflict', async () => {
  const account = await createAccount(db.pool);
  await queueMessages(db.pool, account, [nextMsisdn()]);
  await queueMessages(db.pool, account, [nextMsisdn()]);
  const prepared = await withTransaction(db.pool, async (client) => {
    const { rows } = await client.query<{ statement: string }>(
      `select statement from pg_prepared_statements where name like 'accept-messages-on%'`,
    );
    return rows;
  });
  expect(prepared).toHaveLength(1);
  expect(prepared[0]?.statement).toContain('on conflict (account_id, idempotency_key)');
  expect(prepared[0]?.statement).not.toContain('on conflict (account_id, id)');
});
