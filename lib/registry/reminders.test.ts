import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { remindMarketers } from './reminders';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const at = (day: string) => new Date(`${day}T07:00:00+02:00`);

async function arrange(facts: { cleansedOn?: string; endsOn?: string }): Promise<TestAccount> {
  const account = await createAccount(db.pool);
  await db.pool.query('update account set cleansed_on = $2, registration_ends_on = $3 where id = $1', [
    account.id,
    facts.cleansedOn,
    facts.endsOn,
  ]);
  return account;
}

const readNotices = async ({ id }: TestAccount) =>
  (
    await db.pool.query<{ title: string; text: string }>(
      'select title, text from notice where account_id = $1 order by id',
      [id],
    )
  ).rows;

const readRecipients = async ({ id }: TestAccount) =>
  (
    await db.pool.query<{ recipient: string }>(
      'select recipient from email where account_id = $1 order by id',
      [id],
    )
  ).rows.map(({ recipient }) => recipient);

test('reminds of a cleansing from its 25th day on, once; of the next one again', async () => {
  const account = await arrange({ cleansedOn: '2026-11-01' });
  await remindMarketers(db.pool, at('2026-11-25'));
  expect(await readNotices(account)).toEqual([]);
  await remindMarketers(db.pool, at('2026-11-26'));
  await remindMarketers(db.pool, at('2026-11-27'));
  expect(await readNotices(account)).toEqual([
    {
      title: `Account W${account.id} has to cleanse its marketing lists`,
      text: expect.stringMatching(/of 1 Nov 2026\.[^]*stopped after 2 Dec 2026/),
    },
  ]);
  await db.pool.query(`update account set cleansed_on = '2026-11-28' where id = $1`, [account.id]);
  await remindMarketers(db.pool, at('2026-12-23'));
  expect(await readNotices(account)).toHaveLength(2);
});

test('reminds of a registration 30 days before its end, once', async () => {
  const account = await arrange({ endsOn: '2027-07-31' });
  await remindMarketers(db.pool, at('2027-06-30'));
  expect(await readNotices(account)).toEqual([]);
  await remindMarketers(db.pool, at('2027-07-01'));
  await remindMarketers(db.pool, at('2027-07-02'));
  expect(await readNotices(account)).toMatchObject([
    { text: expect.stringContaining('ends on 31 Jul 2027') },
  ]);
});

test('by e-mail to the owner and whoever else administers the account, and to nobody else', async () => {
  const account = await arrange({ cleansedOn: '2026-11-01', endsOn: '2026-12-01' });
  const stranger = await arrange({});
  await createUser(db.pool, {
    accountId: account.id,
    role: 'ADMINISTRATOR',
    email: 'administrator@example.com',
  });
  const suspended = await createUser(db.pool, { accountId: account.id, role: 'ADMINISTRATOR' });
  await createUser(db.pool, { accountId: account.id, role: 'SENDER' });
  await createUser(db.pool, { accountId: stranger.id, role: 'ADMINISTRATOR' });
  await db.pool.query('update membership set suspended_at = now() where user_id = $1', [suspended]);
  await remindMarketers(db.pool, at('2026-11-26'));
  await remindMarketers(db.pool, at('2026-11-27'));
  // the owner's address, another address of an owner, and the administrator who is not suspended
  const to = [
    `owner-${account.id}@example.com`,
    `user-${account.id}@example.com`,
    'administrator@example.com',
  ];
  expect((await readRecipients(account)).sort()).toEqual([...to, ...to].sort());
  expect(await readRecipients(stranger)).toEqual([]);
});

test('who has never cleansed is reminded before the day from which the provider requires it', async () => {
  const account = await arrange({});
  await db.pool.query(`update platform_setting set cleansing_required_from = '2026-12-10'`);
  await remindMarketers(db.pool, at('2026-12-03'));
  expect(await readNotices(account)).toEqual([]);
  await remindMarketers(db.pool, at('2026-12-04'));
  expect(await readNotices(account)).toMatchObject([
    { text: expect.stringContaining('stopped after 9 Dec 2026') },
  ]);
  await db.pool.query(`update platform_setting set cleansing_required_from = null`);
});
