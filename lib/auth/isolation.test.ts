import { afterAll, beforeAll, expect, test } from 'vitest';
import { activityList } from '@/lib/activity/list';
import { invite } from '@/lib/people/invitation-commands';
import { listInvitations, listMembers } from '@/lib/people/member-queries';
import { readDays } from '@/lib/home/days';
import { recordConsents } from '@/lib/consents/commands';
import { listConsents } from '@/lib/consents/queries';
import { readMonth, readMonthOfAccount } from '@/lib/home/month-queries';
import { listApiKeys } from '@/lib/api-keys/queries';
import { withTransaction } from '@/lib/db/client';
import type { ListPage } from '@/lib/lists/schema';
import { acceptMessages } from '@/lib/messages/commands';
import { listScheduledBatches, listScheduledMessages } from '@/lib/messages/scheduled';
import { createApiKey } from '@/testing/api-keys';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCsvSelect } from '@/lib/lists/csv';
import type { FileQuery } from '@/lib/lists/file-query';
import { readList } from '@/lib/lists/read-list';
import { messageList } from '@/lib/messages/list';
import { ledgerList } from '@/lib/credits/list';
import { readCredits } from '@/lib/credits/queries';
import { optOutList } from '@/lib/opt-outs/list';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { composeCleansingFile, listOwnAnswers } from '@/lib/registry/cleansing-queries';
import { storeEmptyAnswer } from '@/lib/registry/commands';
import { saveRegistration } from '@/lib/registry/marketer-commands';
import { listRegistrations } from '@/lib/registry/marketer-queries';
import { receiveReplies } from '@/lib/replies/commands';
import { replyList } from '@/lib/replies/list';
import { listRepliesToReview } from '@/lib/replies/review-queries';
import { readStory } from '@/lib/stories/queries';
import { assignUnownedReply } from '@/lib/unowned-replies/commands';
import {
  composeReply,
  createAccount,
  createUser,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { createStaff } from '@/testing/removals';
import type { AccountScope } from './scope';
import { composeListFile } from '@/testing/list-file';

let db: TestDatabase;
let owner: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  owner = await createAccount(db.pool, { credits: 1000 });
  stranger = await createAccount(db.pool, { credits: 0 });
  await acceptMessages(db.pool, owner.scope, {
    recipients: [nextMsisdn()],
    text: 'Later',
    idempotencyKey: 'later',
    purpose: 'MARKETING',
    sendAt: new Date(Date.now() + 86_400_000),
  });
  await createApiKey(db.pool, owner);
  await queueMessages(db.pool, owner, Array.from({ length: 60 }, nextMsisdn));
  await createUser(db.pool, { accountId: owner.id });
  await invite(db.pool, owner.scope, { email: 'guest@florist.example', role: 'VIEWER' }, { address: null });
  await recordConsents(db.pool, owner.scope, [nextMsisdn()], {
    givenAt: new Date('2026-11-01'),
    source: 'PAPER',
    wording: 'Yes',
    url: null,
    file: null,
  });
  await storeEmptyAnswer(db.pool, owner.scope, '2026-11-28', '2026-11-29');
  await withTransaction(db.pool, (client) =>
    saveRegistration(client, owner.scope, { number: 'DM 1', endsOn: '2027-07-31' }, new Date('2026-11-29')),
  );
  const to = owner.senderNumber as string;
  await receiveReplies(
    db.pool,
    Array.from({ length: 60 }, () => composeReply({ from: nextMsisdn(), to, text: 'Stop' })),
  );
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';
type List = (
  scope: AccountScope,
  search: string,
  cursor?: string | null,
) => Promise<ListPage<{ msisdn: string }>>;
const lists: Record<string, List> = {
  messages: (scope, q, cursor = null) =>
    readList(db.pool, messageList, scope, messageList.readFilter({ q }).filter, cursor, timeZone),
  replies: (scope, q, cursor = null) =>
    readList(db.pool, replyList, scope, replyList.readFilter({ q }).filter, cursor, timeZone),
  'opt-outs': (scope, q, cursor = null) =>
    readList(db.pool, optOutList, scope, optOutList.readFilter({ q }).filter, cursor, timeZone),
};
const downloads: Record<string, (scope: AccountScope, search: string) => FileQuery> = {
  messages: (scope, q) =>
    composeListFile(messageList, scope, messageList.readFilter({ q }).filter, timeZone, null),
  replies: (scope, q) =>
    composeListFile(replyList, scope, replyList.readFilter({ q }).filter, timeZone, null),
  'opt-outs': (scope, q) =>
    composeListFile(optOutList, scope, optOutList.readFilter({ q }).filter, timeZone, null),
};
const figures: Record<string, (scope: AccountScope) => Promise<unknown>> = {
  'scheduled messages': async (scope) =>
    (await listScheduledMessages(db.pool, scope, { offset: 0, limit: 1 })).total,
  'scheduled batches': async (scope) => (await listScheduledBatches(db.pool, scope, timeZone)).length,
  'API keys': async (scope) => (await listApiKeys(db.pool, scope, new Date())).length,
  credits: (scope) => readCredits(db.pool, scope),
  'what has to be cleansed': async (scope) =>
    (await db.pool.query(composeCsvSelect(composeCleansingFile(scope, [], timeZone)))).rows.length,
  'answers of the registry': async (scope) => (await listOwnAnswers(db.pool, scope)).length,
  consents: async (scope) => (await listConsents(db.pool, scope, { after: null, limit: 10 })).entries.length,
  'a month at a glance': async (scope) => {
    const now = new Date();
    const month = readMonth(undefined, timeZone, now);
    return (await readMonthOfAccount(db.pool, scope, timeZone, month, now)).figures.sent;
  },
  registrations: async (scope) => (await listRegistrations(db.pool, scope)).length,
  'the number of opt-outs': (scope) => readOptOutTotal(db.pool, scope),
  'the people': async (scope) => (await listMembers(db.pool, scope)).length - 1,
  'the invitations': async (scope) => (await listInvitations(db.pool, scope)).length,
  'the activity': async (scope) =>
    (await readList(db.pool, activityList, scope, activityList.readFilter({}).filter, null, timeZone)).rows
      .length,
  'the last days': async (scope) => {
    const { days } = await readDays(db.pool, scope, timeZone, 30);
    return days.reduce((sum, { messages, replies, optOuts }) => sum + messages + replies + optOuts, 0);
  },
};

test.each(Object.entries(lists))('the list of %s', async (_, list) => {
  const own = await list(owner.scope, '');
  expect(own.rows).toHaveLength(50);
  expect(own.older).not.toBeNull();
  expect((await list(owner.scope, '', own.older)).rows.length).toBeGreaterThan(0);

  expect((await list(stranger.scope, '')).rows).toEqual([]);
  // nor with a cursor, or a search, that the owner was given
  expect((await list(stranger.scope, '', own.older)).rows).toEqual([]);
  const search = own.rows[0]?.msisdn as string;
  expect((await list(owner.scope, search)).rows.length).toBeGreaterThan(0);
  expect((await list(stranger.scope, search)).rows).toEqual([]);
});

test.each(Object.entries(downloads))('the file of %s', async (_, compose) => {
  const readRows = async (scope: AccountScope, search: string) =>
    (await db.pool.query(composeCsvSelect(compose(scope, search)))).rows;
  expect((await readRows(owner.scope, '')).length).toBeGreaterThanOrEqual(60);
  expect(await readRows(stranger.scope, '')).toEqual([]);
  // a search cannot talk its way out of the account
  for (const search of ["' or true --", "') or (true", '%', '0', '+']) {
    expect(await readRows(stranger.scope, search)).toEqual([]);
  }
});

test('a reply without an owner is in nobody’s lists, and once assigned in those of one account', async () => {
  const [one, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const [certain, unsure] = [nextMsisdn(), nextMsisdn()];
  const staff = await createStaff(db.pool);
  await receiveReplies(db.pool, [
    composeReply({ from: certain, to: '99999', text: 'Stop' }),
    composeReply({ from: unsure, to: '99999', text: 'Please unsubscribe me' }),
  ]);
  const readAll = async ({ scope }: TestAccount) => ({
    lists: await Promise.all(Object.values(lists).map(async (list) => (await list(scope, '')).rows)),
    files: await Promise.all(
      Object.values(downloads).map(
        async (compose) => (await db.pool.query(composeCsvSelect(compose(scope, '')))).rows as unknown[],
      ),
    ),
    toReview: await listRepliesToReview(db.pool, scope),
    stories: await Promise.all([certain, unsure].map((msisdn) => readStory(db.pool, scope, msisdn))),
  });
  const nothing = { lists: [[], [], []], files: [[], [], []], toReview: [], stories: [null, null] };
  expect(await readAll(one)).toEqual(nothing);
  expect(await readAll(other)).toEqual(nothing);

  const { rows } = await db.pool.query<{ msisdn: string; id: string }>(
    'select msisdn, id from unowned_reply where msisdn = any($1)',
    [[certain, unsure]],
  );
  for (const key of rows) {
    const input = { ...key, accountId: one.id, isOptOut: false, reason: 'They wrote to them.' };
    expect(await assignUnownedReply(db.pool, staff, input)).toMatchObject({ ok: true });
  }
  expect(await readAll(other)).toEqual(nothing);
  const own = await readAll(one);
  // the confirmation SMS; both replies; the opt-out
  expect(own.lists.map((list) => list.length)).toEqual([1, 2, 1]);
  expect(own.files.map((file) => file.length)).toEqual([1, 2, 1]);
  expect(own.toReview).toMatchObject([{ msisdn: unsure }]);
  expect(own.stories).not.toContain(null);
});

test('the ledger, as a list and as a file', async () => {
  const read = async (scope: AccountScope) => {
    const { filter } = ledgerList.readFilter({});
    const { rows } = await readList(db.pool, ledgerList, scope, filter, null, timeZone);
    const file = composeListFile(ledgerList, scope, filter, timeZone, null);
    return [rows.length, (await db.pool.query(composeCsvSelect(file))).rows.length];
  };
  expect(await read(owner.scope)).toEqual([3, 3]);
  expect(await read(stranger.scope)).toEqual([0, 0]);
});

test.each(Object.keys(figures))('%s', async (name) => {
  expect(await figures[name]?.(owner.scope)).toBeGreaterThan(0);
  expect(await figures[name]?.(stranger.scope)).toBe(0);
});
