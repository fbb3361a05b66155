import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { providerAccountId } from '@/lib/auth/provider-account';
import { ledgerList } from '@/lib/credits/list';
import { readWarning, saveWarningLevel } from '@/lib/credits/warning-commands';
import { readList } from '@/lib/lists/read-list';
import { readFirstSteps, readTrialNumber } from '@/lib/people/queries';
import {
  createAccount,
  createManualOptOut,
  createUser,
  nextMsisdn,
  queueMessages,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { makeFullAccount, suspendAccount } from './commands';
import { correctAccountCredits } from './correct-credits';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a trial is made a full account once, with its credits; its owner is told', async () => {
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  const msisdn = nextMsisdn();
  const account = await createAccount(db.pool, { credits: 10, trialMsisdn: msisdn });
  const make = () =>
    makeFullAccount(db.pool, staff, { accountId: account.id, credits: 500, reason: 'Invoice 7' });
  expect(await readTrialNumber(db.pool, account.scope)).toBe(msisdn);
  const results = await Promise.all([make(), make()]);
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await readTrialNumber(db.pool, account.scope)).toBeNull();
  expect(await readFirstSteps(db.pool, account.scope)).toBeNull();
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(510));
  const told = await db.pool.query('select title from notice where account_id = $1', [account.id]);
  expect(told.rows).toEqual([{ title: `Account W${account.id} is a full account now` }]);
  expect((await db.pool.query('select from email where account_id = $1', [account.id])).rowCount).toBe(1);
  const audit = await db.pool.query('select action, details from audit_entry where target_account_id = $1', [
    account.id,
  ]);
  expect(audit.rows).toEqual([
    { action: 'account.make-full', details: { credits: 500, reason: 'Invoice 7' } },
  ]);
  const full = await createAccount(db.pool);
  expect(
    await makeFullAccount(db.pool, staff, { accountId: full.id, credits: 5, reason: 'x' }),
  ).toMatchObject({
    ok: false,
  });
  expect(await readLedger(db.pool, full.id)).toEqual(ledgerOf(1_000_000));
});

test('the provider’s own account cannot be suspended: nobody could be confirmed then', async () => {
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  expect(await suspendAccount(db.pool, staff, providerAccountId, 'a slip')).toMatchObject({ ok: false });
});

test('the first steps follow what happens with one’s own phone', async () => {
  const msisdn = nextMsisdn();
  const account = await createAccount(db.pool, { credits: 10, trialMsisdn: msisdn });
  const before = { msisdn, hasSent: false, isDelivered: false, hasStopped: false, senderNumber: null };
  expect(await readFirstSteps(db.pool, account.scope)).toEqual(before);
  await queueMessages(db.pool, account, [nextMsisdn()]);
  expect(await readFirstSteps(db.pool, account.scope)).toEqual(before);
  await queueMessages(db.pool, account, [msisdn]);
  const sent = { ...before, hasSent: true, senderNumber: account.senderNumber };
  expect(await readFirstSteps(db.pool, account.scope)).toEqual(sent);
  await createManualOptOut(db.pool, account, msisdn);
  expect(await readFirstSteps(db.pool, account.scope)).toEqual({ ...sent, hasStopped: true });
});

test('credits are corrected either way, once, never below none, and with the reason for all to read', async () => {
  const staffId = await createUser(db.pool, { accountId: null });
  const staff = mintStaffScope(staffId);
  const account = await createAccount(db.pool, { credits: 10 });
  await saveWarningLevel(db.pool, account.scope, 5);
  const correct = (amount: number, requestId: string = randomUUID(), reason = 'Counted twice') =>
    correctAccountCredits(db.pool, staff, {
      accountId: account.id,
      amount,
      reason,
      requestId,
      tellsOwner: true,
    });
  const id = randomUUID();
  // two presses at the same moment
  expect(await Promise.all([correct(-8, id), correct(-8, id)])).toEqual([{ ok: true }, { ok: true }]);
  expect(await correct(-9, id)).toMatchObject({ ok: false, reason: 'request-used' });
  expect(await correct(-3)).toMatchObject({ ok: false, reason: 'insufficient-credits' });
  expect(await correct(1)).toEqual({ ok: true });
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(3));
  const filter = ledgerList.readFilter({ kind: 'CORRECTION' }).filter;
  const { rows } = await readList(db.pool, ledgerList, account.scope, filter, null, 'Africa/Johannesburg');
  expect(rows.map(({ amount, balanceAfter, about }) => [amount, balanceAfter, about])).toEqual([
    ['1', '3', 'Counted twice'],
    ['-8', '2', 'Counted twice'],
  ]);
  // it came below the level that its owner is warned at
  expect((await readWarning(db.pool, account.scope)).warnedAt).not.toBeNull();
  const audit = await db.pool.query(
    'select action, details from audit_entry where user_id = $1 order by id',
    [staffId],
  );
  expect(audit.rows).toEqual([
    { action: 'account.correct-credits', details: { credits: -8, reason: 'Counted twice' } },
    { action: 'account.correct-credits', details: { credits: 1, reason: 'Counted twice' } },
  ]);
  const told = await db.pool.query('select title from notice where account_id = $1 order by id', [
    account.id,
  ]);
  expect(told.rows).toEqual([
    { title: `Correction: 8 credits taken from account W${account.id}` },
    { title: `Correction: 1 credit added to account W${account.id}` },
  ]);
  const without = await createAccount(db.pool, { credits: null });
  expect(
    await correctAccountCredits(db.pool, staff, {
      ...{ accountId: without.id, amount: -1, reason: 'x', requestId: randomUUID(), tellsOwner: false },
    }),
  ).toMatchObject({ ok: false, reason: 'insufficient-credits' });
});
