import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { acceptMessages } from './commands';
import { listScheduledBatches } from './scheduled';
import { readSendTime } from './send-time';

let db: TestDatabase;
let account: TestAccount;
const now = new Date('2026-12-01T10:00:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const read = (typed: { when: 'now' | 'lawful' | 'at'; date?: string; time?: string }, at = now) =>
  readSendTime(db.pool, account.scope, { date: '', time: '', ...typed }, at);
const readAt = (date: string, time: string) => read({ when: 'at', date, time });

test('now is at once, whatever stands in the other fields', async () => {
  expect(await read({ when: 'now', date: 'x', time: 'y' })).toEqual({ ok: true, sendAt: null });
});

test('a time is one of the account’s clocks', async () => {
  expect(await readAt('2026-12-24', '09:30')).toEqual({ ok: true, sendAt: new Date('2026-12-24T07:30:00Z') });
  await db.pool.query(`update account set time_zone = 'Europe/London' where id = $1`, [account.id]);
  expect(await readAt('2026-12-24', '09:30')).toEqual({ ok: true, sendAt: new Date('2026-12-24T09:30:00Z') });
  expect(await readAt('2027-03-28', '01:30')).toMatchObject({
    ok: false,
    fields: { time: 'The clocks in Europe/London go forward over 01:30 on that day. Choose another time.' },
  });
  await db.pool.query(`update account set time_zone = 'Africa/Johannesburg' where id = $1`, [account.id]);
});

test.each([
  ['', '09:30', 'date', 'Choose a day.'],
  ['2026-12-24', '', 'time', 'Choose a time.'],
  ['2026-12-24', 'noon', 'time', 'Choose a time.'],
  ['2026-02-30', '09:30', 'date', 'There is no such day. Choose another.'],
  ['2026-12-01', '11:49', 'time', 'This time has passed. Choose a later one.'],
  ['2028-01-01', '09:30', 'date', 'Choose a day at most 365 days ahead.'],
])('%s %s is refused at its field', async (date, time, field, message) => {
  expect(await readAt(date, time)).toEqual({ ok: false, message, fields: { [field]: message } });
});

test('one that passed just now is taken, since the answer to a press before it may have been lost', async () => {
  expect(await readAt('2026-12-01', '11:51')).toMatchObject({ ok: true });
});

test('the next lawful hour is at once within one, and else when it begins', async () => {
  // a Tuesday at noon; a Saturday evening, after which Monday comes; a day that was proclaimed a holiday
  expect(await read({ when: 'lawful' })).toEqual({ ok: true, sendAt: null });
  const evening = new Date('2026-12-05T18:00:00Z');
  const monday = new Date('2026-12-07T06:00:00Z');
  expect(await read({ when: 'lawful' }, evening)).toEqual({ ok: true, sendAt: monday });
  await db.pool.query(`update platform_setting set weekday_from = 540, extra_holidays = '{2026-12-07}'`);
  const tuesday = new Date('2026-12-08T07:00:00Z');
  expect(await read({ when: 'lawful' }, evening)).toEqual({ ok: true, sendAt: tuesday });
});

test('what is scheduled is listed by the press of Send, the next first, and for its account alone', async () => {
  const own = await createAccount(db.pool);
  const send = (count: number, sendAt: Date | null) =>
    acceptMessages(db.pool, own.scope, {
      recipients: Array.from({ length: count }, nextMsisdn),
      text: `To ${count}`,
      idempotencyKey: randomUUID(),
      sendAt,
    });
  const day = 86_400_000;
  const [soon, later] = [new Date(Date.now() + day), new Date(Date.now() + 2 * day)];
  expect(await send(1, later)).toMatchObject({ ok: true, sendAt: later.toISOString() });
  await send(2, soon);
  expect(await send(3, null)).toMatchObject({ ok: true, sendAt: null });
  const batches = await listScheduledBatches(db.pool, own.scope, 'UTC');
  expect(batches).toMatchObject([
    { text: 'To 2', messages: 2, credits: 2, scheduledAt: soon.toISOString(), createdBy: own.username },
    { text: 'To 1', messages: 1, credits: 1, scheduledAt: later.toISOString() },
  ]);
  expect(`${batches[0]?.date}T${batches[0]?.time}`).toBe(soon.toISOString().slice(0, 16));
  expect(await listScheduledBatches(db.pool, account.scope, 'UTC')).toEqual([]);
});
