import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('the first final receipt counts, in one call and over several', async () => {
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
