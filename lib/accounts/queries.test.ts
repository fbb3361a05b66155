import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { addOptOuts } from '@/lib/opt-outs/commands';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { listAccounts } from './queries';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('staff see every account, one without a balance too', async () => {
  const [rich, poor] = [
    await createAccount(db.pool, { credits: 7 }),
    await createAccount(db.pool, { credits: null, status: 'SUSPENDED' }),
  ];
  await addOptOuts(db.pool, rich.scope, [nextMsisdn()]);
  const accounts = await listAccounts(db.pool, mintStaffScope(1));
  expect(accounts).toEqual(
    expect.arrayContaining([
      { id: rich.id, name: rich.name, status: 'ACTIVE', optOuts: 1, credits: 7 },
      { id: poor.id, name: poor.name, status: 'SUSPENDED', optOuts: 0, credits: 0 },
    ]),
  );
});

test('an account number begins with a W', () => {
  expect(formatAccountNumber(58324)).toBe('W58324');
});

test('a file’s name says whose it is, of what, and the date where the account lives', () => {
  expect(composeFileName(58324, 'auto-opt-outs', 'Africa/Johannesburg')).toMatch(
    /^W58324-auto-opt-outs-\d{4}-\d\d-\d\d$/,
  );
});
