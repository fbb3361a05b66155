import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import { createAccount, nextMsisdn, queueMessages, topUp, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { ledgerList, type LedgerRow } from './list';
import { transferCredits } from './transfer-commands';

let db: TestDatabase;
let main: TestAccount;
let sub: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  main = await createAccount(db.pool, { credits: 500 });
  sub = await createAccount(db.pool, { credits: 0, parentAccountId: main.id });
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';
const read = (account: TestAccount, params: Record<string, string>) => {
  const { filter, cursor } = ledgerList.readFilter(params);
  return readList(db.pool, ledgerList, account.scope, filter, cursor, timeZone);
};

test('every page of the ledger says what was left, in either order, each entry once', async () => {
  for (let index = 0; index < 60; index++) await topUp(db.pool, main.id, (index % 3) + 1);
  await queueMessages(db.pool, main, [nextMsisdn(), nextMsisdn()], 'The tulips are in.');
  for (const sort of ['newest', 'oldest']) {
    const rows: LedgerRow[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof read>> = await read(main, { sort, cursor });
      rows.push(...page.rows);
      cursor = sort === 'newest' ? page.older : page.newer;
    }
    expect(rows).toHaveLength(62);
    let balance = 0;
    for (const row of sort === 'newest' ? rows.toReversed() : rows) {
      balance += Number(row.amount);
      expect(row.balanceAfter).toBe(String(balance));
    }
  }
});

test('says what each entry is about, and is filtered and searched', async () => {
  const given = { toAccountId: sub.id, credits: 7, reference: 'October 2026' };
  await transferCredits(db.pool, main.scope, given);
  const [transfer] = (await read(main, { kind: 'TRANSFER' })).rows;
  expect(transfer).toMatchObject({
    kind: 'TRANSFER',
    about: `To W${sub.id}, ${sub.name}`,
    reference: 'October 2026',
    amount: '-7',
    batchId: null,
  });
  const [received] = (await read(sub, {})).rows;
  expect(received).toMatchObject({ about: `From W${main.id}, ${main.name}`, amount: '7', balanceAfter: '7' });
  const [sent] = (await read(main, { kind: 'SEND' })).rows;
  expect(sent).toMatchObject({
    about: 'The tulips are in.',
    amount: '-2',
    batchId: expect.stringMatching(/^\d+$/),
  });
  // a search looks into references alone, whatever it looks like
  expect((await read(main, { q: 'october' })).rows).toHaveLength(1);
  expect((await read(main, { q: '2026' })).rows).toHaveLength(1);
  expect((await read(main, { q: 'tulips' })).rows).toEqual([]);
});

test('the file has the same rows, with numbers as numbers', async () => {
  const file = ledgerList.prepareFile({ kind: 'TRANSFER' }, main.scope, timeZone);
  const { rows } = await db.pool.query<Record<string, unknown>>(composeCsvSelect(file));
  expect(Object.values(rows[0] ?? {}).join()).toContain('-7');
  expect(rows).toHaveLength(1);
});
