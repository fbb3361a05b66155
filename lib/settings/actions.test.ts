import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, type TestAccount } from '@/testing/factories';
import { readSettings } from './queries';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { account: unknown } => ({ account: undefined }));
vi.mock('@/lib/auth/gates', () => ({ requireCustomer: async () => signedIn.account }));
vi.mock('@/lib/http/find-visitor-address', () => ({ findVisitorAddress: async () => '203.0.113.9' }));
const actions = await import('./actions');

let db: TestDatabase;
let account: TestAccount;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool, { keywords: [{ word: 'klaar', match: 'EXACT' }] });
  signedIn.account = account;
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

describe('a reply is tried', () => {
  test('with the keywords of the account, and the one that is being typed', async () => {
    const draft = { word: ' KOFFIE', match: 'prefix' } as const;
    expect(await actions.tryReply({ text: 'Klaar!', draft: null })).toEqual({
      ok: true,
      verdict: 'opt-out',
      rule: 'own:exact:klaar',
      normalised: 'klaar',
    });
    expect(await actions.tryReply({ text: 'Koffie nou', draft: null })).toMatchObject({ verdict: 'none' });
    expect(await actions.tryReply({ text: 'Koffie nou', draft })).toMatchObject({
      verdict: 'opt-out',
      rule: 'own:prefix:koffie',
    });
    expect(await actions.tryReply({ text: 'stop please', draft })).toMatchObject({ verdict: 'review' });
    expect((await readSettings(db.pool, account.scope)).keywords).toHaveLength(1);
  });

  test('with no other account’s keywords', async () => {
    signedIn.account = await createAccount(db.pool);
    expect(await actions.tryReply({ text: 'klaar', draft: null })).toMatchObject({ verdict: 'none' });
  });

  test('while what is being typed could not be added, without it', async () => {
    const draft = { word: 'no', match: 'prefix' } as const;
    expect(await actions.tryReply({ text: 'not today', draft })).toMatchObject({ verdict: 'none' });
  });
});

test('what is asked for is done', async () => {
  const text = `${account.name} says goodbye.`;
  expect(await actions.saveConfirmation({ text, seen: null })).toEqual({ ok: true });
  expect(await actions.saveReviewPolicy({ reviewPolicy: 'BLOCK' })).toEqual({ ok: true });
  expect(await actions.saveDefaultPurpose({ defaultPurpose: 'SERVICE' })).toEqual({ ok: true });
  expect(await actions.saveMarketingCap({ weeklyMarketingCap: 3 })).toEqual({ ok: true });
  expect(await actions.saveTimeZone({ timeZone: 'Africa/Maputo' })).toEqual({ ok: true });
  expect(await actions.addKeyword({ word: 'basta', match: 'exact', isSure: false })).toMatchObject({
    ok: true,
  });
  const { keywords, ...settings } = await readSettings(db.pool, account.scope);
  expect(settings).toMatchObject({
    confirmationText: text,
    reviewPolicy: 'BLOCK',
    defaultPurpose: 'SERVICE',
    weeklyMarketingCap: 3,
    timeZone: 'Africa/Maputo',
  });
  expect(keywords.map(({ word }) => word)).toEqual(['klaar', 'basta']);
  expect(await actions.removeKeyword({ id: keywords[0]!.id })).toEqual({ ok: true });
  expect((await readSettings(db.pool, account.scope)).keywords).toHaveLength(1);
});

test.each([
  ['saveConfirmation', { text: 7, seen: null }],
  ['saveConfirmation', null],
  ['saveReviewPolicy', { reviewPolicy: 'NEVER' }],
  ['saveDefaultPurpose', { defaultPurpose: 'NEWS' }],
  ['saveMarketingCap', { weeklyMarketingCap: 0 }],
  ['saveMarketingCap', { weeklyMarketingCap: 1.5 }],
  ['saveTimeZone', { timeZone: 'x'.repeat(1000) }],
  ['saveTimeZone', { timeZone: "UTC'; drop table account" }],
  ['addKeyword', { word: 'x', match: 'suffix', isSure: true }],
  ['removeKeyword', { id: '1 or true' }],
  ['removeKeyword', { id: 2 ** 40 }],
] as const)('%s(%j) is refused in words', async (name, input) => {
  const before = await readSettings(db.pool, account.scope);
  expect(await actions[name](input as never)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/\.$/),
  });
  expect(await readSettings(db.pool, account.scope)).toEqual(before);
});

test('a NUL character, which PostgreSQL cannot keep, is left out', async () => {
  expect(await actions.saveConfirmation({ text: `${account.name}\0 out`, seen: null })).toEqual({ ok: true });
  expect((await readSettings(db.pool, account.scope)).confirmationText).toBe(`${account.name} out`);
});

test('what fails inside is told without saying what', async () => {
  await db.owner.query('alter table account_keyword rename to elsewhere');
  const answer = await actions.addKeyword({ word: 'basta', match: 'exact', isSure: true });
  await db.owner.query('alter table elsewhere rename to account_keyword');
  expect(answer).toEqual({
    ok: false,
    reason: 'failed',
    message: expect.stringMatching(/^This could not be saved just now\./),
  });
});

test('a setting and what the activity tells of it are one: neither without the other', async () => {
  const changes = () => [
    actions.saveConfirmation({ text: `${account.name} will not write again.`, seen: null }),
    actions.addKeyword({ word: 'genoeg', match: 'exact', isSure: true }),
    actions.saveReviewPolicy({ reviewPolicy: 'BLOCK' }),
    actions.saveDefaultPurpose({ defaultPurpose: 'SERVICE' }),
    actions.saveMarketingCap({ weeklyMarketingCap: null }),
    actions.saveTimeZone({ timeZone: 'Europe/London' }),
  ];
  const readActivity = async () =>
    (
      await db.pool.query<{ details: { setting: string } }>(
        `select details from activity where account_id = $1 and kind = 'account.change-settings'`,
        [account.id],
      )
    ).rows.map(({ details }) => details.setting);
  const before = await readSettings(db.pool, account.scope);
  await db.owner.query('alter table activity rename to elsewhere');
  const failed = await Promise.all(changes());
  await db.owner.query('alter table elsewhere rename to activity');
  expect(failed.map((result) => 'reason' in result && result.reason)).toEqual(failed.map(() => 'failed'));
  expect(await readSettings(db.pool, account.scope)).toEqual(before);
  for (const result of await Promise.all(changes())) expect(result).toMatchObject({ ok: true });
  expect((await readActivity()).sort()).toEqual([
    'A keyword added',
    'The confirmation SMS',
    'The frequency cap: none',
    'The purpose of messages: service',
    'The time zone',
    'What happens to unsure replies',
  ]);
  // What was refused is no activity.
  expect(await actions.addKeyword({ word: 'genoeg', match: 'exact', isSure: true })).toMatchObject({
    ok: false,
  });
  expect(await readActivity()).toHaveLength(6);
});
