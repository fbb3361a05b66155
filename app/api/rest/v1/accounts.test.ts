import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { readLedger } from '@/testing/ledger';
import { askRest } from '@/testing/rest-client';
import { listOperations } from '@/testing/rest-description';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let main: TestAccount;
let one: TestAccount;
let two: TestAccount;
let stranger: TestAccount;
let key: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  main = await createAccount(db.pool, { credits: 100 });
  one = await createAccount(db.pool, { credits: 10, parentAccountId: main.id });
  two = await createAccount(db.pool, { credits: 0, parentAccountId: main.id });
  stranger = await createAccount(db.pool, { credits: 50 });
  ({ secret: key } = await createApiKey(db.pool, main));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const balances = () =>
  Promise.all([main, one, two, stranger].map(async ({ id }) => (await readLedger(db.pool, id)).balance));
const move = (from: unknown, to: unknown, quantity: unknown, secret = key) =>
  askRest('/credits/transfer', {
    key: secret,
    json: { sendingAccountNumber: from, receivingAccountNumber: to, transferQuantity: quantity },
  });

test('credits go to a sub-account, back, and from one to another', async () => {
  expect((await move(main.id, one.id, 30)).body).toMatchObject({ transferSuccessful: true });
  expect(await balances()).toEqual([70, 40, 0, 50]);
  expect((await move(String(one.id), main.id, '5')).body).toMatchObject({ transferSuccessful: true });
  expect(await balances()).toEqual([75, 35, 0, 50]);
  expect((await move(one.id, two.id, 35)).body).toMatchObject({ transferSuccessful: true });
  expect(await balances()).toEqual([75, 0, 35, 50]);
});

test('that there are too few is an answer', async () => {
  const before = await balances();
  for (const [from, to] of [
    [main.id, one.id],
    [one.id, main.id],
    [one.id, two.id],
  ]) {
    expect(await move(from, to, 1000)).toMatchObject({ status: 200, body: { transferSuccessful: false } });
  }
  expect(await balances()).toEqual(before);
});

test.each<[string, () => [unknown, unknown, unknown], string]>([
  ['to a stranger', () => [main.id, stranger.id, 1], 'not one of your sub-accounts'],
  ['from a stranger', () => [stranger.id, main.id, 1], 'not one of your sub-accounts'],
  ['from a sub-account to a stranger', () => [two.id, stranger.id, 1], 'not one of your sub-accounts'],
  ['from a stranger to a sub-account', () => [stranger.id, two.id, 1], 'not one of your sub-accounts'],
  ['to itself', () => [main.id, main.id, 1], 'to itself'],
  ['of nothing', () => [main.id, one.id, 0], "'transferQuantity' value"],
  ['of less than nothing', () => [main.id, one.id, -5], "'transferQuantity' value"],
  ['of half a credit', () => [main.id, one.id, 1.5], "'transferQuantity' value"],
  ['of more than anybody has', () => [main.id, one.id, 1e15], 'thousand million'],
  ['to an account with a W', () => [main.id, `W${one.id}`, 1], "without the leading 'W'"],
  ['to no account', () => [main.id, null, 1], "'receivingAccountNumber' value"],
  ['to account 0', () => [main.id, 0, 1], 'is no account number'],
])('refuses one %s, and moves nothing', async (_, compose, words) => {
  const before = await balances();
  const [from, to, quantity] = compose();
  expect(await move(from, to, quantity)).toMatchObject({
    status: 422,
    body: { errorMessage: expect.stringContaining(words) },
  });
  expect(await balances()).toEqual(before);
});

test('one that fails half way between two sub-accounts leaves nothing in any ledger', async () => {
  const full = await createAccount(db.pool, { credits: 0, parentAccountId: main.id });
  await db.pool.query('update credit_balance set credits = 9223372036854775807 where account_id = $1', [
    full.id,
  ]);
  const countEntries = async () =>
    (await db.pool.query('select from credit_entry where account_id = any ($1)', [[main.id, one.id]]))
      .rowCount;
  await move(main.id, one.id, 1);
  const before = [await balances(), await countEntries()];
  expect(await move(one.id, full.id, 1)).toMatchObject({ status: 500 });
  expect([await balances(), await countEntries()]).toEqual(before);
  await db.pool.query('update account set parent_account_id = null where id = $1', [full.id]);
});

test('a sub-account’s key moves nothing, and sees no sub-accounts', async () => {
  const { secret } = await createApiKey(db.pool, one);
  const before = await balances();
  expect(await move(main.id, one.id, 1, secret)).toMatchObject({ status: 422 });
  expect(await balances()).toEqual(before);
  expect((await askRest('/subaccounts', { key: secret })).body).toMatchObject({ subAccounts: [] });
});

test('the sub-accounts, with who they are registered to', async () => {
  const sub = await createAccount(db.pool, { credits: 1936, parentAccountId: main.id });
  await db.pool.query('delete from membership where account_id = $1', [sub.id]);
  await createUser(db.pool, {
    username: `khaleesi-${sub.id}`,
    name: 'Daenerys of Targaryen',
    accountId: sub.id,
  });
  const { body } = await askRest('/subaccounts', { key });
  expect(body.subAccounts).toEqual([
    expect.objectContaining({ accountNumber: one.id, loginName: one.username }),
    expect.objectContaining({ accountNumber: two.id, loginName: two.username, surname: '' }),
    {
      accountNumber: sub.id,
      loginName: `khaleesi-${sub.id}`,
      firstName: 'Daenerys of',
      surname: 'Targaryen',
      creditBalance: 1936,
    },
  ]);
});

test('every operation of the description is there: none of them is “no such path”', async () => {
  const operations = listOperations();
  expect(operations).toHaveLength(10);
  for (const operation of operations) {
    const [method = '', url = ''] = operation.split(' ');
    const answer = await askRest(url, { key, method, ...(method === 'POST' && { json: 'nothing of use' }) });
    expect([operation, answer.status]).toEqual([operation, method === 'POST' ? 422 : 200]);
    const unknown = await askRest(url, { key: null, method });
    expect([operation, unknown.status]).toEqual([operation, 401]);
  }
});
