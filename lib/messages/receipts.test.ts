import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  createAccount,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { claimBatch, recordHandover } from './claim';
import { refusedPartReason } from './labels';
import { findMessage } from './program-queries';
import { createReceiptIntake } from './receipt-intake';
import { recordReceipts, type DeliveryReceipt } from './receipts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** An account with `count` messages that the carrier has taken; answers with their ids. */
async function createSent(count: number): Promise<{ account: TestAccount; ids: string[] }> {
  const account = await createAccount(db.pool, { credits: count });
  await queueMessages(db.pool, account, Array.from({ length: count }, nextMsisdn));
  const { messages } = await claimBatch(db.pool, account.id, { limit: count, leaseMs: 60_000 });
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `carrier-${id}` })),
  );
  return { account, ids: messages.map(({ id }) => id) };
}

function receipt(
  account: TestAccount,
  messageId: string,
  status: DeliveryReceipt['status'],
): DeliveryReceipt {
  return {
    accountId: account.id,
    messageId,
    status,
    reason: status === 'failed' ? 'The phone is off.' : null,
  };
}

async function listStored(account: TestAccount) {
  const { rows } = await db.pool.query<{ status: string; reason: string | null; finished: boolean }>(
    `select status, reason, finished_at is not null as finished from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

test('delivered and failed are recorded; a failed delivery was still sent, so it stays paid for', async () => {
  const { account, ids } = await createSent(3);
  const [first = '', second = ''] = ids.sort();
  expect(
    await recordReceipts(db.pool, [receipt(account, first, 'delivered'), receipt(account, second, 'failed')]),
  ).toBe(2);
  expect(await listStored(account)).toEqual([
    { status: 'DELIVERED', reason: null, finished: true },
    { status: 'FAILED', reason: 'The phone is off.', finished: true },
    { status: 'SENT', reason: null, finished: false },
  ]);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
});

test('delivered counts before failed, in one call and over several', async () => {
  const { account, ids } = await createSent(1);
  const [id = ''] = ids;
  expect(
    await recordReceipts(db.pool, [receipt(account, id, 'delivered'), receipt(account, id, 'failed')]),
  ).toBe(1);
  expect(await recordReceipts(db.pool, [receipt(account, id, 'failed')])).toBe(0);
  expect(await listStored(account)).toEqual([{ status: 'DELIVERED', reason: null, finished: true }]);
});

test('the same receipt ten times at once is recorded once', async () => {
  const { account, ids } = await createSent(1);
  const changed = await Promise.all(
    Array.from({ length: 10 }, () =>
      recordReceipts(db.pool, [receipt(account, ids[0] as string, 'delivered')]),
    ),
  );
  expect(changed.reduce((sum, count) => sum + count, 0)).toBe(1);
});

test('a receipt for what is not on its way changes nothing', async () => {
  const account = await createAccount(db.pool);
  const blocked = nextMsisdn();
  await createManualOptOut(db.pool, account, blocked);
  await queueMessages(db.pool, account, [blocked, nextMsisdn()]);
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from message where account_id = $1 order by id',
    [account.id],
  );
  expect(
    await recordReceipts(
      db.pool,
      [...rows.map(({ id }) => id), '999999999'].map((id) => receipt(account, id, 'failed')),
    ),
  ).toBe(0);
  expect((await listStored(account)).map(({ status }) => status)).toEqual(['BLOCKED', 'QUEUED']);
  expect(await recordReceipts(db.pool, [])).toBe(0);
});

test('a receipt in the name of another account does not reach the message', async () => {
  const { account, ids } = await createSent(1);
  const other = await createAccount(db.pool);
  expect(await recordReceipts(db.pool, [receipt(other, ids[0] as string, 'failed')])).toBe(0);
  expect((await listStored(account)).map(({ status }) => status)).toEqual(['SENT']);
});

test('two that list the same messages in opposite orders do not deadlock', async () => {
  const { account, ids } = await createSent(300);
  const receipts = ids.map((id) => receipt(account, id, 'delivered'));
  const changed = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      recordReceipts(db.pool, index % 2 === 0 ? receipts : [...receipts].reverse()),
    ),
  );
  expect(changed.reduce((sum, count) => sum + count, 0)).toBe(300);
});

describe('what the network refused', () => {
  const refused = (account: TestAccount, id: string) => ({
    ...receipt(account, id, 'refused'),
    reason: 'The network refused it.',
  });

  test('is given back once, however often it says so, and stays given back', async () => {
    const { account, ids } = await createSent(2);
    const [first = '', second = ''] = ids;
    const intake = createReceiptIntake(db.pool);
    const both = [refused(account, first), refused(account, second)];
    await Promise.all([...both, ...both, ...both].map((one) => intake.submit(one)));
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(2));
    await intake.submit(receipt(account, first, 'delivered'));
    await intake.submit(refused(account, first));
    expect((await listStored(account)).map(({ status }) => status).sort()).toEqual(['DELIVERED', 'FAILED']);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(2));
  });

  test.each([
    ['accepted', 'refused', 'delivered'],
    ['delivered', 'refused'],
    ['refused', 'delivered'],
  ] as const)('in part, is given back whole: %s, %s', async (...said) => {
    const account = await createAccount(db.pool, { credits: 2 });
    await queueMessages(db.pool, account, [nextMsisdn()], 'x'.repeat(200));
    const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
    const id = messages[0]?.id ?? '';
    for (const status of said) await recordReceipts(db.pool, [receipt(account, id, status)]);
    expect(await listStored(account)).toEqual([
      { status: 'DELIVERED', reason: refusedPartReason, finished: true },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(2));
  });

  test('after it had taken it, is not given back', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
    const id = messages[0]?.id ?? '';
    await recordReceipts(db.pool, [receipt(account, id, 'accepted'), refused(account, id)]);
    expect(await listStored(account)).toEqual([
      { status: 'FAILED', reason: 'The network refused it.', finished: true },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });

  test('and failed at the handover already, is not given back again', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
    await recordHandover(db.pool, messages, [{ status: 'failed', reason: 'Not routable.' }]);
    await recordReceipts(db.pool, [refused(account, messages[0]?.id ?? '')]);
    expect(await listStored(account)).toEqual([
      { status: 'FAILED', reason: 'Not routable.', finished: true },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });
});

test('one that was to be sent again, as no answer was heard, is not sent again once the network has it', async () => {
  const account = await createAccount(db.pool, { credits: 2 });
  await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 2, leaseMs: 60_000 });
  const retry = { status: 'retry', reason: 'Busy.', retryDelayMs: 0 } as const;
  await recordHandover(db.pool, messages, [retry, retry]);
  const [first, second] = messages.map(({ id }) => id);
  await recordReceipts(db.pool, [
    receipt(account, first ?? '', 'accepted'),
    receipt(account, second ?? '', 'failed'),
  ]);
  const again = await claimBatch(db.pool, account.id, { limit: 2, leaseMs: 60_000 });
  expect(again.messages.map(({ id }) => id)).toEqual([second]);
});

test('a receipt of another carrier changes nothing; one of its own does', async () => {
  const { account, ids } = await createSent(1);
  const [id = ''] = ids;
  await db.pool.query(`update message set carrier = 'mtn-1' where account_id = $1`, [account.id]);
  const intake = createReceiptIntake(db.pool);
  const delivered = receipt(account, id, 'delivered');
  expect(await intake.submit({ ...delivered, carrier: 'other' })).toBe('not-sent');
  expect(await listStored(account)).toMatchObject([{ status: 'SENT' }]);
  expect(await intake.submit({ ...delivered, carrier: 'mtn-1' })).toBe('recorded');
  expect(await intake.submit({ ...delivered, carrier: 'mtn-1' })).toBe('known');
  expect(await intake.submit({ ...delivered, messageId: '999999999' })).toBe('not-sent');
});

test.each([
  ['a long text, by a carrier that reports on its first part', 200, true, true],
  ['a long text, by one that reports on all of it', 200, false, false],
  ['a text of one segment', 20, true, false],
])('delivered says so of the first part: %s', async (_, length, isOfFirstPart, isFirstPart) => {
  const account = await createAccount(db.pool, { credits: 2 });
  await queueMessages(db.pool, account, [nextMsisdn()], 'x'.repeat(length));
  const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
  const id = messages[0]?.id ?? '';
  await recordReceipts(db.pool, [{ ...receipt(account, id, 'delivered'), isOfFirstPart }]);
  expect(await findMessage(db.pool, account.scope, id)).toMatchObject({ status: 'DELIVERED', isFirstPart });
});
