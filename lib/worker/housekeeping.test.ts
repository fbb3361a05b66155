import { parseCrontab } from 'graphile-worker';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { storeNumberList } from '@/lib/number-lists/commands';
import { listNumberLists } from '@/lib/number-lists/queries';
import { removeOldLists } from '@/lib/number-lists/retention';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { MemoryMail } from '@/testing/memory-mail';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { pruneCarrierReceipts, pruneFailedJobs, pruneRateLimits, pruneSimulatorMessages } from './pruning';
import { createTaskList, crontab } from './tasks';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('every entry of the crontab names a task', () => {
  const tasks = createTaskList(db.pool, { mail: new MemoryMail(), clock: () => new Date() });
  const entries = parseCrontab(crontab);
  expect(entries.length).toBeGreaterThan(3);
  expect(entries.filter(({ task }) => !Object.hasOwn(tasks, task))).toEqual([]);
});

test('lists are removed with their lines after thirty days, but not while an import is under way', async () => {
  const account = await createAccount(db.pool);
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const store = async (purpose: 'CHECK' | 'IMPORT', days: number) => {
    const body = Readable.from([Buffer.from(`${nextMsisdn()}\n${nextMsisdn()}`)]);
    const id = await storeNumberList(
      db.copyPool,
      account.scope,
      { purpose, name: 'numbers.csv', format },
      body,
    );
    await db.pool.query(
      `update number_list set created_at = now() - make_interval(days => $2) where id = $1`,
      [id, days],
    );
    return id;
  };
  await store('CHECK', 31);
  const young = await store('CHECK', 29);
  const underWay = await store('IMPORT', 40);
  await removeOldLists(db.pool);
  expect((await listNumberLists(db.pool, account.scope)).map(({ id }) => id)).toEqual([young, underWay]);
  const { rows } = await db.pool.query<{ id: string; lines: number }>(
    'select list_id as id, count(*)::int as lines from number_list_line where account_id = $1 group by 1 order by 1',
    [account.id],
  );
  expect(rows).toEqual([
    { id: young, lines: 2 },
    { id: underWay, lines: 2 },
  ]);
});

test('lists on legal hold stay, for the account’s sake or a number’s', async () => {
  const [held, free] = [await createAccount(db.pool), await createAccount(db.pool)];
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const store = async (account: typeof held, number: string) => {
    const body = Readable.from([Buffer.from(`${number}\n${nextMsisdn()}`)]);
    const list = { purpose: 'CHECK', name: 'numbers.csv', format } as const;
    return storeNumberList(db.copyPool, account.scope, list, body);
  };
  const number = nextMsisdn();
  const kept = [await store(held, nextMsisdn()), await store(free, number)];
  await store(free, nextMsisdn());
  await db.pool.query(
    `update number_list set created_at = now() - interval '31 days' where account_id = any ($1)`,
    [[held.id, free.id]],
  );
  await db.pool.query(
    `insert into legal_hold (held_account_id, msisdn, reason, created_by, created_at)
     values ($1, null, 'Case', 1, now()), (null, $2, 'Case', 1, now())`,
    [held.id, number],
  );
  await removeOldLists(db.pool);
  const left = await Promise.all([held, free].map(({ scope }) => listNumberLists(db.pool, scope)));
  expect(left.flat().map(({ id }) => id)).toEqual(kept);
  await db.pool.query('delete from legal_hold');
});

test('what carriers and the simulator’s phones no longer need is pruned', async () => {
  await db.pool.query(
    `insert into carrier_receipt (msisdn, carrier, carrier_message_id, received_at)
     select '27821234567', 'simulator', n, now() - make_interval(days => case when n <= 10001 then 61 else 59 end)
     from generate_series(1, 10003) as n`,
  );
  await db.pool.query(
    `insert into simulator_message (msisdn, from_phone, sender_number, text, created_at)
     select '27821234567', true, '27600100200', 'Stop', now() - make_interval(days => days) from unnest(array[91, 89]) as days`,
  );
  await pruneCarrierReceipts(db.pool);
  await pruneSimulatorMessages(db.pool);
  expect((await db.pool.query('select from carrier_receipt')).rowCount).toBe(2);
  expect((await db.pool.query('select from simulator_message')).rowCount).toBe(1);
});

test('counts of attempts are removed once their window has ended, by an index; those that count stay', async () => {
  const now = new Date();
  await db.pool.query(
    `insert into rate_limit (key, points, expire) select 'old:' || n, 1, $1::bigint from generate_series(1, 10001) as n
     union all select 'young', 1, $2::bigint`,
    [now.getTime() - 1, now.getTime() + 60_000],
  );
  await pruneRateLimits(db.pool, now);
  const { rows } = await db.pool.query<{ key: string }>('select key from rate_limit');
  expect(rows).toEqual([{ key: 'young' }]);
  const { rowCount } = await db.pool.query(
    `select from pg_indexes where tablename = 'rate_limit' and indexdef like '%(expire)'`,
  );
  expect(rowCount).toBe(1);
});

test('jobs that were given up are kept for a month, those that are to run for as long as it takes', async () => {
  const { id: accountId } = await createAccount(db.pool);
  for (const [emailId, attempts, days] of [
    ['1', 14, 31],
    ['2', 14, 29],
    ['3', 13, 31],
  ] as const) {
    await enqueueJob(db.pool, 'send-email', { accountId, userId: null, emailId });
    await db.pool.query(
      `update graphile_worker._private_jobs set attempts = $3, updated_at = now() - make_interval(days => $4)
       where (payload ->> 'accountId')::int = $1 and payload ->> 'emailId' = $2`,
      [accountId, emailId, attempts, days],
    );
  }
  await pruneFailedJobs(db.pool);
  const { rows } = await db.pool.query<{ id: string }>(
    `select payload ->> 'emailId' as id from graphile_worker._private_jobs
     where (payload ->> 'accountId')::int = $1 order by 1`,
    [accountId],
  );
  expect(rows).toEqual([{ id: '2' }, { id: '3' }]);
});
