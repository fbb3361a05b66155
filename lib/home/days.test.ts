import type { Pool, QueryConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { closeDays, closeRemainingDays, countDays, listDays, readClosedDays, readDays } from './days';
import { fewestForRate } from './schema';
import { countCausedOptOuts, listTextRates } from './text-rates';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const johannesburg = 'Africa/Johannesburg';
/** Noon of 23 November in Johannesburg. */
const now = new Date('2026-11-23T10:00:00Z');

interface Sent {
  at: string;
  text?: string;
  status?: string;
  kind?: string;
  cost?: number;
  times?: number;
}

/** Messages as they stand in the table; answers with their ids. */
async function insertMessages(account: TestAccount, sent: Sent): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, kind, created_at)
     select $1, $2, '27600000000', $3, 1, $4, $5::message_status, $6::message_kind, $7::timestamptz
     from generate_series(1, $8) returning id`,
    [
      account.id,
      nextMsisdn(),
      sent.text ?? 'Our spring sale begins',
      sent.cost ?? 1,
      sent.status ?? 'DELIVERED',
      sent.kind ?? 'NORMAL',
      sent.at,
      sent.times ?? 1,
    ],
  );
  return rows.map(({ id }) => id);
}

async function insertReply(account: TestAccount, at: string): Promise<void> {
  await db.pool.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     values ($1, $2, '27600000000', 'hello', 'NONE', 'simulator', $2, $3)`,
    [account.id, nextMsisdn(), at],
  );
}

async function insertOptOut(account: TestAccount, at: string, evidence: object): Promise<void> {
  await db.pool.query(
    `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
     values ($1, $2, 1, 'OPTED_OUT', 'recipient', $3, $4)`,
    [account.id, nextMsisdn(), JSON.stringify(evidence), at],
  );
}

/** What a page shows in the end: days that it did not wait for are counted after it. */
async function readAllDays(
  { scope }: TestAccount,
  timeZone: string,
  count: number,
): ReturnType<typeof readDays> {
  for (;;) {
    const read = await readDays(db.pool, scope, timeZone, count, { now });
    if (read.uncounted.length === 0) return read;
    await closeRemainingDays(db.pool, scope, timeZone, read.uncounted);
  }
}

describe('the calendar', () => {
  test('is the account’s own: late in the evening here it is tomorrow there', () => {
    const late = new Date('2026-11-23T23:30:00Z');
    expect(listDays(3, 'UTC', late)).toEqual(['2026-11-21', '2026-11-22', '2026-11-23']);
    expect(listDays(1, johannesburg, late)).toEqual(['2026-11-24']);
    expect(listDays(1, 'America/Anchorage', late)).toEqual(['2026-11-23']);
  });

  test('goes on over the end of a year and a leap day', () => {
    expect(listDays(2, 'UTC', new Date('2027-01-01T00:00:00Z'))).toEqual(['2026-12-31', '2027-01-01']);
    expect(listDays(2, 'UTC', new Date('2028-03-01T12:00:00Z'))).toEqual(['2028-02-29', '2028-03-01']);
  });
});

test('a day is counted from midnight to midnight of the time zone, its own messages only', async () => {
  const account = await createAccount(db.pool);
  const other = await createAccount(db.pool);
  const midnight = '2026-11-20T22:00:00Z';
  await insertMessages(account, { at: '2026-11-20T21:59:59.999Z' });
  await insertMessages(account, { at: midnight });
  await insertMessages(account, { at: midnight, status: 'BLOCKED', cost: 0 });
  await insertMessages(account, { at: midnight, status: 'FAILED', cost: 2 });
  await insertMessages(account, { at: midnight, status: 'QUEUED', cost: 3 });
  await insertMessages(account, { at: midnight, kind: 'CONFIRMATION', cost: 0 });
  await insertMessages(other, { at: midnight });
  await insertReply(account, midnight);
  await insertReply(account, '2026-11-21T22:00:00Z');
  await insertOptOut(account, midnight, { replyId: '1' });
  await insertOptOut(account, midnight, {});
  await insertOptOut(other, midnight, { replyId: '1' });

  const counted = await countDays(db.pool, account.scope, johannesburg, ['2026-11-20', '2026-11-21']);
  expect(counted).toMatchObject([
    {
      day: '2026-11-20',
      messages: 1,
      delivered: 1,
      blocked: 0,
      failed: 0,
      credits: 1,
      replies: 0,
      optOuts: 0,
    },
    {
      day: '2026-11-21',
      messages: 4,
      delivered: 1,
      blocked: 1,
      failed: 1,
      credits: 6,
      replies: 1,
      optOuts: 1,
    },
  ]);
  const elsewhere = await countDays(db.pool, account.scope, 'UTC', ['2026-11-20', '2026-11-21']);
  expect(elsewhere.map(({ messages }) => messages)).toEqual([5, 0]);
});

test('a day of the time change has 23 hours, and the next begins after it', async () => {
  const account = await createAccount(db.pool);
  // Berlin leaves winter time on 29 March 2026.
  await insertMessages(account, { at: '2026-03-29T21:59:59Z' });
  await insertMessages(account, { at: '2026-03-29T22:00:00Z' });
  const counted = await countDays(db.pool, account.scope, 'Europe/Berlin', ['2026-03-29', '2026-03-30']);
  expect(counted.map(({ messages }) => messages)).toEqual([1, 1]);
});

describe('days that can no longer change', () => {
  test('are counted once and kept; the latest are counted each time', async () => {
    const account = await createAccount(db.pool);
    await insertMessages(account, { at: '2026-11-20T10:00:00Z' });
    await insertMessages(account, { at: '2026-11-21T10:00:00Z' });
    const read = async () => {
      const { days } = await readAllDays(account, johannesburg, 7);
      return days.map(({ day, messages }) => [day.slice(-2), messages]);
    };
    const first = [
      ['17', 0],
      ['18', 0],
      ['19', 0],
      ['20', 1],
      ['21', 1],
      ['22', 0],
      ['23', 0],
    ];
    expect(await read()).toEqual(first);

    // The 20th is closed: what is written into it now is no more looked at. The 21st is not.
    await insertMessages(account, { at: '2026-11-20T11:00:00Z' });
    await insertMessages(account, { at: '2026-11-21T11:00:00Z' });
    expect(await read()).toEqual(first.map(([day, count]) => (day === '21' ? [day, 2] : [day, count])));
  });

  test('are counted anew when the calendar moves to another time zone', async () => {
    const account = await createAccount(db.pool);
    await insertMessages(account, { at: '2026-11-15T22:30:00Z' });
    const read = async (timeZone: string) => {
      const { days } = await readAllDays(account, timeZone, 30);
      return days.find(({ messages }) => messages > 0)?.day;
    };
    expect(await read(johannesburg)).toBe('2026-11-16');
    expect(await read('UTC')).toBe('2026-11-15');
    expect(await read('UTC')).toBe('2026-11-15');
    const { rows } = await db.pool.query(
      `select distinct time_zone, count(*)::int as days from account_day where account_id = $1 group by 1`,
      [account.id],
    );
    expect(rows).toEqual([{ time_zone: 'UTC', days: 27 }]);
  });

  test('are filled by any number of readers at once, each day once', async () => {
    const account = await createAccount(db.pool);
    await insertMessages(account, { at: '2026-10-01T10:00:00Z', times: 5 });
    const readers = await Promise.all(
      Array.from({ length: 6 }, () => readAllDays(account, johannesburg, 90)),
    );
    for (const { days } of readers) {
      expect(days).toHaveLength(90);
      expect(days.reduce((sum, { messages }) => sum + messages, 0)).toBe(5);
    }
  });

  test('that take long are left, the oldest last, and counted after the page', async () => {
    const account = await createAccount(db.pool);
    const days = listDays(10, johannesburg, new Date('2026-11-20T10:00:00Z'));
    const left = await closeDays(db.pool, account.scope, johannesburg, days, -1);
    expect(left).toEqual(days.slice(0, -1));
    expect(await readClosedDays(db.pool, account.scope, johannesburg, days)).toHaveLength(1);
    await closeRemainingDays(db.pool, account.scope, johannesburg, left);
    expect(await readClosedDays(db.pool, account.scope, johannesburg, days)).toHaveLength(10);
  });

  test('of another account stay its own', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    await insertMessages(account, { at: '2026-11-01T10:00:00Z' });
    const sum = async (reader: TestAccount) => {
      const { days } = await readAllDays(reader, johannesburg, 30);
      expect(days).toHaveLength(30);
      return days.reduce((total, { messages }) => total + messages, 0);
    };
    expect(await sum(account)).toBe(1);
    expect(await sum(other)).toBe(0);
    expect(await sum(account)).toBe(1);
  });
});

describe('how each text was taken', () => {
  test('is the share of its messages that led to an opt-out, the worst first', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const sale = await insertMessages(account, { at: '2026-11-10T10:00:00Z', text: 'Sale!', times: 15 });
    await insertMessages(account, { at: '2026-11-11T10:00:00Z', text: 'Sale!', times: 5, status: 'FAILED' });
    await insertMessages(account, { at: '2026-11-22T10:00:00Z', text: 'Sale!', times: 5 });
    const news = await insertMessages(account, { at: '2026-11-12T10:00:00Z', text: 'News', times: 10 });
    const rare = await insertMessages(account, {
      at: '2026-11-12T10:00:00Z',
      text: 'Rare',
      times: fewestForRate - 1,
    });
    const old = await insertMessages(account, { at: '2026-10-12T10:00:00Z', text: 'News', times: 10 });
    await insertMessages(account, { at: '2026-11-12T10:00:00Z', text: 'Welcome', times: 20 });
    for (const messageId of [sale[0], sale[1], news[0], news[1], rare[0], old[0], null]) {
      await insertOptOut(account, '2026-11-20T10:00:00Z', { replyId: '1', messageId });
    }

    const list = async (reader: TestAccount) => {
      const { days } = await readAllDays(reader, johannesburg, 30);
      return listTextRates(db.pool, reader.scope, johannesburg, days);
    };
    const expected = [
      { text: 'News', messages: 10, delivered: 10, optOuts: 2 },
      { text: 'Sale!', messages: 25, delivered: 20, optOuts: 2 },
    ];
    expect(await list(account)).toEqual(expected);
    expect(await list(other)).toEqual([]);
    expect(await list(account)).toEqual(expected);
  });
});

test('an opt-out counts for the day of the message that it answers, within the days asked for', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const [early] = await insertMessages(account, { at: '2026-11-09T21:59:59Z' });
  const [late] = await insertMessages(account, { at: '2026-11-09T22:00:00Z' });
  const [before] = await insertMessages(account, { at: '2026-10-31T21:59:59Z' });
  for (const messageId of [early, late, late, before, null]) {
    await insertOptOut(account, '2026-11-20T10:00:00Z', { replyId: '1', messageId });
  }
  const count = ({ scope }: TestAccount) =>
    countCausedOptOuts(db.pool, scope, johannesburg, '2026-11-01', '2026-11-30');
  expect(Object.fromEntries(await count(account))).toEqual({ '2026-11-09': 1, '2026-11-10': 2 });
  expect(await count(other)).toEqual(new Map());
});

describe('among many', () => {
  let account: TestAccount;

  beforeAll(async () => {
    account = await createAccount(db.pool);
    await db.pool.query(
      `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at)
       select $1, '2783' || lpad(serial::text, 7, '0'), '27600000000', 'Our spring sale begins', 1, 1, 'DELIVERED',
         $2::timestamptz - serial * interval '5 minutes'
       from generate_series(1, 20000) as serial`,
      [account.id, now],
    );
    await db.pool.query(
      `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
       select $1, '2783' || lpad(serial::text, 7, '0'), '27600000000', 'hello', 'NONE', 'simulator', serial,
         $2::timestamptz - serial * interval '20 minutes'
       from generate_series(1, 5000) as serial`,
      [account.id, now],
    );
    // An import, and few replies.
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       select $1, '2783' || lpad(serial::text, 7, '0'), serial, 'OPTED_OUT', 'recipient',
         case when serial % 100 = 0 then '{"replyId": 1, "messageId": "1"}'::jsonb else '{"file": "numbers.csv"}' end,
         $2::timestamptz - serial * interval '5 minutes'
       from generate_series(1, 10000) as serial`,
      [account.id, now],
    );
    await db.owner.query('analyze message, reply, opt_out_event');
  });

  /** The plan of the one query that this asks. */
  async function explain(ask: (pool: Pool) => Promise<unknown>): Promise<string> {
    const asked: QueryConfig[] = [];
    const listener = { query: async (query: QueryConfig) => (asked.push(query), { rows: [] }) };
    await ask(listener as unknown as Pool);
    expect(asked).toHaveLength(1);
    const { text, values } = asked[0] as QueryConfig;
    const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  test('a day is read by its own range of each index', async () => {
    const plan = await explain((pool) => countDays(pool, account.scope, johannesburg, ['2026-11-20']));
    expect(plan).toContain('message_account_id_created_at_id_idx');
    expect(plan).toContain('reply_account_id_received_at_id_idx');
    expect(plan).toContain('opt_out_event_reply_idx');
    expect(plan).not.toMatch(/Seq Scan/);
  });

  test('texts are looked up for the few that opted out', async () => {
    const { days } = await readDays(db.pool, account.scope, johannesburg, 30, { now });
    const plan = await explain((pool) => listTextRates(pool, account.scope, johannesburg, days));
    expect(plan).toContain('opt_out_event_reply_idx');
    expect(plan).toContain('message_pkey');
    expect(plan).not.toMatch(/Seq Scan/);
  });

  test('and so are the days of the messages', async () => {
    const plan = await explain((pool) =>
      countCausedOptOuts(pool, account.scope, johannesburg, '2026-10-25', '2026-11-23'),
    );
    expect(plan).toContain('opt_out_event_reply_idx');
    expect(plan).toContain('message_pkey');
    expect(plan).not.toMatch(/Seq Scan/);
  });
});
