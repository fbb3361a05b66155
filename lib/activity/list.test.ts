import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKey } from '@/lib/auth/key-scope';
import { transferCredits } from '@/lib/credits/transfer-commands';
import {
  changeEndpoint,
  pauseEndpoint,
  removeEndpoint,
  resumeEndpoint,
  rotateSecret,
} from '@/lib/webhooks/commands';
import { createApiKey } from '@/testing/api-keys';
import { createEndpoint } from '@/testing/webhooks';
import { activityKinds, recordActivity, type ActivityKind } from '@/lib/auth/activity';
import type { AccountReadScope } from '@/lib/auth/scope';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import { invite } from '@/lib/people/invitation-commands';
import { changeRole } from '@/lib/people/member-commands';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { composeListFile } from '@/testing/list-file';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { activityList } from './list';

const timeZone = 'Africa/Johannesburg';
const visit = { address: '203.0.113.9' };
let db: TestDatabase;
let account: TestAccount;
let stranger: TestAccount;
beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
  stranger = await createAccount(db.pool);
  const at = (minutes: number) => new Date(Date.now() - 3_600_000 + minutes * 60_000);
  const formula = '=HYPERLINK("https://evil.example")';
  const colleague = await createUser(db.pool, { accountId: account.id, name: formula, role: 'VIEWER' });
  const staff = await createUser(db.pool, { accountId: null, name: 'Lindiwe Dube' });
  await changeRole(db.pool, account.scope, { userId: colleague, role: 'SENDER' }, visit, at(1));
  await invite(db.pool, account.scope, { email: 'naledi@florist.example', role: 'VIEWER' }, visit, at(2));
  const own = { accountId: account.id, address: null };
  await recordActivity(db.pool, { ...own, kind: 'people.reset-factor', userId: staff }, at(3));
  await recordActivity(db.pool, { ...own, kind: 'sign-in', userId: colleague }, at(4));
});
afterAll(() => db.close());

const read = async (scope: AccountReadScope, params: Record<string, string> = {}) =>
  (
    await readList(db.pool, activityList, scope, activityList.readFilter(params).filter, null, timeZone)
  ).rows.map(({ who, kind, about, address }) => [who, kind, about, address]);

const formula = '=HYPERLINK("https://evil.example")';

test('says who did what to whom, newest first, and names the house of staff', async () => {
  const { username } = account;
  expect(await read(account.scope)).toEqual([
    [formula, 'sign-in', null, null],
    ['The provider’s staff', 'people.reset-factor', null, null],
    [username, 'people.invite', 'naledi@florist.example, as viewer', visit.address],
    [username, 'people.change-role', `${formula}, viewer to sender`, visit.address],
  ]);
  expect(await read(stranger.scope)).toEqual([]);
});

test('is narrowed by what it is about, and by a search for a person or a detail', async () => {
  const kinds = async (params: Record<string, string>) =>
    (await read(account.scope, params)).map(([, kind]) => kind);
  expect(await kinds({ about: 'SIGN_IN' })).toEqual(['sign-in']);
  expect(await kinds({ about: 'PEOPLE' })).toEqual([
    'people.reset-factor',
    'people.invite',
    'people.change-role',
  ]);
  expect(await kinds({ about: 'FILES' })).toEqual([]);
  expect(await kinds({ q: 'naledi' })).toEqual(['people.invite']);
  expect(await kinds({ q: 'provider' })).toEqual(['people.reset-factor']);
  // Nobody finds out by a search who of the staff it was.
  expect(await kinds({ q: 'Lindiwe' })).toEqual([]);
});

test('as a file says the same, and a name is no formula', async () => {
  const file = composeListFile(
    activityList,
    account.scope,
    activityList.readFilter({}).filter,
    timeZone,
    null,
  );
  const { rows } = await db.pool.query<Record<string, string>>(composeCsvSelect(file));
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatchObject({ What: 'Signed in' });
  expect(rows.map(({ Who }) => Who)).not.toContain(formula);
  expect(JSON.stringify(rows)).not.toContain('Lindiwe');
});

test('what is done to keys and webhooks stands under them, and under nothing else', async () => {
  const own = await createAccount(db.pool);
  const kinds = Object.keys(activityKinds).filter((kind) => /^(api-key|webhook)\./.test(kind));
  const { userId, id: accountId } = own;
  for (const kind of kinds as ActivityKind[]) {
    await recordActivity(db.pool, { kind, userId, accountId, address: null }, new Date());
  }
  expect(kinds).toContain('webhook.rotate');
  const found = async (about: string) => (await read(own.scope, { about })).map(([, kind]) => kind).sort();
  expect(await found('API_KEYS')).toEqual(kinds.sort());
  expect(await found('SIGN_IN')).toEqual([]);
});

test('what a program changes is told as what a person does, under the name of its key', async () => {
  const own = await createAccount(db.pool, { credits: 10 });
  const sub = await createAccount(db.pool, { parentAccountId: own.id });
  const { id: keyId } = await createApiKey(db.pool, own, { name: 'CRM' });
  const program = openKey({ accountId: own.id, keyId });
  const { id } = await createEndpoint(db.pool, { ...own, scope: program }, 'http://localhost/');
  // after it was made: the list is by time
  const now = new Date();
  await changeEndpoint(db.pool, program, { id, withTexts: false }, now);
  await rotateSecret(db.pool, program, { id, seen: 1, overlapHours: 1 }, now);
  for (const act of [pauseEndpoint, resumeEndpoint, removeEndpoint]) await act(db.pool, program, { id }, now);
  await transferCredits(db.pool, program, { toAccountId: sub.id, credits: 3, reference: null });
  const acts = ['remove', 'resume', 'pause', 'rotate', 'change', 'make'].map((act) => `webhook.${act}`);
  expect((await read(own.scope, { q: 'crm' })).map(([who, kind]) => [who, kind])).toEqual(
    ['credits.transfer', ...acts].map((kind) => ['API key “CRM”', kind]),
  );
});
