import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createEndpoint } from '@/testing/webhooks';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, recordHandover } from './claim';
import { noReceiptReason } from './labels';
import { messageList } from './list';
import { recordReceipts } from './receipts';
import { endUnreported } from './unreported';
import { readList } from '@/lib/lists/read-list';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const now = new Date();
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

/** Messages that the network took so many hours ago, one each. */
async function createSent(hours: readonly number[]): Promise<{ account: TestAccount; ids: string[] }> {
  const account = await createAccount(db.pool, { credits: hours.length });
  await queueMessages(db.pool, account, hours.map(nextMsisdn));
  const { messages } = await claimBatch(db.pool, account.id, { limit: hours.length, leaseMs: 60_000 });
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `network-${id}` })),
  );
  const ids = messages.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
  for (const [index, id] of ids.entries()) {
    await db.pool.query('update message set sent_at = $3 where account_id = $1 and id = $2', [
      account.id,
      id,
      hoursAgo(hours[index] ?? 0),
    ]);
  }
  return { account, ids };
}

async function listStatuses(account: TestAccount): Promise<string[]> {
  const { rows } = await db.pool.query<{ status: string }>(
    'select status from message where account_id = $1 order by id',
    [account.id],
  );
  return rows.map(({ status }) => status);
}

describe('a message without a receipt', () => {
  test('ends after the time that is set, is paid for, and is found as such', async () => {
    const { account } = await createSent([env.RECEIPT_WAIT_HOURS + 1, env.RECEIPT_WAIT_HOURS - 1, 0]);
    await endUnreported(db.pool, now);
    expect(await listStatuses(account)).toEqual(['NO_RECEIPT', 'SENT', 'SENT']);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
    const { filter } = messageList.readFilter({ status: 'NO_RECEIPT' });
    const page = await readList(db.pool, messageList, account.scope, filter, null, 'UTC');
    expect(page.rows).toMatchObject([{ status: 'NO_RECEIPT', reason: noReceiptReason, cost: 1 }]);
    // a second look finds nothing
    expect(await endUnreported(db.pool, now)).toBe(0);
  });

  test.each([
    ['delivered', 'DELIVERED', null],
    ['failed', 'FAILED', 'It could not be delivered.'],
    ['waiting', 'NO_RECEIPT', noReceiptReason],
  ] as const)('takes one that comes after all: %s', async (status, end, reason) => {
    const { account, ids } = await createSent([100]);
    await endUnreported(db.pool, now);
    const receipt = { accountId: account.id, messageId: ids[0] ?? '', status };
    await recordReceipts(db.pool, [
      { ...receipt, reason: status === 'failed' ? 'It could not be delivered.' : null },
    ]);
    const { rows } = await db.pool.query('select status, reason from message where account_id = $1', [
      account.id,
    ]);
    expect(rows).toEqual([{ status: end, reason }]);
  });

  test('of more than a slice all end, of each account, and what was reported on stays', async () => {
    const hours = Array.from({ length: 60 }, () => 100);
    const [one, other] = [await createSent(hours), await createSent([100, 100])];
    const done = other.ids[0] ?? '';
    await recordReceipts(db.pool, [
      { accountId: other.account.id, messageId: done, status: 'delivered', reason: null },
    ]);
    expect(await endUnreported(db.pool, now, { slice: 25 })).toBe(61);
    expect(new Set(await listStatuses(one.account))).toEqual(new Set(['NO_RECEIPT']));
    expect(await listStatuses(other.account)).toEqual(['DELIVERED', 'NO_RECEIPT']);
  });

  test('stays when the worker stops', async () => {
    const { account } = await createSent([100]);
    expect(await endUnreported(db.pool, now, { signal: AbortSignal.abort() })).toBe(0);
    expect(await listStatuses(account)).toEqual(['SENT']);
  });

  test('is told to a program that listens', async () => {
    const { account } = await createSent([100]);
    await createEndpoint(db.pool, account, 'http://127.0.0.1:9/hooks');
    await endUnreported(db.pool, now);
    const { rows } = await db.pool.query<{ status: string }>(
      `select data ->> 'status' as status from webhook_delivery where account_id = $1 and type = 'message.status'`,
      [account.id],
    );
    expect(rows).toEqual([{ status: 'no_receipt' }]);
  });
});
