import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { readWarning, saveWarningLevel } from '@/lib/credits/warning-commands';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { createAccount, createUser, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { listJobs, runDueJobs } from '@/testing/jobs';
import { readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { topUpAccount } from './top-up';

let db: TestDatabase;
let staff: ReturnType<typeof mintStaffScope>;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
});
afterAll(() => db.close());

const send = (account: TestAccount, count: number) =>
  queueMessages(db.pool, account, Array.from({ length: count }, nextMsisdn));

async function readMails(accountId: number): Promise<string[]> {
  await runDueJobs(db.pool, new Date());
  const { rows } = await db.pool.query<{ subject: string }>(
    'select subject from email where account_id = $1 order by id',
    [accountId],
  );
  return rows.map(({ subject }) => subject);
}

const topUp = (accountId: number, credits: number, more: { tellsOwner?: boolean; requestId?: string } = {}) =>
  topUpAccount(db.pool, staff, {
    accountId,
    credits,
    reference: 'INV-7',
    tellsOwner: more.tellsOwner ?? false,
    requestId: more.requestId ?? randomUUID(),
  });

test('warns once for each time that a balance comes below its level', async () => {
  const account = await createAccount(db.pool, { credits: 12 });
  const warning = `Account W${account.id} is running out of credits`;
  await saveWarningLevel(db.pool, account.scope, 10);
  await send(account, 2);
  expect(await readMails(account.id)).toEqual([]);
  await send(account, 1);
  expect(await readMails(account.id)).toEqual([warning]);
  await send(account, 2);
  expect(await readMails(account.id)).toEqual([warning]);

  // what comes back is no top-up: it would have them warned again and again
  const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  await recordHandover(
    db.pool,
    messages,
    messages.map(() => ({ status: 'failed', reason: 'No such number.' })),
  );
  expect((await readLedger(db.pool, account.id)).balance).toBe(12);
  await send(account, 3);
  expect(await readMails(account.id)).toEqual([warning]);

  await topUp(account.id, 1);
  expect((await readWarning(db.pool, account.scope)).warnedAt).toBeNull();
  await send(account, 1);
  expect(await readMails(account.id)).toEqual([warning, warning]);
  const { rows } = await db.pool.query('select text from notice where account_id = $1 order by id', [
    account.id,
  ]);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toEqual({ text: expect.stringContaining('9 credits are left, fewer than the 10') });
});

test('the warning is enqueued with what took the credits, or not at all', async () => {
  const account = await createAccount(db.pool, { credits: 5 });
  await saveWarningLevel(db.pool, account.scope, 5);
  await expect(send(account, 6)).rejects.toThrow('insufficient-credits');
  expect(await listJobs(db.pool, 'warn-low-credits', account.id)).toEqual([]);
  expect((await readWarning(db.pool, account.scope)).warnedAt).toBeNull();
});

test('warns nobody who asked for none, or who was topped up in the meantime', async () => {
  const [silent, saved] = [
    await createAccount(db.pool, { credits: 2 }),
    await createAccount(db.pool, { credits: 2 }),
  ];
  await saveWarningLevel(db.pool, silent.scope, 2);
  await saveWarningLevel(db.pool, silent.scope, null);
  await saveWarningLevel(db.pool, saved.scope, 2);
  await send(silent, 1);
  await send(saved, 1);
  await topUp(saved.id, 100);
  expect(await readMails(silent.id)).toEqual([]);
  expect(await readMails(saved.id)).toEqual([]);
});

test('a level above what there is warns at once on the page, and by mail the next time', async () => {
  const account = await createAccount(db.pool, { credits: 5 });
  expect(await saveWarningLevel(db.pool, account.scope, 10)).toEqual({ ok: true, isBelow: true });
  await send(account, 1);
  expect(await readMails(account.id)).toEqual([]);
  expect(await saveWarningLevel(db.pool, account.scope, 4)).toEqual({ ok: true, isBelow: false });
  await send(account, 1);
  expect(await readMails(account.id)).toHaveLength(1);
});

test.each([
  [0, 'too-few'],
  [-1, 'too-few'],
  [1.5, 'not-whole'],
  [2 ** 40, 'too-many'],
])('refuses a level of %s', async (level, reason) => {
  const account = await createAccount(db.pool, { credits: 5 });
  expect(await saveWarningLevel(db.pool, account.scope, level)).toMatchObject({ ok: false, reason });
});

test('staff give credits with a reference, once for a form, and tell the owner when they want to', async () => {
  const account = await createAccount(db.pool, { credits: 5 });
  const requestId = randomUUID();
  const results = await Promise.all([1, 2].map(() => topUp(account.id, 40, { tellsOwner: true, requestId })));
  expect(results).toEqual([{ ok: true }, { ok: true }]);
  expect(await topUp(account.id, 41, { requestId })).toMatchObject({ ok: false, reason: 'request-used' });
  await topUp(account.id, 1);
  expect(await readLedger(db.pool, account.id)).toMatchObject({ balance: 46, entries: 46 });
  expect(await readMails(account.id)).toEqual([`40 credits added to account W${account.id}`]);
  const { rows } = await db.pool.query(
    `select action, details from audit_entry where target_account_id = $1 order by id`,
    [account.id],
  );
  expect(rows).toEqual([
    { action: 'account.top-up', details: { credits: 40, reference: 'INV-7' } },
    { action: 'account.top-up', details: { credits: 1, reference: 'INV-7' } },
  ]);
  expect(await topUp(999_999, 1)).toMatchObject({ ok: false });
});
