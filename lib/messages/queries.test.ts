import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import { blockedReason } from '@/lib/opt-outs/gate';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { MemoryCarrier, takeMessage } from '@/testing/memory-carrier';
import { Dispatcher } from './dispatcher';
import { purposeLabels, statusLabels } from './labels';
import { messageList } from './list';
import { readCredits } from '@/lib/credits/queries';
import { composeListFile } from '@/testing/list-file';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';

test('the table and the file agree: queued, sent, refused, blocked, and the confirmation', async () => {
  const account = await createAccount(db.pool, { credits: 100 });
  const [sent, refused, stopped, queued] = [nextMsisdn(), nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [sent, refused], '=1+1');
  const carrier = new MemoryCarrier((message) =>
    message.msisdn === refused ? { status: 'failed', reason: '-refused-' } : takeMessage(message),
  );
  await receiveReplies(db.pool, [
    composeReply({ from: stopped, to: account.senderNumber as string, text: 'Stop' }),
  ]);
  await new Dispatcher(db.pool, carrier).dispatchBatch(account.id);
  await queueMessages(db.pool, account, [stopped, queued], 'é'.repeat(200));

  const { filter } = messageList.readFilter({});
  const { rows } = await readList(db.pool, messageList, account.scope, filter, null, timeZone);
  expect(rows.map((row) => [row.msisdn, row.kind, row.status, row.segments, row.cost, row.reason])).toEqual([
    [queued, 'NORMAL', 'QUEUED', 2, 2, null],
    [stopped, 'NORMAL', 'BLOCKED', 2, 0, blockedReason],
    [stopped, 'CONFIRMATION', 'SENT', 1, 0, null],
    [refused, 'NORMAL', 'FAILED', 1, 0, '-refused-'],
    [sent, 'NORMAL', 'SENT', 1, 1, null],
  ]);
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const format = (at: string | null) => (at === null ? null : local.format(new Date(at)));
  const file = await db.pool.query<object>(
    composeCsvSelect(composeListFile(messageList, account.scope, filter, timeZone, null)),
  );
  expect(file.rows).toEqual(
    rows.map((row) => ({
      Number: row.msisdn,
      'Sender number': row.senderNumber,
      Message: row.text.replace(/^=/, "'="),
      Purpose: row.purpose && purposeLabels[row.purpose],
      Segments: row.segments,
      Credits: row.cost,
      Status: statusLabels[row.status],
      Reason: row.reason?.replace(/^-/, "'-") ?? null,
      Queued: format(row.createdAt),
      'Scheduled for': null,
      Sent: format(row.sentAt),
      Finished: format(row.finishedAt),
    })),
  );
  expect(await readCredits(db.pool, account.scope)).toBe(97);
});

test('by any statuses, with a search and without, few or many: the table and the file agree', async () => {
  const account = await createAccount(db.pool);
  // 11,000 delivered ones, and behind them thirty of each status, of which some are blocked or failed for odd
  // reasons
  await db.pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, reason, next_attempt_at, attempts, created_at, scheduled_at, doubted_at)
     select $1, '2782' || lpad(n::text, 7, '0'), '27600100200', case when n % 5 = 0 then 'Winter tyres' else 'Coffee' end, 1, 0, status,
       case when status = 'BLOCKED' and n % 11 > 0 then $2 when status in ('BLOCKED', 'FAILED', 'NO_RECEIPT') then 'Odd' when status = 'QUEUED' then 'Busy' end,
       case when status in ('QUEUED', 'SENDING') then now() end, 1, '2026-11-22 10:00+02'::timestamptz + n * interval '1 second',
       case when status = 'CANCELLED' then now() end, case when status = 'IN_DOUBT' then now() end
     from generate_series(1, 11270) as n, lateral (
       select case when n > 270 then 'DELIVERED'
         else (array['QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'BLOCKED', 'CANCELLED', 'IN_DOUBT', 'NO_RECEIPT'])[1 + n % 9] end::message_status as status
     ) as made`,
    [account.id, blockedReason],
  );
  const all = Object.keys(statusLabels);
  // none, each, each two; and all but those
  const subsets = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.filter((_, index) => bits & (1 << index)),
  ).filter(({ length }) => length <= 2 || length >= all.length - 2);
  expect(subsets).toHaveLength(1 + 9 + 36 + 36 + 9 + 1);
  for (const statuses of subsets) {
    // npm run soak -- --only properties searches among each two as well.
    const isOfTwo = statuses.length === 2 || statuses.length === all.length - 2;
    for (const q of isOfTwo && !isLong ? ['tyres'] : ['', 'tyres', '0820000']) {
      const { filter } = messageList.readFilter({ q, status: statuses.join(',') });
      const page = await readList(db.pool, messageList, account.scope, filter, null, timeZone);
      const file = await db.pool.query<object>(
        composeCsvSelect(composeListFile(messageList, account.scope, filter, timeZone, ['number', 'status'])),
      );
      expect(page.rows.length).toBeGreaterThan(5);
      expect(page.rows.map((row) => ({ Number: row.msisdn, Status: statusLabels[row.status] }))).toEqual(
        file.rows.slice(0, 50),
      );
    }
  }
});

test('by a purpose, with statuses and without, few or many: the table and the file agree', async () => {
  const account = await createAccount(db.pool);
  // 11,000 of one purpose, and behind them a few of the other, and of none
  await db.pool.query(
    `insert into message (account_id, purpose, msisdn, sender_number, text, segments, cost, status, next_attempt_at, created_at)
     select $1, case when n > 60 then 'MARKETING' when n % 3 = 0 then 'SERVICE' when n % 3 = 1 then 'MARKETING' end::message_purpose,
       '2782' || lpad(n::text, 7, '0'), '27600100200', case when n % 5 = 0 then 'Winter tyres' else 'Coffee' end, 1, 0,
       case when n > 60 then 'DELIVERED' when n % 2 = 0 then 'SENT' else 'QUEUED' end::message_status,
       case when n <= 60 and n % 2 = 1 then now() end, '2026-11-22 10:00+02'::timestamptz + n * interval '1 second'
     from generate_series(1, 11060) as n`,
    [account.id],
  );
  const read = async (params: Record<string, string>) => {
    const { filter } = messageList.readFilter(params);
    const page = await readList(db.pool, messageList, account.scope, filter, null, timeZone);
    const file = await db.pool.query<{ Number: string; Purpose: string }>(
      composeCsvSelect(composeListFile(messageList, account.scope, filter, timeZone, ['number', 'purpose'])),
    );
    expect(page.rows.map(({ msisdn, purpose }) => [msisdn, purpose && purposeLabels[purpose]])).toEqual(
      file.rows.slice(0, 50).map((row) => [row.Number, row.Purpose]),
    );
    return file.rows.length;
  };
  expect(await read({ purpose: 'MARKETING' })).toBe(11_020);
  expect(await read({ purpose: 'SERVICE' })).toBe(20);
  // Each of the two has an index of its own, which finds other rows than both together.
  expect(await read({ purpose: 'SERVICE', status: 'SENT' })).toBe(10);
  expect(await read({ purpose: 'SERVICE', status: 'QUEUED' })).toBe(10);
  expect(await read({ purpose: 'SERVICE', status: 'SENT,QUEUED' })).toBe(20);
  expect(await read({ purpose: 'SERVICE', status: 'DELIVERED' })).toBe(0);
  expect(await read({ purpose: 'SERVICE', q: 'tyres' })).toBe(4);
  expect(await read({ purpose: 'MARKETING', status: 'SENT', q: 'tyres' })).toBe(2);
});

test('of one batch: its own messages, whatever else has its text on its day, and in the file too', async () => {
  const account = await createAccount(db.pool);
  const stranger = await createAccount(db.pool);
  const recipients = [nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [nextMsisdn()], 'The tulips are in.');
  const batch = await queueMessages(db.pool, account, recipients, 'The tulips are in.');
  await queueMessages(db.pool, account, [nextMsisdn()], 'The tulips are in.');
  const read = async (scope: TestAccount['scope'], params: Record<string, string>) => {
    const { filter, ignored } = messageList.readFilter(params);
    const { rows } = await readList(db.pool, messageList, scope, filter, null, timeZone);
    return [rows.map(({ msisdn }) => msisdn).sort(), ignored];
  };
  expect(await read(account.scope, { batch })).toEqual([recipients, []]);
  expect(await read(account.scope, { batch, status: 'QUEUED', q: 'tulips' })).toEqual([recipients, []]);
  expect(await read(account.scope, { batch, status: 'DELIVERED' })).toEqual([[], []]);
  expect(await read(stranger.scope, { batch })).toEqual([[], []]);
  expect((await read(account.scope, { batch: '1 or true' }))[1]).toEqual(['batch']);
  const file = await db.pool.query<{ Number: string }>(
    composeCsvSelect(messageList.prepareFile({ batch, columns: 'number' }, account.scope, timeZone)),
  );
  expect(file.rows.map((row) => row.Number).sort()).toEqual(recipients);
});

test('an account without a balance has no credits', async () => {
  expect(await readCredits(db.pool, (await createAccount(db.pool, { credits: null })).scope)).toBe(0);
});

test('credits beyond 32 bits are read exactly', async () => {
  const { scope } = await createAccount(db.pool, { credits: 9_000_000_000_000 });
  expect(await readCredits(db.pool, scope)).toBe(9_000_000_000_000);
});
