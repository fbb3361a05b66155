import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { overCapReason, registryReason } from '@/lib/opt-outs/gate';
import { createAccount, createUser, nextMsisdn, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import type { MonthOfAccount } from './schema';
import { readMonth, readMonthOfAccount, readMonthOfAll } from './month-queries';
import { countAbove, listWeeks, readWeeks } from './weeks';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const johannesburg = 'Africa/Johannesburg';
/** Noon of 23 November in Johannesburg, a Monday. */
const now = new Date('2026-11-23T10:00:00Z');

interface Sent {
  at: string;
  msisdn?: string;
  purpose?: 'MARKETING' | 'SERVICE' | null;
  status?: string;
  reason?: string | null;
  scheduledAt?: string | null;
  times?: number;
}

async function insert(account: TestAccount, sent: Sent): Promise<void> {
  await db.pool.query(
    `with batch as (
       insert into message_batch (account_id, idempotency_key, text) values ($1, gen_random_uuid()::text, 'Our spring sale') returning id
     )
     insert into message (account_id, batch_id, msisdn, sender_number, text, segments, cost, status, purpose, reason, scheduled_at, created_at)
     select $1, batch.id, $2, '27600000000', 'Our spring sale', 1, case when $3 in ('BLOCKED', 'CANCELLED') then 0 else 1 end, $3::message_status, $4::message_purpose, $5, $6::timestamptz, $7::timestamptz
     from batch, generate_series(1, $8)`,
    [
      account.id,
      sent.msisdn ?? nextMsisdn(),
      sent.status ?? 'DELIVERED',
      sent.purpose === undefined ? 'MARKETING' : sent.purpose,
      sent.reason ?? null,
      sent.scheduledAt ?? null,
      sent.at,
      sent.times ?? 1,
    ],
  );
}

/** As a page that waits until all days are counted, however slow the machine is. */
async function read(account: TestAccount, month = '2026-11'): Promise<MonthOfAccount> {
  for (;;) {
    const found = await readMonthOfAccount(db.pool, account.scope, johannesburg, month, now);
    if (found.uncounted.length === 0) return found;
  }
}

test('counts marketing of the month by what became of it, and neither service nor another month or account', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  // days that are closed, and one that can still change
  for (const day of ['2026-11-02', '2026-11-22']) {
    await insert(account, { at: `${day}T10:00:00Z`, times: 3 });
    await insert(account, { at: `${day}T10:00:00Z`, status: 'BLOCKED', reason: registryReason, times: 2 });
    await insert(account, { at: `${day}T10:00:00Z`, status: 'BLOCKED', reason: overCapReason });
    await insert(account, { at: `${day}T21:00:00Z`, scheduledAt: '2026-11-24T06:00:00Z' });
    await insert(account, {
      at: `${day}T10:00:00Z`,
      status: 'CANCELLED',
      scheduledAt: '2026-11-24T06:00:00Z',
    });
    await insert(account, { at: `${day}T10:00:00Z`, purpose: 'SERVICE', times: 5 });
    await insert(account, { at: `${day}T10:00:00Z`, purpose: null, times: 5 });
  }
  await insert(account, { at: '2026-10-31T21:59:59Z', times: 7 });
  await insert(other, { at: '2026-11-02T10:00:00Z', times: 11 });
  for (let again = 0; again < 2; again += 1) {
    expect((await read(account)).figures).toEqual({
      sent: 8,
      held: 2,
      optOuts: 0,
      blocked: [
        { reason: 'National opt-out registry', messages: 4 },
        { reason: 'Frequency cap of the account', messages: 2 },
      ],
    });
  }
  expect((await read(account, '2026-10')).figures).toMatchObject({ sent: 7, blocked: [] });
  expect((await read(account, '2026-09')).figures).toEqual({ sent: 0, held: 0, optOuts: 0, blocked: [] });
  expect((await read(other)).figures.sent).toBe(11);
});

test('a day that was counted before there were figures of marketing is counted anew', async () => {
  const account = await createAccount(db.pool);
  await insert(account, { at: '2026-11-10T10:00:00Z', times: 2 });
  await read(account);
  await db.pool.query('update account_day set marketing = null, messages = 0 where account_id = $1', [
    account.id,
  ]);
  expect((await read(account)).figures.sent).toBe(2);
});

test('numbers that got more than so many in a week, of closed weeks once and of open ones as they are', async () => {
  const account = await createAccount(db.pool);
  const [often, seldom] = [nextMsisdn(), nextMsisdn()];
  await insert(account, { at: '2026-11-04T10:00:00Z', msisdn: often, times: 4 });
  await insert(account, { at: '2026-11-04T10:00:00Z', msisdn: seldom, times: 3 });
  // the Sunday ends the week, by the account's calendar
  await insert(account, { at: '2026-11-08T21:59:59Z', msisdn: seldom });
  await insert(account, { at: '2026-11-08T22:00:00Z', msisdn: often });
  await insert(account, { at: '2026-11-04T10:00:00Z', msisdn: seldom, status: 'BLOCKED', times: 9 });
  await insert(account, { at: '2026-11-04T10:00:00Z', msisdn: seldom, purpose: 'SERVICE', times: 9 });
  const { often: weeks, most } = await read(account);
  expect(most).toBe(3);
  expect(weeks).toEqual([
    { week: '2026-10-26', numbers: 0 },
    { week: '2026-11-02', numbers: 2 },
    { week: '2026-11-09', numbers: 0 },
    { week: '2026-11-16', numbers: 0 },
    { week: '2026-11-23', numbers: 0 },
  ]);
  // what is closed is not counted again
  await insert(account, { at: '2026-11-04T10:00:00Z', times: 9, msisdn: nextMsisdn() });
  const ofWeeks = async (weeks: string[]) =>
    (await readWeeks(db.pool, account.scope, johannesburg, weeks, now)).map((week) => countAbove(week, 3));
  expect(await ofWeeks(['2026-11-02'])).toEqual([2]);
  await insert(account, { at: '2026-11-23T09:00:00Z', times: 9, msisdn: nextMsisdn() });
  expect(await ofWeeks(['2026-11-02', '2026-11-23'])).toEqual([2, 1]);
});

test('staff see every account that sent anything, the most first', async () => {
  const [large, small, silent] = [
    await createAccount(db.pool),
    await createAccount(db.pool),
    await createAccount(db.pool),
  ];
  await insert(large, { at: '2025-03-05T10:00:00Z', times: 5 });
  await insert(small, { at: '2025-03-05T10:00:00Z', times: 2 });
  await insert(small, { at: '2025-03-06T10:00:00Z', status: 'BLOCKED', reason: registryReason });
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  let found = await readMonthOfAll(db.pool, staff, '2025-03', now);
  while (found.left > 0) found = await readMonthOfAll(db.pool, staff, '2025-03', now);
  const { accounts } = found;
  expect(accounts.map(({ id, figures }) => [id, figures.sent, figures.blocked.length])).toEqual([
    [large.id, 5, 0],
    [small.id, 2, 1],
  ]);
  expect(accounts.some(({ id }) => id === silent.id)).toBe(false);
});

test('staff see which texts of which account made people opt out, the worst first', async () => {
  const [bad, worse] = [await createAccount(db.pool), await createAccount(db.pool)];
  const day = '2025-04-07T10:00:00Z';
  const answer = async (account: TestAccount, times: number) => {
    const { rows } = await db.pool.query<{ id: string; msisdn: string }>(
      'select id, msisdn from message where account_id = $1 limit $2',
      [account.id, times],
    );
    for (const { id, msisdn } of rows) {
      await db.pool.query(
        `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
         values ($1, $2, $3, 'OPTED_OUT', 'recipient', jsonb_build_object('replyId', $3::bigint, 'messageId', $3::bigint), $4)`,
        [account.id, msisdn, id, day],
      );
    }
  };
  await insert(bad, { at: day, times: 20 });
  await insert(worse, { at: day, times: 20 });
  await answer(bad, 1);
  await answer(worse, 3);
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  let found = await readMonthOfAll(db.pool, staff, '2025-04', now);
  while (found.left > 0) found = await readMonthOfAll(db.pool, staff, '2025-04', now);
  expect(found.textRates).toEqual([
    {
      text: 'Our spring sale',
      messages: 20,
      delivered: 20,
      optOuts: 3,
      accountId: worse.id,
      accountName: expect.any(String),
    },
    expect.objectContaining({ accountId: bad.id, optOuts: 1 }),
  ]);
});

test('the month of an address is one that has begun', () => {
  const ofAddress = (given: string | string[] | undefined) => readMonth(given, johannesburg, now);
  expect([undefined, 'November', '2026-13', '2027-01', ['2026-10'], '2026-10'].map(ofAddress)).toEqual([
    '2026-11',
    '2026-11',
    '2026-11',
    '2026-11',
    '2026-11',
    '2026-10',
  ]);
  expect(listWeeks(['2026-11-01', '2026-11-02', '2026-11-08'])).toEqual(['2026-10-26', '2026-11-02']);
});
