import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createUser, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { MemoryCarrier, takeMessage, type Answer } from '@/testing/memory-carrier';
import { waitUntil } from '@/testing/poll';
import { mintStaffScope } from '@/lib/auth/scope';
import type { Carrier } from '@/lib/messages/carrier';
import type { HandoverResult } from '@/lib/messages/claim';
import { carriersChangedChannel } from '@/lib/events/account-changes';
import { CarrierFleet } from './fleet';
import { setCarrierState } from './system-commands';

let db: TestDatabase;
const fleets: CarrierFleet[] = [];

// A database each: the carriers and their routes are everybody's.
beforeEach(async () => {
  db = await createTestDatabase();
  await db.pool.query('delete from carrier');
});
afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.stop()));
  // A dozen of them at once would use up the server's connections.
  await db.close();
});

async function addCarrier(
  name: string,
  ...routes: { prefix?: string; priority?: number; weight?: number }[]
) {
  await db.pool.query(
    `insert into carrier (name, kind, rate_per_second, window_size, created_at) values ($1, 'SIMULATOR', 100000, 10, now())`,
    [name],
  );
  for (const { prefix = '', priority = 1, weight = 1 } of routes) {
    await db.pool.query(`insert into carrier_route values ($1, $2, $3, $4)`, [
      prefix,
      name,
      priority,
      weight,
    ]);
  }
}

async function setState(name: string, state: string): Promise<void> {
  await db.pool.query('update carrier set state = $2::carrier_state, problem = null where name = $1', [
    name,
    state,
  ]);
}

/** A fleet whose carriers answer as told, by name. */
async function start(answers: Record<string, Answer> = {}, clock?: () => number, messageLeaseMs = 120_000) {
  const carriers: Record<string, MemoryCarrier> = {};
  const told: boolean[] = [];
  const fleet = new CarrierFleet(db.pool, {
    createCarrier: ({ name }): Carrier => {
      const memory = new MemoryCarrier(answers[name] ?? takeMessage);
      carriers[name] = memory;
      return memory;
    },
    workerId: `worker-${fleets.length}`,
    dispatcher: { sweepIntervalMs: 20, leaseMs: messageLeaseMs },
    lookIntervalMs: 20,
    factsIntervalMs: 20,
    // None ends by itself, however slow the machine is.
    leaseMs: 55_000,
    whenHolding: (isHolding) => told.push(isHolding),
    clock,
  });
  fleets.push(fleet);
  await fleet.start();
  return { fleet, carriers, told };
}

async function createQueued(recipients: readonly string[]): Promise<TestAccount> {
  const account = await createAccount(db.pool);
  await queueMessages(db.pool, account, recipients);
  return account;
}

const many = (count: number, prefix = '2782') =>
  Array.from({ length: count }, () => nextMsisdn().replace(/^2782/, prefix));

async function countByCarrier(account: TestAccount): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ key: string; count: number }>(
    `select coalesce(carrier, 'none') || ' ' || status as key, count(*)::int as count from message
     where account_id = $1 group by 1`,
    [account.id],
  );
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
}

async function expectSoon(account: TestAccount, counts: Record<string, number>): Promise<void> {
  let seen: Record<string, number> = {};
  await waitUntil(`${JSON.stringify(counts)}`, async () => {
    seen = await countByCarrier(account);
    return JSON.stringify(Object.entries(seen).sort()) === JSON.stringify(Object.entries(counts).sort());
  }).catch(() => expect(seen).toEqual(counts));
}

const away: HandoverResult = {
  status: 'retry',
  reason: 'The network could not be reached.',
  retryDelayMs: 0,
  fault: 'away',
  detail: 'The gateway cannot be reached (ECONNREFUSED).',
};

test('the longest prefix decides; the weights deal out what is equal', async () => {
  await addCarrier('a', {}, { prefix: '2783', weight: 1 });
  await addCarrier('b', { prefix: '2783', weight: 3 });
  const account = await createQueued([...many(40, '2782'), ...many(400, '2783')]);
  const { carriers } = await start();
  await waitUntil('all is sent', async () => !('none QUEUED' in (await countByCarrier(account))));
  await waitUntil(
    'all is recorded',
    async () => !/SENDING/.test(JSON.stringify(await countByCarrier(account))),
  );
  const counts = await countByCarrier(account);
  expect(Object.keys(counts).sort()).toEqual(['a SENT', 'b SENT']);
  // 300 of 400, dealt out evenly
  expect(counts['b SENT']).toBeGreaterThan(290);
  expect(counts['b SENT']).toBeLessThan(310);
  expect(carriers['a']?.messages.filter(({ msisdn }) => msisdn.startsWith('2782'))).toHaveLength(40);
});

test('one slow carrier does not hold another’s messages', async () => {
  await addCarrier('slow', { prefix: '2782' });
  await addCarrier('fast', { prefix: '2783' });
  const account = await createQueued([...many(5, '2782'), ...many(5, '2783')]);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { carriers } = await start();
  const slow = carriers['slow'] as MemoryCarrier;
  const send = slow.send.bind(slow);
  slow.send = async (messages) => {
    const results = await send(messages);
    await held;
    return results;
  };
  const other = await createQueued(many(3, '2783'));
  await expectSoon(other, { 'fast SENT': 3 });
  release();
  await expectSoon(account, { 'slow SENT': 5, 'fast SENT': 5 });
});

test('a carrier that is away is left alone and another takes over; one message tries it, and it is back', async () => {
  let now = 0;
  let isAway = true;
  await addCarrier('first', { priority: 1 });
  await addCarrier('second', { priority: 2 });
  const { carriers } = await start({ first: (message) => (isAway ? away : takeMessage(message)) }, () => now);
  const account = await createQueued(many(20));
  await expectSoon(account, { 'second SENT': 20 });
  const tried = carriers['first']?.batches.length;
  expect(tried).toBe(2);

  // while it is left alone it is not tried
  await expectSoon(await createQueued(many(5)), { 'second SENT': 5 });
  expect(carriers['first']?.batches.length).toBe(tried);

  now += 2_000;
  isAway = false;
  await waitUntil('it is tried', async () => {
    await createQueued(many(3));
    return (carriers['first']?.batches.length ?? 0) > 2;
  });
  expect(carriers['first']?.batches[2]).toHaveLength(1);
  await waitUntil('it is back', async () => {
    const next = await createQueued(many(4));
    await waitUntil('sent', async () => !/QUEUED|SENDING/.test(JSON.stringify(await countByCarrier(next))));
    return 'first SENT' in (await countByCarrier(next));
  });
});

test.each(['PAUSED', 'DRAINING'])('%s, nothing leaves to it; resumed, what waited goes', async (state) => {
  await addCarrier('only', {});
  const { carriers } = await start();
  await expectSoon(await createQueued(many(2)), { 'only SENT': 2 });

  await setState('only', state);
  // who takes its messages has read what has become of the other
  await addCarrier('witness', { prefix: '2783' });
  await waitUntil('the change is followed', async () => {
    const probe = await createQueued(many(1, '2783'));
    await waitUntil('sent', async () => !/QUEUED|SENDING/.test(JSON.stringify(await countByCarrier(probe))));
    return 'witness SENT' in (await countByCarrier(probe));
  });
  const before = carriers['only']?.messages.length;
  const account = await createQueued([...many(3, '2782'), ...many(3, '2783')]);
  await expectSoon(account, { 'none QUEUED': 3, 'witness SENT': 3 });
  expect(carriers['only']?.messages).toHaveLength(before ?? 0);
  await setState('only', 'ACTIVE');
  await expectSoon(account, { 'only SENT': 3, 'witness SENT': 3 });
});

test('one that refuses us is paused for everybody with the reason; nothing fails, and the next takes over', async () => {
  await addCarrier('first', {});
  const administrator = { username: 'administrator', accountId: null };
  await createUser(db.pool, administrator);
  await createUser(db.pool, { accountId: null, staffRole: 'SUPPORT' });
  const refused: HandoverResult = { ...away, fault: 'configuration', detail: 'Kannel refused the password.' };
  let isWrong = true;
  await start({ first: (message) => (isWrong ? refused : takeMessage(message)) });
  const account = await createQueued(many(5));
  const readState = async () => {
    const { rows } = await db.pool.query<{ state: string; problem: string | null }>(
      `select state, problem from carrier where name = 'first'`,
    );
    return rows[0];
  };
  await waitUntil('it is paused', async () => (await readState())?.state === 'PAUSED');
  expect(await readState()).toEqual({ state: 'PAUSED', problem: 'Kannel refused the password.' });
  const { rows } = await db.pool.query<{ action: string; details: unknown }>(
    'select action, details from audit_entry where user_id = 0',
  );
  expect(rows).toEqual([{ action: 'carrier.stop', details: { reason: 'Kannel refused the password.' } }]);
  const { rows: emails } = await db.pool.query('select recipient, subject from email');
  expect(emails).toEqual([{ recipient: 'administrator@example.com', subject: 'Carrier first was paused' }]);
  // What was under way as it was paused comes back.
  await expectSoon(account, { 'first QUEUED': 5 });

  await addCarrier('second', { priority: 2 });
  await expectSoon(account, { 'second SENT': 5 });
  isWrong = false;
  await setState('first', 'ACTIVE');
  await waitUntil('it is used again', async () => {
    const next = await createQueued(many(1));
    await waitUntil('sent', async () => !/QUEUED|SENDING/.test(JSON.stringify(await countByCarrier(next))));
    return 'first SENT' in (await countByCarrier(next));
  });
});

test('of two workers one hands over to a carrier; when it stops or dies the other goes on', async () => {
  await addCarrier('only', {});
  const one = await start();
  const other = await start();
  const countOf = ({ carriers }: typeof one) => carriers['only']?.messages.length;
  await expectSoon(await createQueued(many(30)), { 'only SENT': 30 });
  await expectSoon(await createQueued(many(30)), { 'only SENT': 30 });
  expect([countOf(one), countOf(other)]).toEqual([60, 0]);

  fleets.splice(0, 1);
  await one.fleet.stop();
  // as a notification tells it
  other.fleet.lookSoon();
  await expectSoon(await createQueued(many(10)), { 'only SENT': 10 });
  expect([countOf(one), countOf(other)]).toEqual([60, 10]);

  // Who has taken it meanwhile is alive, then dead.
  await db.pool.query(
    `update carrier_lease set worker = 'third', held_until = now() + interval '50 seconds'`,
  );
  other.fleet.lookSoon();
  await waitUntil('it is noticed', async () => {
    const probe = await createQueued(many(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return 'none QUEUED' in (await countByCarrier(probe));
  });
  const taken = countOf(other) ?? 0;
  const account = await createQueued(many(10));
  await db.pool.query(`update carrier_lease set held_until = now() - interval '1 second'`);
  other.fleet.lookSoon();
  await expectSoon(account, { 'only SENT': 10 });
  expect(countOf(other)).toBeGreaterThanOrEqual(taken + 10);
});

test('a worker is told whether it hands over to any carrier, and what staff change is told to all', async () => {
  await addCarrier('only', {});
  const [one, other] = [await start(), await start()];
  expect([one.told.at(-1), other.told.at(-1)]).toEqual([true, false]);
  fleets.splice(0, 1);
  await one.fleet.stop();
  other.fleet.lookSoon();
  await waitUntil('the other is told', async () => other.told.at(-1) === true);
  await setState('only', 'PAUSED');
  await waitUntil('it has given it back', async () => other.told.at(-1) === false);

  const client = await db.pool.connect();
  const heard: string[] = [];
  client.on('notification', ({ channel }) => heard.push(channel));
  await client.query(`listen ${carriersChangedChannel}`);
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  await setCarrierState(db.pool, staff, { name: 'only', state: 'ACTIVE' });
  await waitUntil('it is told', async () => heard.length > 0);
  client.release(true);
});

test('what one worker cannot reach another hands over, and nobody takes the carrier for away', async () => {
  await addCarrier('first', { priority: 1 });
  await addCarrier('second', { priority: 2 });
  const one = await start({ first: () => away }, () => 0);
  await waitUntil('it has both', async () => {
    const { rows } = await db.pool.query('select from carrier_lease');
    return rows.length === 2;
  });
  const other = await start();
  await waitUntil('the other takes over', async () => {
    await createQueued(many(2));
    other.fleet.lookSoon();
    return (other.carriers['first']?.messages.length ?? 0) > 0;
  });
  await waitUntil('all of it leaves by the first again', async () => {
    one.fleet.lookSoon();
    const next = await createQueued(many(4));
    await waitUntil('sent', async () => !/QUEUED|SENDING/.test(JSON.stringify(await countByCarrier(next))));
    return JSON.stringify(await countByCarrier(next)) === '{"first SENT":4}';
  });
  expect(one.carriers['first']?.batches.length).toBe(2);
  await waitUntil('staff are told so', async () => {
    const { rows } = await db.pool.query(
      `select from carrier_worker where carrier = 'first' and (open_until is not null or failures > 0)`,
    );
    return rows.length === 0;
  });
});

test('a worker that hangs within a turn loses its carriers to another', async () => {
  await addCarrier('only', {});
  const one = await start({}, undefined, 500);
  const hanging = one.carriers['only'] as MemoryCarrier;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  hanging.send = async () => {
    await held;
    throw new Error('It was let go.');
  };
  const account = await createQueued(many(5));
  await waitUntil('it hangs', async () => 'only SENDING' in (await countByCarrier(account)));
  const other = await start();
  await waitUntil('the other hands over', async () => {
    one.fleet.lookSoon();
    other.fleet.lookSoon();
    return (other.carriers['only']?.messages.length ?? 0) === 5;
  });
  letGo();
});

test('what is away is taken over by a carrier that another worker hands over to', async () => {
  await addCarrier('first', { priority: 1 });
  const one = await start({ first: () => away });
  // Asks for the second before the one does, which has the first.
  await db.pool.query(
    `insert into carrier_lease values ('second', 'worker-1', now() + interval '50 seconds', 'usable')`,
  );
  await addCarrier('second', { priority: 2 });
  const other = await start({ first: () => away });
  const account = await createQueued(many(10));
  await waitUntil('it has left', async () => {
    other.fleet.lookSoon();
    return JSON.stringify(await countByCarrier(account)) === '{"second SENT":10}';
  });
  expect(other.carriers['second']?.messages).toHaveLength(10);
  expect(one.carriers['second']?.messages ?? []).toEqual([]);
});

test('what passed, what went wrong and who says so are written down', async () => {
  await addCarrier('only', {});
  const { fleet } = await start({
    only: (message) =>
      message.msisdn.endsWith('7')
        ? { status: 'failed', reason: 'The network has no way to this number.' }
        : takeMessage(message),
  });
  await createQueued(['27835550107', '27835550108', '27835550109']);
  const read = async () => {
    const { rows } = await db.pool.query<{ worker: string; errors: { reason: string; count: number }[] }>(
      'select worker, errors from carrier_worker',
    );
    return rows;
  };
  await waitUntil('the error is written down', async () => (await read())[0]?.errors.length === 1);
  expect(await read()).toMatchObject([
    { worker: 'worker-0', errors: [{ reason: 'The network has no way to this number.', count: 1 }] },
  ]);
  fleets.splice(0);
  await fleet.stop();
  // A minute may have ended meanwhile.
  const { rows } = await db.pool.query(
    `select carrier, sum(sent)::int as sent, sum(failed)::int as failed, sum(retried)::int as retried,
       sum(doubted)::int as doubted
     from carrier_minute group by carrier`,
  );
  expect(rows).toEqual([{ carrier: 'only', sent: 2, failed: 1, retried: 0, doubted: 0 }]);
  expect(await read()).toEqual([]);
});
