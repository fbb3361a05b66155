import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSubAccount } from '@/lib/auth/sub-account-scope';
import { readCredits } from '@/lib/credits/queries';
import { closeDays } from '@/lib/home/days';
import { addOptOuts } from '@/lib/opt-outs/commands';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { listSubAccounts } from './sub-account-queries';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const now = new Date('2026-11-20T10:00:00Z');

async function storeMessages(accountId: number, createdAt: string, status: string, count = 1): Promise<void> {
  await db.pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at)
     select $1, '27821234567', '27600100200', 'Hello', 1, 0, $3::message_status, $2 from generate_series(1, $4)`,
    [accountId, createdAt, status, count],
  );
}

test('a main account sees the figures of its own sub-accounts, and nobody else’s', async () => {
  const main = await createAccount(db.pool, { credits: 10 });
  const first = await createAccount(db.pool, { credits: 7, parentAccountId: main.id });
  const second = await createAccount(db.pool, { credits: null, parentAccountId: main.id });
  const stranger = await createAccount(db.pool);
  await addOptOuts(db.pool, first.scope, [nextMsisdn()]);
  // the first moment of November in South Africa, and the last one of October
  await storeMessages(first.id, '2026-10-31T22:00:00Z', 'DELIVERED');
  await storeMessages(first.id, '2026-10-31T21:59:59Z', 'DELIVERED');
  await storeMessages(first.id, '2026-11-05T10:00:00Z', 'SENT', 4);
  await storeMessages(first.id, '2026-11-20T09:00:00Z', 'QUEUED', 2);
  await storeMessages(first.id, '2026-11-20T09:00:00Z', 'BLOCKED', 3);

  const expected = [
    {
      id: first.id,
      name: first.name,
      status: 'ACTIVE',
      credits: 7,
      optOuts: 1,
      sentThisMonth: 7,
      createdAt: expect.any(String) as string,
    },
    expect.objectContaining({ id: second.id, credits: 0, optOuts: 0, sentThisMonth: 0 }),
  ];
  expect(await listSubAccounts(db.pool, main.scope, now)).toEqual(expected);
  // the same from days that were counted for good
  await closeDays(db.pool, first.scope, 'Africa/Johannesburg', ['2026-11-01', '2026-11-05'], 1_000);
  expect(await listSubAccounts(db.pool, main.scope, now)).toEqual(expected);

  for (const other of [first, second, stranger]) {
    expect(await listSubAccounts(db.pool, other.scope, now)).toEqual([]);
  }
});

test('the scope by which a main account looks into a sub-account is for its own alone', async () => {
  const main = await createAccount(db.pool);
  const sub = await createAccount(db.pool, { credits: 3, parentAccountId: main.id });
  const stranger = await createAccount(db.pool);
  const scope = await openSubAccount(db.pool, main.scope, sub.id);
  expect(scope).toMatchObject({ accountId: sub.id, actor: main.scope.actor, userId: null });
  expect(scope && (await readCredits(db.pool, scope))).toBe(3);
  expect(await openSubAccount(db.pool, main.scope, stranger.id)).toBeNull();
  expect(await openSubAccount(db.pool, main.scope, main.id)).toBeNull();
  expect(await openSubAccount(db.pool, sub.scope, main.id)).toBeNull();
  expect(await openSubAccount(db.pool, main.scope, 1e12)).toBeNull();
});
