import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { composeReference, parseReference } from '@/lib/messages/carrier';
import { createSimulatorCarrier, giveDueReceipts } from './simulator';
import { keepPhoneText, listPhones, readPhone } from './simulator-phones';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** Sends one message to each recipient through the simulator. */
async function sendTo(account: TestAccount, recipients: readonly string[], text?: string): Promise<void> {
  await queueMessages(db.pool, account, recipients, text);
  const dispatcher = new Dispatcher(db.pool, createSimulatorCarrier(db.pool, { ratePerSecond: 1000 }));
  let sent = 0;
  for (let taken = -1; taken !== 0; sent += taken) taken = await dispatcher.dispatchBatch(account.id);
  expect(sent).toBe(recipients.length);
}

async function listStatuses(account: TestAccount) {
  const { rows } = await db.pool.query<{ msisdn: string; status: string; reason: string | null }>(
    'select msisdn, status, reason from message where account_id = $1 order by msisdn',
    [account.id],
  );
  return rows;
}

/** The receipts of these phones are due now. */
async function makeReceiptsDue(recipients: readonly string[]): Promise<void> {
  await db.pool.query(
    'update simulator_message set receipt_due_at = now() where msisdn = any($1) and receipt_due_at is not null',
    [recipients],
  );
}

describe('the simulator', () => {
  test('delivers to the phone, and later says so', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await sendTo(account, [msisdn], 'Our spring sale');
    expect((await readPhone(db.pool, msisdn, null)).messages).toMatchObject([
      { fromPhone: false, senderNumber: account.senderNumber, text: 'Our spring sale' },
    ]);
    expect(await listStatuses(account)).toMatchObject([{ status: 'SENT' }]);
    expect(await giveDueReceipts(db.pool)).toBe(0);

    await makeReceiptsDue([msisdn]);
    expect(await giveDueReceipts(db.pool)).toBe(1);
    expect(await listStatuses(account)).toMatchObject([{ status: 'DELIVERED' }]);
    expect(await giveDueReceipts(db.pool)).toBe(0);
  });

  test('numbers that misbehave: refused, busy, taken and not delivered', async () => {
    const account = await createAccount(db.pool);
    const [refused, busy, lost, good] = ['27827799990', '27827799991', '27827799992', '27827799993'];
    await sendTo(account, [refused, busy, lost, good] as string[]);
    await makeReceiptsDue([lost, good] as string[]);
    expect(await giveDueReceipts(db.pool)).toBe(2);
    expect(await listStatuses(account)).toEqual([
      { msisdn: refused, status: 'FAILED', reason: 'The network refused this number.' },
      { msisdn: busy, status: 'QUEUED', reason: 'The network was busy.' },
      { msisdn: lost, status: 'FAILED', reason: 'The phone could not be reached.' },
      { msisdn: good, status: 'DELIVERED', reason: null },
    ]);
    expect((await readPhone(db.pool, refused, null)).messages).toEqual([]);
  });

  test('several that give receipts at once give each once', async () => {
    const account = await createAccount(db.pool);
    const recipients = Array.from({ length: 300 }, nextMsisdn);
    await sendTo(account, recipients);
    await makeReceiptsDue(recipients);
    let given = 0;
    for (let round = 0; given < 300 && round < 20; round++) {
      const counts = await Promise.all(Array.from({ length: 5 }, () => giveDueReceipts(db.pool, 50)));
      given += counts.reduce((sum, count) => sum + count, 0);
    }
    expect(given).toBe(300);
    expect(new Set((await listStatuses(account)).map(({ status }) => status))).toEqual(
      new Set(['DELIVERED']),
    );
  });

  test('a batch that cannot be kept was not taken', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    const broken = createSimulatorCarrier({ query: () => Promise.reject(new Error('away')) } as never, {
      ratePerSecond: 1000,
    });
    await new Dispatcher(db.pool, broken).dispatchBatch(account.id);
    expect(await listStatuses(account)).toMatchObject([
      { status: 'QUEUED', reason: 'The network could not be reached.' },
    ]);
    expect((await readPhone(db.pool, msisdn, null)).messages).toEqual([]);
  });
});

describe('phones', () => {
  test('a long thread is read fifty at a time, oldest first on each page', async () => {
    const msisdn = nextMsisdn();
    for (let n = 1; n <= 120; n++)
      await keepPhoneText(db.pool, { msisdn, senderNumber: '30123', text: `text ${n}` });
    const texts: string[] = [];
    let before: string | null = null;
    do {
      const page = await readPhone(db.pool, msisdn, before);
      expect(page.messages.length).toBeLessThanOrEqual(50);
      texts.unshift(...page.messages.map(({ text }) => text));
      before = page.older;
    } while (before !== null);
    expect(texts).toEqual(Array.from({ length: 120 }, (_, index) => `text ${index + 1}`));
  });

  test('the phone used last comes first, with its last text', async () => {
    const [first, second] = [nextMsisdn(), nextMsisdn()];
    await keepPhoneText(db.pool, { msisdn: first, senderNumber: '30123', text: 'one' });
    await keepPhoneText(db.pool, { msisdn: second, senderNumber: '30123', text: 'two' });
    await keepPhoneText(db.pool, { msisdn: first, senderNumber: '30123', text: 'three' });
    expect(
      (await listPhones(db.pool, 2)).map(({ msisdn, lastText, count }) => [msisdn, lastText, count]),
    ).toEqual([
      [first, 'three', 2],
      [second, 'two', 1],
    ]);
  });
});

test('a reference finds its message again, and nothing else', () => {
  expect(parseReference(composeReference({ accountId: 58324, id: '1001' }))).toEqual({
    accountId: 58324,
    messageId: '1001',
  });
  for (const foreign of [
    '',
    '-',
    '58324',
    '58324-',
    '-1',
    '1-1-1',
    ' 1-1',
    '1-1\n',
    '1-x',
    `1-${'9'.repeat(19)}`,
  ]) {
    expect(parseReference(foreign)).toBeNull();
  }
});
