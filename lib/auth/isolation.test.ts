import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOverview } from '@/lib/accounts/queries';
import type { AccountListFilter } from '@/lib/db/account-list';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { composeMessageDownload, listMessages, readCredits } from '@/lib/messages/queries';
import { composeOptOutDownload, countOptOuts, listOptOuts } from '@/lib/opt-outs/queries';
import { receiveReplies } from '@/lib/replies/commands';
import { composeReplyDownload, listReplies } from '@/lib/replies/queries';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/lib/testing/factories';
import type { AccountScope } from './scope';

let db: TestDatabase;
let owner: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  owner = await createAccount(db.pool, { credits: 1000 });
  stranger = await createAccount(db.pool, { credits: 0 });
  await queueMessages(db.pool, owner, Array.from({ length: 60 }, nextMsisdn));
  const to = owner.senderNumber as string;
  await receiveReplies(
    db.pool,
    Array.from({ length: 60 }, () => composeReply({ from: nextMsisdn(), to, text: 'Stop' })),
  );
});
afterAll(() => db.close());

const everything: AccountListFilter = { search: '' };
const lists = { messages: listMessages, replies: listReplies, 'opt-outs': listOptOuts };
const downloads = {
  messages: composeMessageDownload,
  replies: composeReplyDownload,
  'opt-outs': composeOptOutDownload,
};
const figures: Record<string, (scope: AccountScope) => Promise<unknown>> = {
  credits: (scope) => readCredits(db.pool, scope),
  'the number of opt-outs': async (scope) => (await countOptOuts(db.pool, scope)).count,
  'the overview': async (scope) =>
    Object.values(await readOverview(db.pool, scope)).reduce((sum, n) => sum + n, 0),
};

test.each(Object.keys(lists) as (keyof typeof lists)[])('the list of %s', async (name) => {
  const own = await lists[name](db.pool, owner.scope, everything, null);
  expect(own.rows).toHaveLength(50);
  expect(own.older).not.toBeNull();
  expect((await lists[name](db.pool, owner.scope, everything, own.older)).rows.length).toBeGreaterThan(0);

  expect((await lists[name](db.pool, stranger.scope, everything, null)).rows).toEqual([]);
  // nor with a cursor, or a search, that the owner was given
  expect((await lists[name](db.pool, stranger.scope, everything, own.older)).rows).toEqual([]);
  const search = own.rows[0]?.msisdn as string;
  expect((await lists[name](db.pool, owner.scope, { search }, null)).rows.length).toBeGreaterThan(0);
  expect((await lists[name](db.pool, stranger.scope, { search }, null)).rows).toEqual([]);
});

test.each(Object.keys(downloads) as (keyof typeof downloads)[])('the file of %s', async (name) => {
  const readRows = async (scope: AccountScope, filter: AccountListFilter) =>
    (await db.pool.query(downloads[name](scope, filter, 'Africa/Johannesburg'))).rows;
  expect((await readRows(owner.scope, everything)).length).toBeGreaterThanOrEqual(60);
  expect(await readRows(stranger.scope, everything)).toEqual([]);
  // a search cannot talk its way out of the account
  for (const search of ["' or true --", "') or (true", '%', '0', '+']) {
    expect(await readRows(stranger.scope, { search })).toEqual([]);
  }
});

test.each(Object.keys(figures))('%s', async (name) => {
  expect(await figures[name]?.(owner.scope)).toBeGreaterThan(0);
  expect(await figures[name]?.(stranger.scope)).toBe(0);
});
