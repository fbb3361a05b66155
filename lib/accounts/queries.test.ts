import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { claimBatch } from '@/lib/messages/claim';
import { recordReceipts } from '@/lib/messages/receipts';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
} from '@/lib/testing/factories';
import { composeFileName, formatAccountNumber } from './account-number';
import { listAccounts, readOverview } from './queries';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('the overview counts the last 30 days; confirmations are not the customer’s messages', async () => {
  const account = await createAccount(db.pool, { credits: 10 });
  const senderNumber = account.senderNumber as string;
  expect(await readOverview(db.pool, account.scope)).toEqual({
    messages: 0,
    delivered: 0,
    replies: 0,
    optOuts: 0,
    credits: 10,
  });

  const [first, second] = [nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [first, second]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
  await recordReceipts(db.pool, [
    { accountId: account.id, messageId: messages[0]?.id as string, status: 'delivered', reason: null },
  ]);
  await createConversation(db.pool, account, { msisdn: nextMsisdn(), senderNumber, daysAgo: 31 });
  await receiveReplies(db.pool, [
    composeReply({ from: first, to: senderNumber, text: 'Stop' }),
    composeReply({ from: second, to: senderNumber, text: 'hello' }),
    composeReply({
      from: second,
      to: senderNumber,
      text: 'long ago',
      receivedAt: new Date(Date.now() - 31 * 86_400_000),
    }),
  ]);
  expect(await readOverview(db.pool, account.scope)).toEqual({
    messages: 2,
    delivered: 1,
    replies: 2,
    optOuts: 1,
    credits: 8,
  });
});

test('staff see every account, one without a balance too', async () => {
  const [rich, poor] = [
    await createAccount(db.pool, { credits: 7 }),
    await createAccount(db.pool, { credits: null, status: 'SUSPENDED' }),
  ];
  await createManualOptOut(db.pool, rich, nextMsisdn());
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
    /^W58324-auto-opt-outs-\d{4}-\d\d-\d\d\.csv$/,
  );
});
