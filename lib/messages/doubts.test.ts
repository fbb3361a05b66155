import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createUser, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { claimBatch, recordHandover, type HandoverResult } from './claim';
import { decideDoubts, saveDoubtPolicy } from './doubt-commands';
import { listDoubtGroups, readDoubtPolicy } from './doubt-queries';

let db: TestDatabase;
let staff: StaffScope;
beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  await saveDoubtPolicy(db.pool, staff, 'HOLD');
});
afterEach(async () => {
  await saveDoubtPolicy(db.pool, staff, 'HOLD');
});
afterAll(() => db.close());

const doubt: HandoverResult = { status: 'doubt', detail: 'The gateway did not answer in time.' };

async function createDoubts(count: number, carrier = 'first'): Promise<TestAccount> {
  const account = await createAccount(db.pool, { credits: count });
  await queueMessages(db.pool, account, Array.from({ length: count }, nextMsisdn));
  const { messages } = await claimBatch(db.pool, account.id, { limit: count, leaseMs: 60_000, carrier });
  await recordHandover(
    db.pool,
    messages,
    messages.map(() => doubt),
  );
  return account;
}

async function listStatuses(account: TestAccount) {
  const { rows } = await db.pool.query<{ status: string; cost: number; was_sent: boolean; waits: boolean }>(
    `select distinct status, cost, sent_at is not null as was_sent, next_attempt_at is not null as waits
     from message where account_id = $1`,
    [account.id],
  );
  return rows;
}

async function findGroup(account: TestAccount) {
  const group = (await listDoubtGroups(db.pool, staff)).find(({ accountId }) => accountId === account.id);
  if (!group) throw new Error('There is no such group.');
  return group;
}

test('what is held stands together by account, carrier and minute', async () => {
  const account = await createDoubts(3);
  expect(await findGroup(account)).toMatchObject({
    accountId: account.id,
    name: account.name,
    carrier: 'first',
    messages: 3,
    credits: 3,
  });
});

test.each([
  ['SENT', { status: 'SENT', cost: 1, was_sent: true, waits: false }, 0],
  ['SEND_AGAIN', { status: 'QUEUED', cost: 1, was_sent: false, waits: true }, 0],
  ['GIVE_UP', { status: 'FAILED', cost: 0, was_sent: false, waits: false }, 2],
] as const)('a person says %s, once, and only of these', async (decision, stored, creditsLeft) => {
  const [account, other] = [await createDoubts(2), await createDoubts(2)];
  const group = await findGroup(account);
  const outcomes = await Promise.all([1, 2].map(() => decideDoubts(db.pool, staff, { ...group, decision })));
  expect(outcomes.filter(({ ok }) => ok)).toEqual([{ ok: true, messages: 2 }]);
  expect(await listStatuses(account)).toEqual([stored]);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(creditsLeft));
  expect(await listStatuses(other)).toMatchObject([{ status: 'IN_DOUBT' }]);
  const { rows } = await db.pool.query(
    `select details ->> 'decision' as decision, (details ->> 'messages')::int as messages from audit_entry
     where action = 'doubt.decide' and target_account_id = $1`,
    [account.id],
  );
  expect(rows).toEqual([{ decision, messages: 2 }]);
});

test('what is sent again by itself is not for a person, and is counted', async () => {
  await saveDoubtPolicy(db.pool, staff, 'SEND_AGAIN');
  const before = await readDoubtPolicy(db.pool, staff);
  const account = await createDoubts(2);
  await expect(findGroup(account)).rejects.toThrow();
  expect(await readDoubtPolicy(db.pool, staff)).toEqual({ policy: 'SEND_AGAIN', again: before.again + 2 });
});

test('a change of the setting is in the audit log, a choice of the same is not', async () => {
  const count = async () =>
    (await db.pool.query(`select from audit_entry where action = 'doubt.policy'`)).rows.length;
  const before = await count();
  await saveDoubtPolicy(db.pool, staff, 'HOLD');
  expect(await count()).toBe(before);
  await saveDoubtPolicy(db.pool, staff, 'SEND_AGAIN');
  expect(await count()).toBe(before + 1);
});
