import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockedReason } from '@/lib/opt-outs/gate';
import {
  createAccount,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, findAccountsWithDueMessages, recordHandover } from './claim';
import { acceptMessages } from './commands';
import { doubtReason, lawfulHoursReason } from './labels';
import { readCalendar } from './lawful-hours';
import { cancelScheduled, changeScheduled, listScheduledBatches } from './scheduled';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

// Of a year that the clock of no machine has reached: what waits until then is not due again by itself.
const at = (local: string) => new Date(`${local}+02:00`);
const saturdayEvening = at('2099-08-08T19:59:00');
/** The Monday after it is a public holiday. */
const tuesday = at('2099-08-11T08:00:00');
const noon = at('2099-08-11T12:00:00');
const night = at('2099-08-11T20:30:00');
const wednesday = at('2099-08-12T08:00:00');

const claim = (account: TestAccount, now: Date, limit = 100) =>
  claimBatch(db.pool, account.id, { limit, leaseMs: 60_000, now });

const marketer = (options: { credits?: number } = {}) =>
  createAccount(db.pool, { ...options, defaultPurpose: 'MARKETING' });

async function listStored(account: TestAccount) {
  const { rows } = await db.pool.query<{
    msisdn: string;
    status: string;
    reason: string | null;
    attempts: number;
    cost: number;
    next_attempt_at: Date | null;
    scheduled_at: Date | null;
    was_doubted: boolean;
  }>(
    `select msisdn, status, reason, attempts, cost, next_attempt_at, scheduled_at, doubted_at is not null as was_doubted
     from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

/** The next Thursday with a Friday after it on which marketing may leave: "2026-12-03". */
function nextThursday(): string {
  const dayMs = 86_400_000;
  // Noon, when the day is the same in UTC and in South Africa.
  let thursday = new Date().setUTCHours(12, 0, 0, 0) + dayMs;
  const isOne = () =>
    new Date(thursday).getUTCDay() === 4 &&
    [0, 1].every((days) => readCalendar(new Date(thursday + days * dayMs)).day === 'WEEKDAY');
  while (!isOne()) thursday += dayMs;
  return new Date(thursday).toISOString().slice(0, 10);
}

/** As if the time it waits for, or its lease, had come. */
async function makeDue(account: TestAccount): Promise<void> {
  await db.pool.query(
    'update message set next_attempt_at = now() where account_id = $1 and next_attempt_at is not null',
    [account.id],
  );
}

/** Of that kind or purpose, beside what the account sends. */
async function queueOther(
  account: TestAccount,
  values: string,
  episodeId: string | null = null,
): Promise<string> {
  const msisdn = nextMsisdn();
  await db.pool.query(
    `insert into message (account_id, kind, purpose, msisdn, sender_number, text, segments, cost, status, priority,
       next_attempt_at, episode_id)
     select $1, ${values}, $2, $3, 'hello', 1, 0, 'QUEUED', 1, now(), $4`,
    [account.id, msisdn, account.senderNumber, episodeId],
  );
  return msisdn;
}

describe('marketing that is due at another hour', () => {
  test('waits for the next lawful minute, paid for, and everything else leaves', async () => {
    const account = await marketer({ credits: 10 });
    const [first, second] = [nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, account, [first, second]);
    const others = [
      await queueOther(account, `'NORMAL', 'SERVICE'`),
      // sent before there were purposes
      await queueOther(account, `'NORMAL', null`),
      await queueOther(account, `'CONFIRMATION', null`),
      await queueOther(account, `'SERVICE', null`),
    ];
    await queueOther(account, `'CONSENT', null`);
    const { messages, taken } = await claim(account, saturdayEvening);
    expect(messages.map(({ msisdn }) => msisdn).sort()).toEqual(others.sort());
    expect(taken).toBe(6);
    const waiting = { status: 'QUEUED', reason: lawfulHoursReason, attempts: 0, cost: 1 };
    expect((await listStored(account)).slice(0, 2)).toMatchObject([
      { ...waiting, msisdn: first, next_attempt_at: tuesday, scheduled_at: tuesday },
      { ...waiting, msisdn: second, next_attempt_at: tuesday, scheduled_at: tuesday },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
    // and is not looked at again until then
    expect(await claim(account, saturdayEvening)).toEqual({ messages: [], taken: 0 });
    expect(await findAccountsWithDueMessages(db.pool, saturdayEvening)).not.toContain(account.id);

    await makeDue(account);
    const { messages: sent } = await claim(account, tuesday);
    expect(sent.map(({ msisdn }) => msisdn)).toContain(first);
    expect((await listStored(account))[0]).toMatchObject({ status: 'SENDING', reason: null, attempts: 1 });
  });

  test('stands among what is scheduled, and can be cancelled or changed there', async () => {
    const account = await marketer({ credits: 10 });
    const cancelled = await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
    const changed = await queueMessages(db.pool, account, [nextMsisdn()]);
    await claim(account, saturdayEvening);
    const waits = { scheduledAt: tuesday.toISOString(), waitsForHours: true };
    expect(await listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg')).toMatchObject([
      { batchId: cancelled, messages: 2, ...waits, date: '2099-08-11', time: '08:00' },
      { batchId: changed, messages: 1, ...waits },
    ]);
    await cancelScheduled(db.pool, account.scope, { batchId: cancelled });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
    await changeScheduled(db.pool, account.scope, { batchId: changed, sendAt: noon });
    expect(await listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg')).toMatchObject([
      { batchId: changed, scheduledAt: noon.toISOString(), waitsForHours: false },
    ]);
    expect((await listStored(account)).map(({ status, reason }) => [status, reason])).toEqual([
      ['CANCELLED', null],
      ['CANCELLED', null],
      ['QUEUED', null],
    ]);
  });

  test('of a batch that the evening cut short waits what is left, and how much leaves when is listed', async () => {
    const account = await marketer();
    const batchId = await queueMessages(db.pool, account, [
      nextMsisdn(),
      nextMsisdn(),
      nextMsisdn(),
      '447400123456',
    ]);
    const { messages } = await claim(account, at('2099-08-11T19:59:00'), 1);
    expect(messages).toHaveLength(1);
    // half past eight here, half past seven in London
    expect((await claim(account, night)).messages.map(({ msisdn }) => msisdn)).toEqual(['447400123456']);
    expect(await listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg')).toMatchObject([
      { batchId, messages: 2, leaving: [{ at: wednesday.toISOString(), messages: 2 }] },
    ]);
  });

  test('each waits for the morning of its own recipient', async () => {
    const account = await marketer();
    const batchId = await queueMessages(db.pool, account, [nextMsisdn(), '447400123456', '85251234567']);
    await claim(account, at('2099-08-12T02:00:00'));
    expect(await listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg')).toMatchObject([
      {
        batchId,
        messages: 2,
        scheduledAt: wednesday.toISOString(),
        leaving: [
          { at: wednesday.toISOString(), messages: 1 },
          { at: at('2099-08-12T09:00:00').toISOString(), messages: 1 },
        ],
      },
    ]);
    expect((await listStored(account)).map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED', 'SENDING']);
  });
});

test('what is scheduled for another hour says when it leaves, and so does what is changed', async () => {
  const account = await marketer();
  const send = (purpose: 'MARKETING' | 'SERVICE', sendAt: Date) =>
    acceptMessages(db.pool, account.scope, {
      recipients: [nextMsisdn(), '447400123456'],
      text: 'Our spring sale',
      idempotencyKey: randomUUID(),
      purpose,
      sendAt,
    });
  const evening = at(`${nextThursday()}T20:30:00`);
  const friday = new Date(evening.getTime() + 11.5 * 3_600_000);
  await send('SERVICE', evening);
  await send('MARKETING', evening);
  const list = () => listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg');
  const unchanged = { at: evening.toISOString(), messages: 2 };
  const london = { at: evening.toISOString(), messages: 1 };
  expect(await list()).toMatchObject([
    { purpose: 'SERVICE', waitsForHours: false, leaving: [unchanged] },
    {
      purpose: 'MARKETING',
      waitsForHours: true,
      leaving: [london, { at: friday.toISOString(), messages: 1 }],
    },
  ]);
  const batchId = (await list())[1]?.batchId as string;
  const noonOfFriday = new Date(friday.getTime() + 4 * 3_600_000);
  await changeScheduled(db.pool, account.scope, { batchId, sendAt: noonOfFriday });
  expect((await list())[1]).toMatchObject({
    waitsForHours: false,
    leaving: [{ at: noonOfFriday.toISOString() }],
  });
  await changeScheduled(db.pool, account.scope, { batchId, sendAt: evening });
  expect((await list())[1]).toMatchObject({ waitsForHours: true });
});

test('a day proclaimed a holiday counts though it was proclaimed after the message was scheduled', async () => {
  const account = await marketer();
  await queueMessages(db.pool, account, [nextMsisdn()]);
  await claim(account, saturdayEvening);
  await makeDue(account);
  await db.pool.query(`update platform_setting set extra_holidays = '{2099-08-11}'`);
  expect(await claim(account, noon)).toEqual({ messages: [], taken: 1 });
  expect((await listStored(account))[0]).toMatchObject({
    next_attempt_at: wednesday,
    reason: lawfulHoursReason,
  });
  await db.pool.query(`update platform_setting set extra_holidays = '{}'`);
  await makeDue(account);
  expect((await claim(account, noon)).messages).toHaveLength(1);
});

test('who opts out while a message waits does not get it, and it is given back', async () => {
  const account = await marketer({ credits: 1 });
  const msisdn = nextMsisdn();
  await queueMessages(db.pool, account, [msisdn]);
  await claim(account, night);
  await createManualOptOut(db.pool, account, msisdn);
  await makeDue(account);
  // the gate goes before the hours
  expect((await claim(account, night)).messages).toEqual([]);
  expect((await listStored(account))[0]).toMatchObject({ status: 'BLOCKED', reason: blockedReason, cost: 0 });
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
});

describe('what was tried once', () => {
  test('and is to be tried again waits as well, and is no longer among what is scheduled', async () => {
    const account = await marketer();
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claim(account, noon);
    const busy = { status: 'retry', reason: 'The network was busy.', retryDelayMs: 0 } as const;
    await recordHandover(db.pool, messages, [busy]);
    expect((await claim(account, night)).messages).toEqual([]);
    expect((await listStored(account))[0]).toMatchObject({
      status: 'QUEUED',
      attempts: 1,
      next_attempt_at: wednesday,
      scheduled_at: null,
      reason: lawfulHoursReason,
    });
    expect(await listScheduledBatches(db.pool, account.scope, 'UTC')).toEqual([]);
  });

  test('and lost by its process stays in doubt until it may be sent again', async () => {
    const account = await marketer();
    await queueMessages(db.pool, account, [nextMsisdn()]);
    await claim(account, noon);
    await makeDue(account);
    expect((await claim(account, night)).messages).toEqual([]);
    expect((await listStored(account))[0]).toMatchObject({
      status: 'IN_DOUBT',
      was_doubted: true,
      next_attempt_at: wednesday,
      reason: doubtReason,
    });
    await makeDue(account);
    expect((await claim(account, wednesday)).messages).toMatchObject([{ attempt: 2 }]);
  });
});
