import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  createAccount,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { MemoryCarrier, takeMessage } from '@/testing/memory-carrier';
import { waitUntil } from '@/testing/poll';
import { createWatchedPool } from '@/testing/watched-pool';
import type { ClaimedMessage, HandoverResult } from './claim';
import {
  computeBusyDelayMs,
  computeRetryDelayMs,
  defaultDispatcherOptions,
  Dispatcher,
  type DispatcherOptions,
} from './dispatcher';

let db: TestDatabase;
const running: Dispatcher[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
  // What a test left takes no turns of the next one's.
  await db.pool.query(
    `update message set status = 'SENT', next_attempt_at = null, sent_at = now() where next_attempt_at is not null`,
  );
});
afterAll(() => db.close());

function createDispatcher(carrier: MemoryCarrier, options: Partial<DispatcherOptions> = {}): Dispatcher {
  return new Dispatcher(db.pool, carrier, { ...defaultDispatcherOptions, ...options });
}

function start(carrier: MemoryCarrier, options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = createDispatcher(carrier, options);
  running.push(dispatcher);
  dispatcher.start();
  return dispatcher;
}

async function createQueued(count: number): Promise<TestAccount> {
  const account = await createAccount(db.pool, { credits: count });
  for (let first = 0; first < count; first += 1000) {
    await queueMessages(db.pool, account, Array.from({ length: Math.min(1000, count - first) }, nextMsisdn));
  }
  return account;
}

async function countByStatus(account: TestAccount): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ status: string; count: number }>(
    'select status, count(*)::int as count from message where account_id = $1 group by status',
    [account.id],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Retries come due and leases end. */
async function passTime(account: TestAccount): Promise<void> {
  await db.pool.query(
    'update message set next_attempt_at = now() where account_id = $1 and next_attempt_at is not null',
    [account.id],
  );
}

describe('one batch', () => {
  test('is claimed, handed over and recorded', async () => {
    const account = await createQueued(3);
    const carrier = new MemoryCarrier();
    expect(await createDispatcher(carrier).dispatchBatch(account.id)).toBe(3);
    expect(carrier.batches.map((batch) => batch.length)).toEqual([3]);
    expect(await countByStatus(account)).toEqual({ SENT: 3 });
  });

  test('has at most the batch size', async () => {
    const account = await createQueued(3);
    const dispatcher = createDispatcher(new MemoryCarrier(), { batchSize: 2 });
    for (const taken of [2, 1, 0]) expect(await dispatcher.dispatchBatch(account.id)).toBe(taken);
  });

  test('is no larger than what the carrier takes in a turn', async () => {
    const account = await createQueued(10);
    const carrier = new MemoryCarrier(takeMessage, 16);
    expect(await createDispatcher(carrier).dispatchBatch(account.id)).toBe(4);
  });

  test('what the gate blocks never reaches the carrier', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    await createManualOptOut(db.pool, account, msisdn);
    const carrier = new MemoryCarrier();
    expect(await createDispatcher(carrier).dispatchBatch(account.id)).toBe(1);
    expect(carrier.batches).toEqual([]);
    expect(await countByStatus(account)).toEqual({ BLOCKED: 1 });
  });

  test('a carrier that takes none of it gets it again later', async () => {
    const account = await createQueued(2);
    let down = true;
    const carrier = new MemoryCarrier((message) => {
      if (down) throw new Error('no route to host');
      return takeMessage(message);
    });
    const dispatcher = createDispatcher(carrier);
    expect(await dispatcher.dispatchBatch(account.id)).toBe(2);
    expect(await countByStatus(account)).toEqual({ QUEUED: 2 });
    // not at once
    expect(await dispatcher.dispatchBatch(account.id)).toBe(0);

    down = false;
    await passTime(account);
    expect(await dispatcher.dispatchBatch(account.id)).toBe(2);
    expect(await countByStatus(account)).toEqual({ SENT: 2 });
  });

  test('what stays refused fails after the last attempt, with a refund and the reason', async () => {
    const account = await createQueued(1);
    const busy: HandoverResult = { status: 'retry', reason: 'The network was busy.', retryDelayMs: 15_000 };
    const dispatcher = createDispatcher(new MemoryCarrier(() => busy), { maxAttempts: 3 });
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await countByStatus(account)).toEqual({ QUEUED: 1 });
      await passTime(account);
      expect(await dispatcher.dispatchBatch(account.id)).toBe(1);
    }
    expect(await countByStatus(account)).toEqual({ FAILED: 1 });
    const { rows } = await db.pool.query('select reason from message where account_id = $1', [account.id]);
    expect(rows).toEqual([{ reason: 'The network was busy. Given up after 3 attempts.' }]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('a record that fails once is tried again, so that nothing is sent twice', async () => {
    const account = await createQueued(2);
    let failures = 1;
    const flaky = createWatchedPool(db.url, {
      around: (name, run) =>
        name === 'record-handover' && failures-- > 0 ? Promise.reject(new Error('connection reset')) : run(),
    });
    const carrier = new MemoryCarrier();
    await new Dispatcher(flaky, carrier, defaultDispatcherOptions).dispatchBatch(account.id);
    await flaky.end();
    expect(failures).toBeLessThan(0);
    expect(carrier.messages).toHaveLength(2);
    expect(await countByStatus(account)).toEqual({ SENT: 2 });
  });
});

describe('running', () => {
  test('what is announced goes out; what nobody announced is found by the sweep', async () => {
    const [announced, found] = [await createQueued(5), await createQueued(5)];
    const carrier = new MemoryCarrier();
    start(carrier, { sweepIntervalMs: 50 }).announce(announced.id);
    const handedOver = (account: TestAccount) =>
      carrier.messages.filter(({ accountId }) => accountId === account.id);
    await waitUntil('both are sent', () => handedOver(announced).length + handedOver(found).length === 10);
    await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
    expect(await countByStatus(announced)).toEqual({ SENT: 5 });
    expect(await countByStatus(found)).toEqual({ SENT: 5 });
  });

  test('stopping lets the batch under way finish', async () => {
    const account = await createQueued(5);
    const carrier = new HeldCarrier();
    const dispatcher = start(carrier);
    dispatcher.announce(account.id);
    await waitUntil('a batch is with the carrier', () => carrier.batches.length === 1);
    let stopped = false;
    const stopping = dispatcher.stop().then(() => (stopped = true));
    expect(await countByStatus(account)).toEqual({ SENDING: 5 });
    expect(stopped).toBe(false);
    carrier.release();
    await stopping;
    expect(await countByStatus(account)).toEqual({ SENT: 5 });
  });

  test('two dispatchers hand nothing over twice', async () => {
    const account = await createQueued(3000);
    const carriers = [new MemoryCarrier(), new MemoryCarrier()];
    for (const carrier of carriers) start(carrier, { batchSize: 100 }).announce(account.id);
    const handedOver = () => carriers.flatMap(({ messages }) => messages.map(({ id }) => id));
    await waitUntil('all is handed over', () => handedOver().length >= 3000);
    await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
    expect(handedOver()).toHaveLength(3000);
    expect(new Set(handedOver()).size).toBe(3000);
    expect(await countByStatus(account)).toEqual({ SENT: 3000 });
  });

  test('a batch is recorded before the next one is handed over: a process that dies loses track of one at most', async () => {
    const [account, other] = [await createQueued(2), await createQueued(2)];
    const carrier = new HeldCarrier();
    const dispatcher = start(carrier);
    dispatcher.announce(account.id);
    dispatcher.announce(other.id);
    await waitUntil('a batch is with the carrier', () => carrier.batches.length === 1);
    const waiting = carrier.batches[0]?.[0]?.accountId === account.id ? other : account;
    // the other account's batch is not even claimed: nothing lies between its gate and the network
    expect(await countByStatus(waiting)).toEqual({ QUEUED: 2 });

    carrier.whenHandedOver = async () => {
      const { rows } = await db.pool.query<{ count: number }>(
        `select count(*)::int as count from message where status = 'SENDING'`,
      );
      carrier.sending.push(rows[0]?.count as number);
    };
    carrier.release();
    await waitUntil('the other batch is with the carrier', () => carrier.batches.length === 2);
    await waitUntil('all is sent', async () => (await countByStatus(waiting))['SENT'] === 2);
    expect(carrier.sending).toEqual([2]);
  });
});

describe('turns are short', () => {
  /** The sizes of the batches of an account of many, until all of it has left. */
  async function listBatches(carrier: MemoryCarrier, count: number): Promise<number[]> {
    const account = await createQueued(count);
    start(carrier).announce(account.id);
    await waitUntil('all have left', () => carrier.messages.length === count);
    return carrier.batches.map(({ length }) => length);
  }

  test('by the rate of a carrier: a quarter of a second of it', async () => {
    const batches = await listBatches(new MemoryCarrier(takeMessage, 400), 220);
    expect(batches).toEqual([100, 100, 20]);
  });

  test('by what a carrier was seen to take, but not below its window', async () => {
    const carrier = Object.assign(new MemoryCarrier(), { windowSize: 40 });
    const take = carrier.send.bind(carrier);
    carrier.send = async (messages) => {
      // At most five hundred a second.
      await delay(messages.length * 2 + 1);
      return take(messages);
    };
    const batches = await listBatches(carrier, 600);
    expect(batches[0]).toBe(40);
    expect(Math.max(...batches)).toBeLessThanOrEqual(125);
    expect(Math.min(...batches.slice(0, -1))).toBeGreaterThanOrEqual(40);
  });

  test('and whole with a carrier that answers at once', async () => {
    expect(await listBatches(new MemoryCarrier(), 1_200)).toContain(500);
  });
});

describe('what is in doubt when a process dies', () => {
  /**
   * The beginnings and ends of claims and records, in order, of a dispatcher that sends six batches. Where
   * nothing is to wait for a record, the first one waits for a second claim. That may also have begun before
   * it, as each of the two takes the next free connection.
   */
  async function listSteps(recordsFirst: boolean): Promise<string[]> {
    const account = await createQueued(6);
    const steps: string[] = [];
    const claimsBegun = () => steps.filter((step) => step === 'claim begins').length;
    const watched = createWatchedPool(db.url, {
      around: async (name, run) => {
        // the first statement of each, and the last
        const begun = { 'read-gate-of-account': 'claim', 'record-handover': 'record' }[name];
        if (begun) steps.push(`${begun} begins`);
        if (name === 'record-handover' && !recordsFirst && !steps.includes('record ends')) {
          await waitUntil('the next is claimed meanwhile', () => claimsBegun() > 1, 20_000);
        }
        const result = await run();
        const ended = { 'claim-messages': 'claim', 'record-handover': 'record' }[name];
        if (ended) steps.push(`${ended} ends`);
        return result;
      },
    });
    const carrier = Object.assign(new MemoryCarrier(), { recordsFirst });
    const dispatcher = new Dispatcher(watched, carrier, {
      ...defaultDispatcherOptions,
      batchSize: 1,
      sweepIntervalMs: 60_000,
    });
    running.push(dispatcher);
    dispatcher.start();
    dispatcher.announce(account.id);
    await waitUntil('all is sent', async () => (await countByStatus(account))['SENT'] === 6);
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await watched.end();
    return steps.slice(0, steps.lastIndexOf('record ends') + 1);
  }

  test('a carrier that takes long: one batch, as the next is claimed once it is recorded', async () => {
    const steps = await listSteps(true);
    const batch = ['claim begins', 'claim ends', 'record begins', 'record ends'];
    expect(steps).toEqual(Array.from({ length: 6 }, () => batch).flat());
  });

  test('a carrier that answers at once is not kept waiting: the next is claimed meanwhile', async () => {
    const steps = await listSteps(false);
    const untilRecorded = steps.slice(0, steps.indexOf('record ends'));
    expect(untilRecorded.filter((step) => step === 'claim begins')).toHaveLength(2);
  });
});

describe('what is urgent', () => {
  /** Makes what an account has queued as urgent as a confirmation. */
  async function createUrgent(count: number): Promise<TestAccount> {
    const account = await createQueued(count);
    await db.pool.query('update message set priority = 0 where account_id = $1', [account.id]);
    return account;
  }
  const quiet = { sweepIntervalMs: 60_000 };

  test('is handed over beside a batch of another account that lasts', async () => {
    const [large, small] = [await createQueued(100), await createUrgent(3)];
    const carrier = Object.assign(new HeldCarrier(), { urgentSlots: 10 });
    const dispatcher = start(carrier, quiet);
    dispatcher.announce(large.id);
    await waitUntil('a batch is with the carrier', () => carrier.batches.length === 1);
    dispatcher.announce(small.id, { isUrgent: true });
    await waitUntil('the urgent is with it, too', () => carrier.batches.length === 2);
    expect(carrier.batches[1]?.map(({ accountId }) => accountId)).toEqual([small.id, small.id, small.id]);
    expect(carrier.doors).toEqual([undefined, 'urgent']);
    carrier.release();
    await waitUntil('it is recorded', async () => (await countByStatus(small))['SENT'] === 3);
  });

  test('and of the same account, without the rest of it', async () => {
    const account = await createQueued(200);
    const carrier = Object.assign(new HeldCarrier(), { urgentSlots: 10, windowSize: 50 });
    const dispatcher = start(carrier, quiet);
    dispatcher.announce(account.id);
    await waitUntil('a batch is with the carrier', () => carrier.batches.length === 1);
    await db.pool.query(
      `update message set priority = 0 where account_id = $1 and id in (
         select id from message where account_id = $1 and status = 'QUEUED' order by id limit 2)`,
      [account.id],
    );
    dispatcher.announce(account.id, { isUrgent: true });
    await waitUntil('the urgent is with it', () => carrier.batches.length === 2);
    expect(carrier.batches.map(({ length }) => length)).toEqual([50, 2]);
    carrier.release();
  });

  test('beside a batch is no more than the batch is smaller by', async () => {
    const [large, small] = [await createQueued(600), await createUrgent(50)];
    const carrier = Object.assign(new HeldCarrier(), { urgentSlots: 10, windowSize: 490 });
    const dispatcher = start(carrier, quiet);
    dispatcher.announce(large.id);
    await waitUntil('a batch is with the carrier', () => carrier.batches.length === 1);
    dispatcher.announce(small.id, { isUrgent: true });
    await waitUntil('the urgent is with it, too', () => carrier.batches.length === 2);
    expect(carrier.batches.map(({ length }) => length)).toEqual([490, 10]);
    carrier.release();
    await waitUntil('all is sent', async () => (await countByStatus(small))['SENT'] === 50);
    // In every moment no more is with the carrier than a batch of earlier days.
    expect(Math.max(...carrier.batches.map(({ length }) => length))).toBeLessThanOrEqual(490);
  });

  test('waits for the turn of a carrier that is only tried', async () => {
    const [large, small] = [await createQueued(5), await createUrgent(1)];
    const carrier = Object.assign(new HeldCarrier(), { urgentSlots: 10 });
    const dispatcher = start(carrier, quiet);
    dispatcher.route('all', 1);
    dispatcher.announce(large.id);
    await waitUntil('one message is with the carrier', () => carrier.batches.length === 1);
    dispatcher.announce(small.id, { isUrgent: true });
    carrier.release();
    await waitUntil('it is sent', async () => (await countByStatus(small))['SENT'] === 1);
    expect(carrier.doors).not.toContain('urgent');
    expect(carrier.batches[1]?.[0]?.accountId).toBe(small.id);
  });

  test('goes first, and keeps nobody from their turns', async () => {
    const [large, small] = [await createQueued(50), await createUrgent(50)];
    const carrier = new MemoryCarrier();
    const dispatcher = createDispatcher(carrier, { batchSize: 5, ...quiet });
    running.push(dispatcher);
    dispatcher.announce(large.id);
    dispatcher.announce(small.id, { isUrgent: true });
    dispatcher.start();
    const isOurs = ({ accountId }: ClaimedMessage) => accountId === large.id || accountId === small.id;
    await waitUntil('all is sent', () => carrier.messages.filter(isOurs).length === 100);
    const order = carrier.batches.map(([message]) => (message?.accountId === small.id ? 'urgent' : 'other'));
    expect(order[0]).toBe('urgent');
    // The sweep gives the urgent account a turn of the others', too: so one of four is another's at least.
    const early = order.slice(0, 12);
    expect(early.filter((whose) => whose === 'other').length).toBeGreaterThanOrEqual(3);
    expect(early.filter((whose) => whose === 'urgent').length).toBeGreaterThanOrEqual(6);
  });

  test('does not wait until what others sent is worked off by the rate', async () => {
    const [large, small] = [await createQueued(100), await createUrgent(1)];
    // A turn is three messages, and then the next one a quarter of a second away: the queue would take long.
    const carrier = new MemoryCarrier(takeMessage, 10);
    const dispatcher = start(carrier, quiet);
    dispatcher.announce(large.id);
    await waitUntil('two turns have gone out', () => carrier.batches.length === 2);
    dispatcher.announce(small.id, { isUrgent: true });
    await waitUntil('it is sent', () => carrier.messages.some(({ accountId }) => accountId === small.id));
    const place = carrier.batches.findIndex(([message]) => message?.accountId === small.id);
    expect(place).toBeLessThanOrEqual(3);
  });
});

describe('a carrier that is busy', () => {
  const busy: HandoverResult = {
    status: 'retry',
    reason: 'The network was busy.',
    retryDelayMs: 0,
    fault: 'busy',
  };

  test('uses up no try of a message', async () => {
    const account = await createQueued(1);
    const dispatcher = createDispatcher(new MemoryCarrier(() => busy), { maxAttempts: 2 });
    for (let attempt = 1; attempt <= 4; attempt++) expect(await dispatcher.dispatchBatch(account.id)).toBe(1);
    expect(await countByStatus(account)).toEqual({ QUEUED: 1 });
  });

  test('has a message come again within a second, and in time more rarely', () => {
    const delays = (attempt: number) => Array.from({ length: 200 }, () => computeBusyDelayMs(attempt));
    for (const attempt of [1, 5, 10]) {
      expect(Math.min(...delays(attempt))).toBeGreaterThanOrEqual(500);
      expect(Math.max(...delays(attempt))).toBeLessThanOrEqual(1_000);
    }
    // not all at once
    expect(new Set(delays(1)).size).toBeGreaterThan(20);
    expect(Math.min(...delays(13))).toBeGreaterThanOrEqual(4_000);
    expect(Math.max(...delays(40))).toBeLessThanOrEqual(60_000);
  });
});

describe('fairness', () => {
  test('3,000 messages of one account delay another’s one by a batch, not by 3,000', async () => {
    const large = await createQueued(3000);
    const small = await createAccount(db.pool);
    let smallQueued = false;
    const carrier = new MemoryCarrier();
    // the small account comes while the large one is being sent
    const send = carrier.send.bind(carrier);
    carrier.send = async (messages) => {
      if (!smallQueued && messages[0]?.accountId === large.id) {
        smallQueued = true;
        await queueMessages(db.pool, small, [nextMsisdn()]);
        dispatcher.announce(small.id);
      }
      return send(messages);
    };
    const dispatcher = createDispatcher(carrier, { batchSize: 100 });
    running.push(dispatcher);
    dispatcher.start();
    dispatcher.announce(large.id);
    const order = () => carrier.batches.map(([message]) => message?.accountId);
    await waitUntil(
      'both are sent',
      () => order().filter((id) => id === large.id).length === 30 && order().includes(small.id),
    );
    // what was with the carrier when the small one came, and one turn at most (when the sweep had just found
    // the large one)
    const waited = order().slice(0, order().indexOf(small.id));
    expect(waited.filter((id) => id === large.id).length).toBeLessThanOrEqual(2);
  });

  test('within an account a confirmation overtakes what was queued before it', async () => {
    const account = await createQueued(500);
    const msisdn = nextMsisdn();
    const episode = await createManualOptOut(db.pool, account, msisdn);
    await db.pool.query(
      `insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
         next_attempt_at, episode_id)
       values ($1, 'CONFIRMATION', $2, $3, 'You have been opted out.', 1, 0, 'QUEUED', 0, now(), $4)`,
      [account.id, msisdn, account.senderNumber, episode],
    );
    const carrier = new MemoryCarrier();
    await createDispatcher(carrier, { batchSize: 10 }).dispatchBatch(account.id);
    expect(carrier.messages.some((message) => message.msisdn === msisdn)).toBe(true);
  });
});

test('the pause before the next attempt doubles, up to an hour', () => {
  expect([1, 2, 3, 8, 9, 30].map(computeRetryDelayMs)).toEqual([
    15_000, 30_000, 60_000, 1_920_000, 3_600_000, 3_600_000,
  ]);
});

/** A carrier that holds its first batch until it is told to go on. */
class HeldCarrier extends MemoryCarrier {
  release: () => void = () => {};
  whenHandedOver: () => Promise<void> = async () => {};
  readonly sending: number[] = [];
  readonly doors: (string | undefined)[] = [];
  private readonly held = new Promise<void>((resolve) => (this.release = resolve));

  override async send(messages: readonly ClaimedMessage[], door?: 'urgent'): Promise<HandoverResult[]> {
    this.doors.push(door);
    const results = await super.send(messages);
    await this.whenHandedOver();
    await this.held;
    return results;
  }
}
