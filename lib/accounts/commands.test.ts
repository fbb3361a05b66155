import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { providerAccountId } from '@/lib/auth/provider-account';
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
