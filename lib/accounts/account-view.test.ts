import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { addOptOuts } from '@/lib/opt-outs/commands';
import { createAccount, createUser, nextMsisdn } from '@/testing/factories';
import { viewAccount } from './account-view';
import { mintStaffScope, type AccountReadScope } from '@/lib/auth/scope';
import { saveReviewPolicy } from '@/lib/settings/commands';

let db: TestDatabase;
let staff: ReturnType<typeof mintStaffScope>;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
});
afterAll(() => db.close());

async function countViews(accountId: number): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(
    `select count(*) from audit_entry where target_account_id = $1 and action = 'account.view' and user_id = $2`,
    [accountId, staff.userId],
  );
  return Number(rows[0]?.count);
}

test('staff see what is the account’s, and that they looked is written down, once for a while', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  await addOptOuts(db.pool, account.scope, [nextMsisdn(), nextMsisdn()]);
  const view = await viewAccount(db.pool, staff, account.id);
  expect(view && (await readOptOutTotal(db.pool, view.scope))).toBe(2);
  expect(view?.scope).toMatchObject({ accountId: account.id, actor: staff.actor, userId: null });
  await viewAccount(db.pool, staff, account.id);
  expect(await countViews(account.id)).toBe(1);
  expect(await countViews(other.id)).toBe(0);

  const long = new Date(Date.now() - 16 * 60_000);
  await db.owner.query('alter table audit_entry disable trigger user');
  await db.owner.query('update audit_entry set created_at = $1', [long]);
  await db.owner.query('alter table audit_entry enable trigger user');
  await viewAccount(db.pool, staff, account.id);
  expect(await countViews(account.id)).toBe(2);
});

test('no command takes the scope of whoever only looks', async () => {
  const account = await createAccount(db.pool);
  const scope = (await viewAccount(db.pool, staff, account.id))?.scope as AccountReadScope;
  // That these do not compile is the test; they are not run.
  const commands = [
    // @ts-expect-error -- it reads, and changes nothing
    () => addOptOuts(db.pool, scope, [nextMsisdn()]),
    // @ts-expect-error -- it reads, and changes nothing
    () => saveReviewPolicy({} as PoolClient, scope, 'BLOCK'),
  ];
  expect(commands).toHaveLength(2);
  const owners: AccountReadScope = account.scope;
  expect(await readOptOutTotal(db.pool, owners)).toBe(0);
});

test('an account that does not exist is none, and nothing is written down', async () => {
  expect(await viewAccount(db.pool, staff, 999_999_999)).toBeNull();
  expect(await countViews(999_999_999)).toBe(0);
});
