import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeReply, createAccount, createSenderNumber, nextMsisdn } from '@/testing/factories';
import { createWatchedPool } from '@/testing/watched-pool';
import { createReplyIntake } from './intake';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function countReplies(accountId: number): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    'select count(*)::int as count from reply where account_id = $1',
    [accountId],
  );
  return rows[0]?.count as number;
}

test('one hundred replies at once take a few transactions, and each is answered for', async () => {
  const account = await createAccount(db.pool);
  let transactions = 0;
  const pool = createWatchedPool(db.url, {
    rewrite: (name, text) => {
      if (name === 'receive-replies-receipts') transactions += 1;
      return text;
    },
  });
  const intake = createReplyIntake(pool);
  const to = account.senderNumber as string;
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () => intake.submit(composeReply({ from: nextMsisdn(), to, text: 'hello' }))),
  );
  await pool.end();
  expect(outcomes).toEqual(
    outcomes.map(() => ({ status: 'accepted', accountIds: [account.id], verdict: 'none' })),
  );
  expect(await countReplies(account.id)).toBe(100);
  // the first alone, the others together
  expect(transactions).toBe(2);
});

test('a reply that cannot be stored fails alone; those gathered with it are stored', async () => {
  const account = await createAccount(db.pool);
  const to = account.senderNumber as string;
  const broken = await createSenderNumber(db.pool);
  const poison = composeReply({ from: nextMsisdn(), to: broken, text: 'hello' });
  // a conversation of an account that does not exist
  await db.pool.query(
    `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
     values ($1, $2, 9, now(), 1)`,
    [poison.from, broken],
  );
  const good = Array.from({ length: 9 }, () => composeReply({ from: nextMsisdn(), to, text: 'hello' }));
  const intake = createReplyIntake(db.pool);
  const results = await Promise.allSettled(
    [...good.slice(0, 5), poison, ...good.slice(5)].map((reply) => intake.submit(reply)),
  );
  expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([5]);
  expect(await countReplies(account.id)).toBe(9);
});

test('a database that is away fails all at once, each with the error', async () => {
  const pool = createWatchedPool('postgresql://nobody@127.0.0.1:1/nothing', {});
  const intake = createReplyIntake(pool);
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      intake.submit(composeReply({ from: nextMsisdn(), to: '99999', text: 'hello' })),
    ),
  );
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
  await pool.end();
});
