import { afterAll, beforeAll, expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createManualOptOut, nextMsisdn } from '@/testing/factories';
import { testOnOneServer } from '@/testing/one-server';
import { sortInEvery, sortInOptOuts } from './number-index';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query('create extension pgstattuple');
});
afterAll(() => db.close());

/** New entries that have not been sorted in. */
async function countWaiting(): Promise<number> {
  const { rows } = await db.owner.query<{ waiting: string }>(
    `select pending_tuples as waiting from pgstatginindex('opt_out_number_parts_idx')`,
  );
  return Number(rows[0]?.waiting);
}

testOnOneServer('the program’s user, who owns no index, has new opt-outs sorted in', async () => {
  const account = await createAccount(db.pool);
  await createManualOptOut(db.pool, account, nextMsisdn());
  expect(await countWaiting()).toBe(1);
  await sortInOptOuts(db.pool);
  expect(await countWaiting()).toBe(0);
});

testOnOneServer(
  'as many as an import adds in between wait, and are not sorted in by whoever adds them',
  async () => {
    const account = await createAccount(db.pool);
    const add = (count: number) =>
      db.pool.query(
        `insert into opt_out (account_id, msisdn, kind) select $1, msisdn, 'IMPORT' from unnest($2::text[]) as msisdn`,
        [account.id, Array.from({ length: count }, nextMsisdn)],
      );
    await add(sortInEvery);
    expect(await countWaiting()).toBe(sortInEvery);
    // and it is not for want of a limit
    await add(sortInEvery);
    expect(await countWaiting()).toBeLessThan(sortInEvery);
  },
);
