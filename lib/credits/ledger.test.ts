import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEarlierDatabase } from '@/testing/earlier-database';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { isOverdrawn } from './ledger';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('balances and ledgers are written here alone, but for the first of an account', () => {
  const root = path.join(process.cwd(), 'lib');
  const writes =
    /\b(insert into|update|delete from)\s+credit_(balance|entry)\b|\bcredit(Balance|Entry)\.(create|update|upsert|delete)/;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|generated/.test(file))
    .filter((file) => writes.test(readFileSync(path.join(root, file), 'utf8')));
  // warning-commands.ts sets the level, and no credits
  expect(files.sort()).toEqual([
    'accounts/open-accounts.ts',
    'credits/ledger.ts',
    'credits/warning-commands.ts',
  ]);
});

test('too few credits are told by the constraint, or by the words of another machine that a cluster hands on', () => {
  const told = { code: '23514', constraint: 'credit_balance_credits_check' };
  const words =
    'new row for relation "credit_balance_102040" violates check constraint "credit_balance_credits_check"';
  expect(isOverdrawn(Object.assign(new Error('refused'), told))).toBe(true);
  expect(isOverdrawn(Object.assign(new Error(words), { code: '23514' }))).toBe(true);
  expect(isOverdrawn(Object.assign(new Error(words), { code: '23503' }))).toBe(false);
  expect(isOverdrawn(Object.assign(new Error('another check'), { code: '23514' }))).toBe(false);
});

test('entries from before say what they left, in the order of the list', async () => {
  const migration = '20261129120000_credits_and_sub_accounts';
  const earlier = await createEarlierDatabase(
    db,
    migration,
    `insert into account (id, name, owner_email) values (11, 'One', 'one@example.com'), (12, 'Two', 'two@example.com');
     insert into credit_balance (account_id, credits) values (11, 6), (12, 0);
     insert into credit_entry (account_id, id, kind, amount, created_at) values
       (11, 1, 'TOP_UP', 10, '2026-01-01'), (11, 4, 'SEND', -5, '2026-01-02'), (11, 3, 'SEND', -1, '2026-01-02'),
       (11, 2, 'REFUND', 2, '2026-01-03'), (12, 5, 'TOP_UP', 7, '2026-01-01'), (12, 6, 'SEND', -7, '2026-01-02');`,
  );
  try {
    await earlier.migrate();
    const { rows } = await earlier.client.query(
      'select account_id, id::int, balance_after::int from credit_entry where account_id > 1 order by account_id, created_at, id',
    );
    expect(rows.map((row) => Object.values(row as object))).toEqual([
      [11, 1, 10],
      [11, 3, 9],
      [11, 4, 4],
      [11, 2, 6],
      [12, 5, 7],
      [12, 6, 0],
    ]);
    // the ledger is append-only again
    await expect(earlier.client.query('update credit_entry set amount = 1')).rejects.toThrow('append-only');
    const { rows: balances } = await earlier.client.query(
      'select account_id, last_entry_at::date::text as last from credit_balance where account_id > 1 order by 1',
    );
    expect(balances).toEqual([
      { account_id: 11, last: '2026-01-03' },
      { account_id: 12, last: '2026-01-02' },
    ]);
  } finally {
    await earlier.close();
  }
});
