import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { accepted, FakeSendsms } from '@/testing/fake-sendsms';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { waitUntil } from '@/testing/poll';
import { defaultDispatcherOptions, Dispatcher } from '@/lib/messages/dispatcher';
import { recordReceipts } from '@/lib/messages/receipts';
import { createKannelCarrier, type KannelOptions } from './kannel-carrier';

let db: TestDatabase;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await db.owner.query(`update platform_setting set doubt_policy = 'SEND_AGAIN'`);
  for (const close of closing.splice(0)) await close();
});
afterAll(() => db.close());

async function start(
  answer?: Parameters<typeof FakeSendsms.start>[0],
  options: Partial<KannelOptions> = {},
  { maxAttempts = defaultDispatcherOptions.maxAttempts } = {},
): Promise<{ service: FakeSendsms; dispatcher: Dispatcher }> {
  const service = await FakeSendsms.start(answer);
  const carrier = createKannelCarrier({
    name: 'kannel',
    address: service.address,
    username: 'client-zone',
    password: 'secret',
    ratePerSecond: 1_000,
    windowSize: 10,
    listener: 'http://127.0.0.1:3001',
    timeoutMs: 2_000,
    ...options,
  });
  closing.push(
    () => carrier.close(),
    () => service.close(),
  );
  // A first turn takes a window; here it is to take more, as later ones do.
  const ofManyWindows = { ...carrier, windowSize: 100 };
  return {
    service,
    dispatcher: new Dispatcher(db.pool, ofManyWindows, { ...defaultDispatcherOptions, maxAttempts }),
  };
}

async function createQueued(count: number): Promise<TestAccount> {
  const account = await createAccount(db.pool, { credits: count });
  await queueMessages(db.pool, account, Array.from({ length: count }, nextMsisdn));
  return account;
}

interface Stored {
  status: string;
  reason: string | null;
  carrier: string | null;
  was_doubted: boolean;
  waits: boolean;
}

async function listStored(account: TestAccount): Promise<Stored[]> {
  const { rows } = await db.pool.query<Stored>(
    `select status, reason, carrier, doubted_at is not null as was_doubted, next_attempt_at is not null as waits
     from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

async function makeDue(account: TestAccount): Promise<void> {
  await db.pool.query(
    `update message set next_attempt_at = now() where account_id = $1 and status = 'QUEUED'`,
    [account.id],
  );
}

/** Each in a batch of its own: nothing more of one is begun once the connection has broken. */
async function dispatchTwo(dispatcher: Dispatcher, account: TestAccount): Promise<void> {
  await dispatcher.dispatchBatch(account.id);
  await makeDue(account);
  await dispatcher.dispatchBatch(account.id);
}

async function countByStatus(account: TestAccount): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await listStored(account)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('a batch goes out one recipient a call, with a receipt address of each message’s own', async () => {
  const account = await createQueued(50);
  const { service, dispatcher } = await start();
  expect(await dispatcher.dispatchBatch(account.id)).toBe(50);
  expect(await countByStatus(account)).toEqual({ SENT: 50 });
  expect(new Set((await listStored(account)).map(({ carrier }) => carrier))).toEqual(new Set(['kannel']));
  expect(new Set(service.recipients).size).toBe(50);
  expect(new Set(service.calls.map((query) => query.get('dlr-url'))).size).toBe(50);
  expect(service.mostOpen).toBeLessThanOrEqual(10);
});

test('each answer has its end: queued at the gateway is sent, not routable and 400 fail, 503 waits', async () => {
  const answers = [
    accepted,
    { status: 202, body: '3: Queued for later delivery' },
    { status: 403, body: 'Not routable. Do not try again.' },
    { status: 400, body: 'Empty text not allowed, rejected' },
    { status: 503, body: 'Temporal failure, try again later.' },
  ];
  const account = await createQueued(answers.length);
  // The same for each try of a message.
  const given = new Map<string | null, (typeof answers)[number]>();
  const { dispatcher } = await start(
    (query) => {
      const to = query.get('to');
      const answer = given.get(to) ?? answers.shift() ?? accepted;
      given.set(to, answer);
      return answer;
    },
    { windowSize: 1 },
  );
  await dispatcher.dispatchBatch(account.id);
  expect(await listStored(account)).toMatchObject([
    { status: 'SENT', waits: false },
    { status: 'SENT', waits: false },
    { status: 'FAILED', reason: 'The network has no way to this number.', waits: false },
    { status: 'FAILED', reason: 'The network refused the message: “Empty text not allowed, rejected”' },
    { status: 'QUEUED', reason: 'The network was busy.', waits: true },
  ]);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(2));
});

test('not routable is booked once: the receipt that says so again changes nothing', async () => {
  const account = await createQueued(1);
  const { dispatcher } = await start(() => ({ status: 403, body: 'Not routable. Do not try again.' }));
  await dispatcher.dispatchBatch(account.id);
  const stored = await listStored(account);
  const { rows } = await db.pool.query<{ id: string }>('select id from message where account_id = $1', [
    account.id,
  ]);
  const receipt = { accountId: account.id, messageId: rows[0]?.id as string };
  await recordReceipts(db.pool, [{ ...receipt, status: 'failed', reason: 'Refused.' }]);
  expect(await listStored(account)).toEqual(stored);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
});

test('a wrong password fails no message: all stay due, and only the first window was tried', async () => {
  const account = await createQueued(100);
  const { service, dispatcher } = await start(() => ({
    status: 403,
    body: 'Authorization failed for sendsms',
  }));
  for (let batch = 0; batch < 10; batch++) await dispatcher.dispatchBatch(account.id);
  expect(await countByStatus(account)).toEqual({ QUEUED: 100 });
  expect(service.calls.length).toBeLessThanOrEqual(100);
  // what the account reads of it has nothing of our passwords
  expect((await listStored(account))[0]).toMatchObject({ reason: 'The network could not be reached.' });
  const { rows } = await db.pool.query(
    'select from message where account_id = $1 and next_attempt_at <= now()',
    [account.id],
  );
  expect(rows).toHaveLength(100);
});

test('a gateway that is away gets all of it later, and nothing is in doubt', async () => {
  const account = await createQueued(30);
  const { service, dispatcher } = await start();
  await service.close();
  await dispatcher.dispatchBatch(account.id);
  expect(await countByStatus(account)).toEqual({ QUEUED: 30 });
  expect((await listStored(account)).some(({ was_doubted }) => was_doubted)).toBe(false);
});

test('a gateway that is silent from the beginning: one message is in doubt, the rest was not begun', async () => {
  const account = await createQueued(50);
  const { service, dispatcher } = await start(() => () => undefined, { timeoutMs: 200 });
  await dispatcher.dispatchBatch(account.id);
  // No second connection before the first has answered.
  expect(service.calls).toHaveLength(1);
  expect(await countByStatus(account)).toEqual({ IN_DOUBT: 1, QUEUED: 49 });
  // each costs what it cost
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
});

test('in doubt, to be sent again: a receipt settles it; without one it is sent again, and marked', async () => {
  const account = await createQueued(2);
  let isBroken = true;
  const { service, dispatcher } = await start(() =>
    isBroken ? (response) => response.socket?.destroy() : accepted,
  );
  await dispatchTwo(dispatcher, account);
  expect(await listStored(account)).toMatchObject([
    { status: 'IN_DOUBT', was_doubted: true, waits: true },
    { status: 'IN_DOUBT', was_doubted: true, waits: true },
  ]);
  // not at once: a receipt may tell
  expect(await dispatcher.dispatchBatch(account.id)).toBe(0);

  const { rows } = await db.pool.query<{ id: string }>(
    'select id from message where account_id = $1 order by id',
    [account.id],
  );
  await recordReceipts(db.pool, [
    {
      accountId: account.id,
      messageId: rows[0]?.id as string,
      status: 'delivered',
      reason: null,
    },
  ]);
  isBroken = false;
  await db.pool.query(
    'update message set next_attempt_at = now() where account_id = $1 and next_attempt_at is not null',
    [account.id],
  );
  expect(await dispatcher.dispatchBatch(account.id)).toBe(1);
  expect(await listStored(account)).toMatchObject([
    { status: 'DELIVERED', was_doubted: true },
    { status: 'SENT', was_doubted: true, reason: null },
  ]);
  expect(service.calls).toHaveLength(3);
});

test('in doubt, to be held: nothing is sent again by itself', async () => {
  await db.owner.query(`update platform_setting set doubt_policy = 'HOLD'`);
  const account = await createQueued(2);
  const { service, dispatcher } = await start(() => (response) => response.socket?.destroy());
  await dispatchTwo(dispatcher, account);
  expect(await listStored(account)).toMatchObject([
    { status: 'IN_DOUBT', waits: false },
    { status: 'IN_DOUBT', waits: false },
  ]);
  expect(await dispatcher.dispatchBatch(account.id)).toBe(0);
  expect(service.calls).toHaveLength(2);
});

test('what takes too long is given back before its lease ends', async () => {
  const account = await createQueued(20);
  const { service, dispatcher } = await start(
    () => (response) => setTimeout(() => response.writeHead(202).end('0: Accepted for delivery'), 30),
    { windowSize: 1, batchMs: 60 },
  );
  await dispatcher.dispatchBatch(account.id);
  const counts = await countByStatus(account);
  expect(counts['SENT']).toBe(service.calls.length);
  expect(counts['QUEUED']).toBe(20 - service.calls.length);
  expect(service.calls.length).toBeLessThan(20);
});

describe('a busy gateway', () => {
  const busy = { status: 503, body: 'Temporal failure, try again later.' };

  /** A service that takes so many calls at a time, from all who call, and answers busy to the others. */
  function takeAtMost(most: number) {
    const seen = { open: 0, busy: 0 };
    const answer = () => {
      if (seen.open >= most) {
        seen.busy += 1;
        return busy;
      }
      seen.open += 1;
      return (response: ServerResponse) =>
        setTimeout(() => {
          seen.open -= 1;
          response.writeHead(202).end('0: Accepted for delivery');
        }, 2);
    };
    return { seen, answer };
  }

  test('gets fewer calls at a time, and every message in the end', async () => {
    const account = await createQueued(600);
    const { seen, answer } = takeAtMost(4);
    const { dispatcher } = await start(answer, { windowSize: 40 });
    await dispatcher.dispatchBatch(account.id);
    const first = seen.busy;
    expect(first).toBeGreaterThan(0);
    while (((await countByStatus(account))['SENT'] ?? 0) < 600) {
      await makeDue(account);
      await dispatcher.dispatchBatch(account.id);
    }
    // With a window of 36 most calls would have been in vain.
    expect(seen.busy).toBeLessThan(300);
  });

  test('is shared by two workers that do not know of each other', async () => {
    const accounts = [await createQueued(400), await createQueued(400)];
    const { seen, answer } = takeAtMost(6);
    const { service, dispatcher } = await start(answer, { windowSize: 40 });
    const { dispatcher: other } = await start(() => accepted, { windowSize: 40, address: service.address });
    const drain = async (one: Dispatcher, account: TestAccount) => {
      while (((await countByStatus(account))['SENT'] ?? 0) < 400) {
        await makeDue(account);
        await one.dispatchBatch(account.id);
      }
    };
    await Promise.all([
      drain(dispatcher, accounts[0] as TestAccount),
      drain(other, accounts[1] as TestAccount),
    ]);
    expect(seen.busy).toBeGreaterThan(0);
    expect(seen.busy).toBeLessThan(400);
    expect(service.calls.length).toBe(800 + seen.busy);
  });

  test('is asked again at once, for what is urgent more often, until there is a place', async () => {
    const account = await createQueued(1);
    const to = account.senderNumber as string;
    await receiveReplies(db.pool, [composeReply({ from: nextMsisdn(), to, text: 'Stop' })]);
    let urgentCalls = 0;
    const { service, dispatcher } = await start((query) => {
      if (query.get('priority') === null) return busy;
      urgentCalls += 1;
      return urgentCalls < 4 ? busy : accepted;
    });
    await dispatcher.dispatchBatch(account.id);
    expect(await countByStatus(account)).toEqual({ SENT: 1, QUEUED: 1 });
    expect(urgentCalls).toBe(4);
    // Others are asked for five times, and given back.
    expect(service.calls.length).toBe(4 + 5);
  });

  test('is tried again within a second, and uses up no try of a message', async () => {
    const account = await createQueued(1);
    const { dispatcher } = await start(() => busy, {}, { maxAttempts: 2 });
    for (let attempt = 1; attempt <= 4; attempt++) {
      await dispatcher.dispatchBatch(account.id);
      const { rows } = await db.pool.query<{ attempts: number; waits: boolean; soon: boolean }>(
        `select attempts, next_attempt_at > now() as waits, next_attempt_at <= now() + interval '1 second' as soon
         from message where account_id = $1`,
        [account.id],
      );
      expect(rows).toEqual([{ attempts: attempt, waits: true, soon: true }]);
      await makeDue(account);
    }
    expect(await listStored(account)).toMatchObject([{ status: 'QUEUED', reason: 'The network was busy.' }]);
  });

  test('that takes not one at a time: the rest of a batch is not tried', async () => {
    const account = await createQueued(200);
    const { service, dispatcher } = await start(() => busy, { windowSize: 40 });
    await dispatcher.dispatchBatch(account.id);
    // 36 at a time, 18, 9, 4, 2 and 1; none of the 36 more than five times
    expect(service.calls.length).toBeLessThanOrEqual(36 * 5);
    expect(new Set(service.recipients).size).toBe(36);
    expect(await countByStatus(account)).toEqual({ QUEUED: 200 });
  });
});

test('what is urgent has a way of its own while a batch waits for its answers', async () => {
  const [account, other] = [await createQueued(60), await createQueued(1)];
  const held: ServerResponse[] = [];
  const { service, dispatcher } = await start(
    (query) => (query.get('text') === 'urgent' ? accepted : (response) => void held.push(response)),
    { windowSize: 20 },
  );
  await db.pool.query(`update message set text = 'urgent', priority = 0 where account_id = $1`, [other.id]);
  dispatcher.start();
  closing.push(() => dispatcher.stop());
  dispatcher.announce(account.id);
  await waitUntil('the batch waits', () => held.length === 1);
  dispatcher.announce(other.id, { isUrgent: true });
  await waitUntil('the urgent one is sent', async () => 'SENT' in (await countByStatus(other)));
  expect(held).toHaveLength(1);
  expect(service.mostOpen).toBe(2);
  // Nothing is held any more, so that the batch ends.
  const release = setInterval(() => {
    for (const response of held.splice(0)) response.writeHead(202).end('0: Accepted for delivery');
  }, 5);
  closing.push(() => clearInterval(release));
  await waitUntil('the batch is sent', async () => (await countByStatus(account))['SENT'] === 60);
});
