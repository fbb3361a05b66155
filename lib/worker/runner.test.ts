import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { storeNumberList } from '@/lib/number-lists/commands';
import { readNumberList } from '@/lib/number-lists/queries';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { listJobs, lockJobs } from '@/testing/jobs';
import { isSomebodyWaiting } from '@/testing/lock-waits';
import { MemoryMail } from '@/testing/memory-mail';
import { waitUntil } from '@/testing/poll';
import { startHeartbeat } from './heartbeat';
import { enqueueJob, enqueueJobs } from '@/lib/jobs/enqueue';
import { ImportTurns } from '@/lib/jobs/import-turns';
import { rescueJobs, startJobs } from './runner';

let db: TestDatabase;
const tools = { mail: new MemoryMail(), clock: () => new Date() };
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function storeImport(account: TestAccount, count: number): Promise<string> {
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const numbers = Array.from({ length: count }, nextMsisdn).join('\n');
  const list = { purpose: 'IMPORT' as const, name: 'numbers.csv', format };
  return storeNumberList(db.copyPool, account.scope, list, Readable.from([Buffer.from(numbers)]));
}

async function waitUntilDone(account: TestAccount, id: string): Promise<void> {
  await waitUntil('the import is done', async () => {
    return (await readNumberList(db.pool, account.scope, id))?.state === 'DONE';
  });
}

test('a job whose transaction is rolled back never was', async () => {
  const account = await createAccount(db.pool);
  const failing = withTransaction(db.pool, async (client) => {
    await enqueueJob(client, 'import-number-list', { accountId: account.id, userId: null, listId: '1' });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await listJobs(db.pool, 'import-number-list')).toEqual([]);
});

test('of a key there is one job, which is moved; of others as many as were enqueued', async () => {
  const account = await createAccount(db.pool);
  const enqueue = (runAt: Date, ...requestIds: string[]) =>
    enqueueJobs(
      db.pool,
      'expire-removal-request',
      requestIds.map((requestId) => ({
        payload: { accountId: account.id, userId: null, requestId },
        runAt,
      })),
    );
  const [early, late] = [new Date('2100-01-01T00:00:00Z'), new Date('2100-01-02T00:00:00Z')];
  await enqueue(early, '1', '2');
  await enqueue(late, '1', '3');
  await enqueue(late);
  const jobs = await listJobs(db.pool, 'expire-removal-request', account.id);
  expect(jobs.map(({ runAt }) => runAt)).toEqual([late, early, late]);
});

test('jobs of imports can be held back by account, without a queue, and nothing else is', async () => {
  await enqueueJob(db.pool, 'import-number-list', { accountId: 7, userId: null, listId: '1' });
  await enqueueJob(db.pool, 'send-email', { accountId: 7, userId: null, emailId: '1' });
  const { rows } = await db.pool.query(
    `select task_identifier as task, queue_name as queue, flags from graphile_worker.jobs
     where task_identifier in ('import-number-list', 'send-email') order by 1`,
  );
  expect(rows).toEqual([
    { task: 'import-number-list', queue: null, flags: { import: true, 'import-7': true } },
    { task: 'send-email', queue: null, flags: null },
  ]);
  await db.pool.query('delete from graphile_worker._private_jobs');
});

test('two accounts import at a time, each one list; e-mails go on, and a third account has its turn', async () => {
  const turns = new ImportTurns();
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  expect(turns.listForbiddenFlags()).toEqual([]);
  const first = turns.take(1, work);
  expect(turns.listForbiddenFlags()).toEqual(['import-1']);
  expect(await turns.take(1, work)).toBe(false);
  const second = turns.take(2, () => Promise.reject(new Error('the database has gone')));
  await expect(second).rejects.toThrow('the database has gone');
  const third = turns.take(3, work);
  expect(turns.listForbiddenFlags()).toEqual(['import']);
  expect(await turns.take(4, work)).toBe(false);
  ends.forEach((end) => end());
  expect(await Promise.all([first, third])).toEqual([true, true]);
  expect(turns.listForbiddenFlags()).toEqual([]);
});

test('an account with many imports does not keep another out', async () => {
  const [busy, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const many = [];
  for (let list = 0; list < 6; list++) many.push(await storeImport(busy, 10));
  // Its lists are held by somebody else, so that none of them ends.
  const holder = await db.pool.connect();
  await holder.query('begin');
  await holder.query('select from number_list where account_id = $1 for update', [busy.id]);
  const late = await storeImport(other, 10);
  const jobs = await startJobs(db.pool, tools);
  try {
    await waitUntilDone(other, late);
    expect((await readNumberList(db.pool, busy.scope, many[0]!))?.state).toBe('QUEUED');
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  for (const id of many) await waitUntilDone(busy, id);
  await jobs.stop();
});

test('jobs run, and stopping ends them', async () => {
  const account = await createAccount(db.pool);
  const early = await storeImport(account, 10);
  const jobs = await startJobs(db.pool, tools);
  expect(jobs.id).not.toBe('');
  await waitUntilDone(account, early);
  const late = await storeImport(account, 10);
  await waitUntilDone(account, late);
  await jobs.stop();
  expect(await listJobs(db.pool, 'import-number-list')).toEqual([]);
});

test('stopping waits until the last job is put away', async () => {
  const account = await createAccount(db.pool);
  const [list, job] = [await db.pool.connect(), await db.pool.connect()];
  const id = await storeImport(account, 10);
  // Held while it runs, so that it can be held again where it is put away.
  await list.query('begin');
  await list.query('select from number_list where account_id = $1 and id = $2 for update', [account.id, id]);
  const jobs = await startJobs(db.pool, tools);
  await waitUntil('the job runs', () => isSomebodyWaiting(db.owner));
  await job.query('begin');
  await job.query('select from graphile_worker._private_jobs where locked_by = $1 for update', [jobs.id]);
  await list.query('rollback');
  list.release();
  await waitUntilDone(account, id);
  await waitUntil('the job is to be put away', () => isSomebodyWaiting(db.owner));

  let hasStopped = false;
  const stopping = jobs.stop().then(() => (hasStopped = true));
  // The queue's own stop takes no longer.
  await delay(200);
  const wasEarly = hasStopped;
  await job.query('rollback');
  job.release();
  await stopping;
  expect(wasEarly).toBe(false);
  expect(await listJobs(db.pool, 'import-number-list')).toEqual([]);
});

test('the jobs of a worker that was killed are done by another, those of one that lives are left to it', async () => {
  const account = await createAccount(db.pool);
  const id = await storeImport(account, 10);

  await lockJobs(db.pool, 'pool-that-lives', '1 minute');
  const stopHeartbeat = await startHeartbeat(db.pool, 'pool-that-lives');
  await rescueJobs(db.pool);
  expect(await listJobs(db.pool, 'import-number-list')).toMatchObject([
    { lockedBy: 'pool-that-lives', attempts: 1 },
  ]);

  await lockJobs(db.pool, 'pool-that-was-killed', '10 seconds');
  await rescueJobs(db.pool);
  expect(await listJobs(db.pool, 'import-number-list')).toMatchObject([{ lockedBy: 'pool-that-was-killed' }]);

  await lockJobs(db.pool, 'pool-that-was-killed', '1 minute');
  await rescueJobs(db.pool);
  expect(await listJobs(db.pool, 'import-number-list')).toMatchObject([{ lockedBy: null }]);
  await stopHeartbeat();

  const jobs = await startJobs(db.pool, tools);
  await waitUntilDone(account, id);
  await jobs.stop();
});
