import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { storeNumberList } from '@/lib/number-lists/commands';
import { readNumberList } from '@/lib/number-lists/queries';
import { createAccount, nextMsisdn, type TestAccount } from '@/lib/testing/factories';
import { waitUntil } from '@/lib/testing/poll';
import { startHeartbeat } from '@/lib/worker/heartbeat';
import { enqueueJob } from './enqueue';
import { rescueJobs, startJobs } from './runner';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function storeImport(account: TestAccount, count: number): Promise<string> {
  const format = { encoding: 'utf-8', separator: ',', column: 0, header: false } as const;
  const numbers = Array.from({ length: count }, nextMsisdn).join('\n');
  const list = { purpose: 'IMPORT' as const, name: 'numbers.csv', format };
  return storeNumberList(db.pool, account.scope, list, Readable.from([Buffer.from(numbers)]));
}

async function waitUntilDone(account: TestAccount, id: string): Promise<void> {
  await waitUntil('the import is done', async () => {
    return (await readNumberList(db.pool, account.scope, id))?.state === 'DONE';
  });
}

async function listJobs(): Promise<{ lockedBy: string | null; attempts: number }[]> {
  const { rows } = await db.pool.query<{ lockedBy: string | null; attempts: number }>(
    `select locked_by as "lockedBy", attempts from graphile_worker.jobs where task_identifier = 'import-number-list'`,
  );
  return rows;
}

/** As a worker that is killed in the middle of a job leaves it. */
async function lockJobs(by: string, ago: string): Promise<void> {
  await db.pool.query(
    `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - $2::interval, attempts = attempts + 1`,
    [by, ago],
  );
}

test('a job whose transaction is rolled back never was', async () => {
  const account = await createAccount(db.pool);
  const failing = withTransaction(db.pool, async (client) => {
    await enqueueJob(client, 'import-number-list', { accountId: account.id, userId: null, listId: '1' });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await listJobs()).toEqual([]);
});

test('jobs run, and stopping ends them', async () => {
  const account = await createAccount(db.pool);
  const early = await storeImport(account, 10);
  const jobs = await startJobs(db.pool);
  expect(jobs.id).not.toBe('');
  await waitUntilDone(account, early);
  const late = await storeImport(account, 10);
  await waitUntilDone(account, late);
  await jobs.stop();
  expect(await listJobs()).toEqual([]);
});

test('the jobs of a worker that was killed are done by another, those of one that lives are left to it', async () => {
  const account = await createAccount(db.pool);
  const id = await storeImport(account, 10);

  await lockJobs('pool-that-lives', '1 minute');
  const stopHeartbeat = await startHeartbeat(db.pool, 'pool-that-lives');
  await rescueJobs(db.pool);
  expect(await listJobs()).toEqual([{ lockedBy: 'pool-that-lives', attempts: 1 }]);

  await lockJobs('pool-that-was-killed', '10 seconds');
  await rescueJobs(db.pool);
  expect(await listJobs()).toMatchObject([{ lockedBy: 'pool-that-was-killed' }]);

  await lockJobs('pool-that-was-killed', '1 minute');
  await rescueJobs(db.pool);
  expect(await listJobs()).toMatchObject([{ lockedBy: null }]);
  await stopHeartbeat();

  const jobs = await startJobs(db.pool);
  await waitUntilDone(account, id);
  await jobs.stop();
});
