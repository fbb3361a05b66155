import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { addUsers, openAccounts } from './open-accounts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const karoo = { id: 58324, name: 'Karoo Coffee', ownerEmail: 'owner@karoo.example' };
const bayside = { id: 61207, name: 'Bayside Dental', ownerEmail: 'owner@bayside.example' };

test('opens accounts with credits that their ledger explains, and with their keywords', async () => {
  await openAccounts(db.pool, [
    { ...karoo, credits: 500, keywords: [{ word: 'staak', match: 'EXACT' }] },
    { ...bayside, credits: 0, reviewPolicy: 'BLOCK' },
  ]);
  expect(await readLedger(db.pool, karoo.id)).toEqual(ledgerOf(500));
  expect(await readLedger(db.pool, bayside.id)).toEqual(ledgerOf(0));
  const { rows } = await db.pool.query(
    `select account.id, status, review_policy, default_purpose, array_agg(word) filter (where word is not null) as words
     from account left join account_keyword on account_keyword.account_id = account.id
     where account.id <> 1 group by account.id order by id`,
  );
  expect(rows).toEqual([
    { id: karoo.id, status: 'ACTIVE', review_policy: 'ASK', default_purpose: 'MARKETING', words: ['staak'] },
    { id: bayside.id, status: 'ACTIVE', review_policy: 'BLOCK', default_purpose: 'MARKETING', words: null },
  ]);
});

test('opens none of them when one number is taken', async () => {
  const fresh = { ...bayside, id: 70000 };
  await expect(openAccounts(db.pool, [fresh, { ...karoo, credits: 1 }])).rejects.toThrow(/_pkey/);
  const { rows } = await db.pool.query('select from account where id = $1', [fresh.id]);
  expect(rows).toEqual([]);
  expect(await readLedger(db.pool, karoo.id)).toEqual(ledgerOf(500));
});

test('adds users to accounts and to the staff, and answers with their ids in order', async () => {
  const user = { email: 'a@karoo.example', name: 'A', passwordHash: 'none' };
  const customer = { role: 'CUSTOMER', staff_role: null };
  const ids = await addUsers(db.pool, [
    { ...user, username: 'zola', accountId: karoo.id },
    { ...user, username: 'anna', accountId: null },
    { ...user, id: 4000, username: 'mpho', accountId: bayside.id },
    { ...user, username: 'ben', accountId: bayside.id },
    { ...user, username: 'tumi', accountId: karoo.id, role: 'VIEWER' },
    { ...user, username: 'sipho', accountId: null, staffRole: 'SUPPORT' },
    { ...user, username: 'rosa', accountId: null, staffRole: null },
  ]);
  const { rows } = await db.pool.query(
    `select id, username, portal_user.role, staff_role, account_id, membership.role as member
     from portal_user left join membership on user_id = id order by array_position($1::int[], id)`,
    [ids],
  );
  expect(rows).toEqual([
    // whoever is first in an account owns it
    { id: ids[0], username: 'zola', ...customer, account_id: karoo.id, member: 'OWNER' },
    {
      id: ids[1],
      username: 'anna',
      role: 'STAFF',
      staff_role: 'ADMINISTRATOR',
      account_id: null,
      member: null,
    },
    { id: 4000, username: 'mpho', ...customer, account_id: bayside.id, member: 'OWNER' },
    { id: ids[3], username: 'ben', ...customer, account_id: bayside.id, member: 'ADMINISTRATOR' },
    { id: ids[4], username: 'tumi', ...customer, account_id: karoo.id, member: 'VIEWER' },
    { id: ids[5], username: 'sipho', role: 'STAFF', staff_role: 'SUPPORT', account_id: null, member: null },
    { id: ids[6], username: 'rosa', ...customer, account_id: null, member: null },
  ]);
  const [late] = await addUsers(db.pool, [{ ...user, username: 'late', accountId: karoo.id }]);
  expect((await db.pool.query('select role from membership where user_id = $1', [late])).rows).toEqual([
    { role: 'ADMINISTRATOR' },
  ]);
});
