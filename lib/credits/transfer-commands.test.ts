import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount, type TestAccount } from '@/testing/factories';
import { readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { transferBetween, transferCredits, type Transfer } from './transfer-commands';
import { saveWarningLevel } from './warning-commands';

let db: TestDatabase;
let main: TestAccount;
let sub: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  main = await createAccount(db.pool, { credits: 100 });
  sub = await createAccount(db.pool, { credits: 10, parentAccountId: main.id });
  stranger = await createAccount(db.pool, { credits: 50 });
});
afterAll(() => db.close());

const balances = async () =>
  Promise.all([main, sub, stranger].map(async ({ id }) => (await readLedger(db.pool, id)).balance));

test('moves credits to a sub-account and back, into both ledgers, with the reference', async () => {
  const there = { toAccountId: sub.id, credits: 30, reference: ' October\0 ' };
  expect(await transferCredits(db.pool, main.scope, there)).toEqual({
    ok: true,
    credits: 70,
    otherCredits: 40,
    isRepeat: false,
  });
  const back = { fromAccountId: sub.id, credits: 40, reference: null };
  expect(await transferCredits(db.pool, main.scope, back)).toMatchObject({ credits: 110, otherCredits: 0 });
  const { rows } = await db.pool.query(
    `select account_id, amount::int, balance_after::int, other_account_id, reference from credit_entry
     where kind = 'TRANSFER' and account_id = any ($1) order by id`,
    [[main.id, sub.id]],
  );
  const entry = (account_id: number, amount: number, balance_after: number, reference: string | null) => ({
    account_id,
    amount,
    balance_after,
    reference,
    other_account_id: account_id === main.id ? sub.id : main.id,
  });
  expect(rows).toEqual([
    entry(main.id, -30, 70, 'October'),
    entry(sub.id, 30, 40, 'October'),
    entry(main.id, 40, 110, null),
    entry(sub.id, -40, 0, null),
  ]);
  const { rows: activities } = await db.pool.query(
    `select details from activity where account_id = $1 and kind = 'credits.transfer' order by id`,
    [main.id],
  );
  expect(activities[0]).toEqual({
    details: { from: main.id, to: sub.id, credits: 30, reference: 'October' },
  });
  expect(await readLedger(db.pool, sub.id)).toMatchObject({ balance: 0, entries: 0 });
});

test.each([
  ['more than there is', (): Partial<Transfer> => ({ credits: 1_000 }), 'insufficient-credits', 'credits'],
  ['none', () => ({ credits: 0 }), 'too-few', 'credits'],
  ['less than none', () => ({ credits: -5 }), 'too-few', 'credits'],
  ['half of one', () => ({ credits: 0.5 }), 'not-whole', 'credits'],
  ['no number', () => ({ credits: NaN }), 'not-whole', 'credits'],
  ['more than a number holds', () => ({ credits: 2 ** 60 }), 'too-many', 'credits'],
  ['to itself', () => ({ toAccountId: main.id }), 'same-account', 'account'],
  ['to a stranger', () => ({ toAccountId: stranger.id }), 'no-such-account', 'account'],
  ['to nobody', () => ({ toAccountId: 999_999 }), 'no-such-account', 'account'],
  ['to what is no account number', () => ({ toAccountId: 1e12 }), 'no-such-account', 'account'],
  ['with a long reference', () => ({ reference: 'x'.repeat(101) }), 'reference-too-long', 'reference'],
])('refuses a transfer of %s, and moves nothing', async (_, change, reason, field) => {
  const before = await balances();
  const transfer = { toAccountId: sub.id, credits: 5, reference: null, ...change() } as Transfer;
  const result = await transferCredits(db.pool, main.scope, transfer);
  expect(result).toMatchObject({ ok: false, reason });
  if (result.ok) throw new Error('It was carried out.');
  expect(result.fields).toEqual({ [field]: result.message });
  expect(await balances()).toEqual(before);
});

test('tells nothing of accounts that are not one’s own, whoever asks', async () => {
  const asked = { credits: 1, reference: null };
  const refusals = await Promise.all([
    transferCredits(db.pool, main.scope, { ...asked, fromAccountId: stranger.id }),
    transferCredits(db.pool, main.scope, { ...asked, fromAccountId: 999_999 }),
    // a sub-account moves nothing, neither its own nor its main account's
    transferCredits(db.pool, sub.scope, { ...asked, toAccountId: main.id }),
    transferCredits(db.pool, sub.scope, { ...asked, fromAccountId: main.id }),
  ]);
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  expect(refusals[0]).toMatchObject({ ok: false, reason: 'no-such-account' });
});

test('says who has too few when they come back from the sub-account', async () => {
  const result = await transferCredits(db.pool, main.scope, {
    fromAccountId: sub.id,
    credits: 500,
    reference: null,
  });
  expect(result).toMatchObject({
    reason: 'insufficient-credits',
    message: `This needs 500 credits and W${sub.id} has 0. Nothing was moved.`,
  });
});

test('takes nothing from a sub-account that never had a balance, and gives it its first', async () => {
  const fresh = await createAccount(db.pool, { credits: null, parentAccountId: main.id });
  const ask = (transfer: Transfer) => transferCredits(db.pool, main.scope, transfer);
  expect(await ask({ fromAccountId: fresh.id, credits: 1, reference: null })).toMatchObject({
    reason: 'insufficient-credits',
  });
  expect(await ask({ toAccountId: fresh.id, credits: 1, reference: null })).toMatchObject({
    otherCredits: 1,
  });
});

test('a second press that finds too little left is told what came of the first', async () => {
  const main = await createAccount(db.pool, { credits: 10 });
  const sub = await createAccount(db.pool, { credits: 0, parentAccountId: main.id });
  const asked = { toAccountId: sub.id, credits: 8, reference: null, requestId: randomUUID() };
  const done = { ok: true, credits: 2, otherCredits: 8 };
  expect(await transferCredits(db.pool, main.scope, asked)).toEqual({ ...done, isRepeat: false });
  expect(await transferCredits(db.pool, main.scope, asked)).toEqual({ ...done, isRepeat: true });
  expect(await transferCredits(db.pool, main.scope, { ...asked, requestId: randomUUID() })).toMatchObject({
    reason: 'insufficient-credits',
  });
});

test('carries the same request out once, at the same moment too, and no other one under its id', async () => {
  const requestId = randomUUID();
  const [had] = await balances();
  const asked = { toAccountId: sub.id, credits: 3, reference: 'Once', requestId };
  const results = await Promise.all([1, 2, 3].map(() => transferCredits(db.pool, main.scope, asked)));
  expect(results.map((result) => result.ok && result.isRepeat).sort()).toEqual([false, true, true]);
  expect((await balances())[0]).toBe((had as number) - 3);
  for (const other of [{ credits: 4 }, { reference: null }]) {
    expect(await transferCredits(db.pool, main.scope, { ...asked, ...other })).toMatchObject({
      ok: false,
      reason: 'request-used',
    });
  }
  expect((await balances())[0]).toBe((had as number) - 3);
});

describe('between two sub-accounts', () => {
  const createFamily = async () => {
    const main = await createAccount(db.pool, { credits: 20 });
    const [one, two] = await Promise.all(
      [40, 0].map((credits) => createAccount(db.pool, { credits, parentAccountId: main.id })),
    );
    return [main, one, two] as [TestAccount, TestAccount, TestAccount];
  };
  const readTransfers = async (accounts: readonly TestAccount[]) => {
    const { rows } = await db.pool.query<{ account_id: number }>(
      `select account_id, other_account_id, amount::int, balance_after::int from credit_entry
       where kind = 'TRANSFER' and account_id = any ($1) order by id`,
      [accounts.map(({ id }) => id)],
    );
    return rows;
  };

  test('credits pass through the main account, whose owner is not warned of what only passes', async () => {
    const [main, one, two] = await createFamily();
    await saveWarningLevel(db.pool, main.scope, 30);
    const asked = { fromAccountId: one.id, toAccountId: two.id, credits: 35, reference: null };
    expect(await transferBetween(db.pool, main.scope, asked)).toEqual({ ok: true });
    const rows = await readTransfers([main, one, two]);
    const of = ({ id }: TestAccount) => rows.filter(({ account_id }) => account_id === id);
    const entry = (account: TestAccount, other: TestAccount, amount: number, balance: number) => ({
      account_id: account.id,
      other_account_id: other.id,
      amount,
      balance_after: balance,
    });
    expect(of(one)).toEqual([entry(one, main, -35, 5)]);
    expect(of(main)).toEqual([entry(main, one, 35, 55), entry(main, two, -35, 20)]);
    expect(of(two)).toEqual([entry(two, main, 35, 35)]);
    const jobs = await db.pool.query(
      `select from graphile_worker.jobs where task_identifier = 'warn-low-credits'`,
    );
    expect(jobs.rowCount).toBe(0);
  });

  test('all of it is done or nothing: no ledger shows one that failed half way', async () => {
    const [main, one, two] = await createFamily();
    // so much that no more can be given
    await db.pool.query(`update credit_balance set credits = 9223372036854775807 where account_id = $1`, [
      two.id,
    ]);
    const asked = { fromAccountId: one.id, toAccountId: two.id, credits: 5, reference: null };
    await expect(transferBetween(db.pool, main.scope, asked)).rejects.toThrow('out of range');
    expect(await readTransfers([main, one])).toEqual([]);
    expect((await readLedger(db.pool, one.id)).balance).toBe(40);
  });

  test.each([
    ['too many', 41, 'insufficient-credits'],
    ['half a one', 0.5, 'not-whole'],
  ])('%s are refused', async (_, credits, reason) => {
    const [main, one, two] = await createFamily();
    const asked = { fromAccountId: one.id, toAccountId: two.id, credits, reference: null };
    expect(await transferBetween(db.pool, main.scope, asked)).toMatchObject({ ok: false, reason });
    const toSelf = { ...asked, credits: 1, toAccountId: one.id };
    expect(await transferBetween(db.pool, main.scope, toSelf)).toMatchObject({ reason: 'same-account' });
    expect(await transferBetween(db.pool, stranger.scope, { ...asked, credits: 1 })).toMatchObject({
      reason: 'no-such-account',
    });
    expect(await readTransfers([main, one, two])).toEqual([]);
  });

  test('many at once, whichever way, wait for each other and never for ever', async () => {
    const [main, one, two] = await createFamily();
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, turn) => {
        const [from, to] = turn % 2 === 0 ? [one, two] : [two, one];
        const between = { fromAccountId: from.id, toAccountId: to.id, credits: 3, reference: null };
        return turn % 3 === 2
          ? transferCredits(db.pool, main.scope, { toAccountId: to.id, credits: 1, reference: null })
          : transferBetween(db.pool, main.scope, between);
      }),
    );
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThan(4);
    const ledgers = await Promise.all([main, one, two].map(({ id }) => readLedger(db.pool, id)));
    expect(ledgers.map(({ balance }) => balance).reduce((sum, one) => sum + one)).toBe(60);
    for (const { balance, entries } of ledgers) expect(entries).toBe(balance);
  });
});
