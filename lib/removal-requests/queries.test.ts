import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { inTransaction } from '@/testing/in-transaction';
import { listAuditEntries, composeAuditDownload } from '@/lib/audit/queries';
import { composeCsvSelect } from '@/lib/lists/csv';
import { suspendAccount } from '@/lib/accounts/commands';
import { searchAccounts } from '@/lib/accounts/queries';
import {
  addPlatformKeyword,
  listPlatformKeywords,
  removePlatformKeyword,
  tryKeyword,
} from '@/lib/platform/keywords';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import {
  ask,
  consent,
  createStaff,
  hoursAfter,
  lawful,
  optOut,
  request,
  say,
  type Asked,
} from '@/testing/removals';
import { decideRequests } from './decisions';
import {
  listAllRequests,
  listQueue,
  listRequests,
  listRequestsOfNumber,
  previewRequest,
  readRequest,
  readStaffRequest,
} from './queries';
import { readConsentSettings, saveConsentSettings } from './settings';

let db: TestDatabase;
let owner: TestAccount;
let stranger: TestAccount;
let staff: StaffScope;
let asked: Asked;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = await createStaff(db.pool);
  owner = await createAccount(db.pool);
  stranger = await createAccount(db.pool);
  asked = await ask(db.pool, owner);
  await say(db.pool, asked, 'Who is this?');
  await say(db.pool, asked, 'YES');
});
afterAll(() => db.close());

const everything = { search: '', state: null };

test('the owner sees the request, its SMS, its answers and its time line; another account sees nothing', async () => {
  const list = await listRequests(db.pool, owner.scope, everything, null);
  expect(list.rows).toMatchObject([{ id: asked.requestId, state: 'AWAITING_APPROVAL' }]);
  expect(await listRequestsOfNumber(db.pool, owner.scope, asked.msisdn)).toHaveLength(1);
  const detail = await readRequest(db.pool, owner.scope, asked.requestId);
  expect(detail).toMatchObject({
    canCancel: true,
    permission: { by: owner.username, address: '203.0.113.7' },
    consent: { status: 'SENT', senderNumber: asked.senderNumber },
    events: [{ kind: 'REQUESTED', actorName: owner.username }, { kind: 'OTHER' }, { kind: 'YES' }],
  });
  expect(detail?.answers).toMatchObject([
    { text: 'Who is this?', decided: false, late: false },
    { text: 'YES', decided: true, late: false },
  ]);

  expect((await listRequests(db.pool, stranger.scope, everything, null)).rows).toEqual([]);
  expect(
    (await listRequests(db.pool, stranger.scope, { search: asked.msisdn, state: null }, null)).rows,
  ).toEqual([]);
  expect(await listRequestsOfNumber(db.pool, stranger.scope, asked.msisdn)).toEqual([]);
  expect(await readRequest(db.pool, stranger.scope, asked.requestId)).toBeNull();
  for (const id of ['0', '999999', 'x', '']) expect(await readRequest(db.pool, owner.scope, id)).toBeNull();
});

test('the list is narrowed by number and state', async () => {
  const find = async (filter: Parameters<typeof listRequests>[2]) =>
    (await listRequests(db.pool, owner.scope, filter, null)).rows.length;
  expect(await find({ search: `0${asked.msisdn.slice(2)}`, state: 'AWAITING_APPROVAL' })).toBe(1);
  expect(await find({ search: '', state: 'REMOVED' })).toBe(0);
  expect(await find({ search: '999999999', state: null })).toBe(0);
});

test('the form is told beforehand what would be sent, and when', async () => {
  const { msisdn } = await optOut(db.pool, owner);
  expect(await previewRequest(db.pool, owner.scope, `0${msisdn.slice(2)}`, lawful)).toMatchObject({
    ok: true,
    msisdn,
    consent: {
      text: expect.stringContaining(owner.name),
      segments: 1,
      dueAt: lawful.toISOString(),
      expiryDays: 7,
    },
    permissionText: expect.stringContaining(owner.name),
  });
  expect(await previewRequest(db.pool, stranger.scope, msisdn, lawful)).toMatchObject({
    reason: 'not-opted-out',
  });
  expect(await previewRequest(db.pool, owner.scope, 'x')).toMatchObject({ reason: 'invalid-number' });
});

test('staff see what awaits approval first, the oldest first, and all that is needed to decide', async () => {
  const waiting = await request(db.pool, stranger);
  const later = await ask(db.pool, stranger);
  await say(db.pool, later, 'YES', hoursAfter(lawful, 2));
  const queue = await listQueue(db.pool, staff);
  expect(queue.rows.map(({ id, state }) => [id, state])).toEqual([
    [asked.requestId, 'AWAITING_APPROVAL'],
    [later.requestId, 'AWAITING_APPROVAL'],
    [waiting.requestId, 'AWAITING_REPLY'],
  ]);
  expect(queue.counts).toEqual({ AWAITING_CONFIRMATION: 0, AWAITING_REPLY: 1, AWAITING_APPROVAL: 2 });
  expect(queue.rows[0]).toMatchObject({ accountName: owner.name, blockText: 'Stop', answerText: 'YES' });

  const detail = await readStaffRequest(db.pool, staff, { accountId: owner.id, requestId: asked.requestId });
  expect(detail).toMatchObject({
    account: { id: owner.id, name: owner.name, status: 'ACTIVE' },
    optOut: { kind: 'REPLY', replyText: 'Stop' },
    blockedBy: { text: 'Stop', rule: 'exact:stop', answeredText: 'Our spring sale begins on Monday' },
    earlierEpisodes: [],
    earlierRequests: [],
    history: { requests: { AWAITING_APPROVAL: 1, REMOVED: 0 } },
  });
  const other = await listAllRequests(db.pool, staff, { ...everything, accountId: stranger.id }, null);
  expect(other.rows).toHaveLength(2);
  expect((await listAllRequests(db.pool, staff, { ...everything, accountId: null }, null)).rows).toHaveLength(
    3,
  );
});

test('an earlier episode and its request stand beside the next; what came late is shown as late', async () => {
  const account = await createAccount(db.pool);
  const first = await consent(db.pool, account);
  await decideRequests(db.pool, staff, [{ accountId: account.id, requestId: first.requestId }], {
    decision: 'approve',
  });
  await say(db.pool, first, 'yes', new Date(Date.now() + 1000));
  const detail = await readStaffRequest(db.pool, staff, {
    accountId: account.id,
    requestId: first.requestId,
  });
  expect(detail).toMatchObject({
    optOut: null,
    state: 'REMOVED',
    decidedByName: expect.stringMatching(/^person-/),
  });
  expect(detail?.answers.at(-1)).toMatchObject({ text: 'yes', decided: false, late: true });
});

test('the audit log finds by what, who, account, day and words, and makes a file of the same', async () => {
  expect((await suspendAccount(db.pool, staff, stranger.id, 'Unpaid = since May')).ok).toBe(true);
  const none = { search: '', action: null, userId: null, accountId: null, from: null, to: null };
  const find = async (filter: Partial<typeof none | Record<string, unknown>>) =>
    (await listAuditEntries(db.pool, staff, { ...none, ...filter }, null)).rows;
  expect(await find({ action: 'account.suspend' })).toMatchObject([
    { target: expect.stringContaining(`W${stranger.id}`), details: { reason: 'Unpaid = since May' } },
  ]);
  expect(await find({ accountId: stranger.id })).toHaveLength(1);
  expect(await find({ search: 'unpaid' })).toHaveLength(1);
  expect(await find({ userId: -1 })).toEqual([]);
  expect(await find({ to: '2020-01-01' })).toEqual([]);
  expect((await find({ from: '2020-01-01' })).length).toBeGreaterThan(1);
  const { rows } = await db.pool.query(
    composeCsvSelect(composeAuditDownload(staff, { ...none, accountId: stranger.id })),
  );
  expect(rows).toMatchObject([{ What: 'Suspended an account', Reason: 'Unpaid = since May' }]);
  expect((await searchAccounts(db.pool, staff, `w${stranger.id}`)).rows).toMatchObject([
    { status: 'SUSPENDED' },
  ]);
  expect((await searchAccounts(db.pool, staff, '%')).rows).toEqual([]);
});

test('a platform keyword: tried on the last 30 days, then it blocks for every account', async () => {
  const account = await createAccount(db.pool);
  const whom = { msisdn: nextMsisdn(), senderNumber: account.senderNumber as string };
  await say(db.pool, whom, 'Koffie  nou!');
  await say(db.pool, whom, 'koffie nou asseblief');
  const trial = (match: 'EXACT' | 'PREFIX') =>
    tryKeyword(db.pool, staff, { word: 'KOFFIE NOU', match }, hoursAfter(lawful, 48));
  expect(await trial('EXACT')).toMatchObject({
    normalised: 'koffie nou',
    complete: true,
    matched: 1,
    newlyMatched: 1,
  });
  expect(await trial('PREFIX')).toMatchObject({ matched: 2, examples: [{ accountId: account.id }, {}] });
  expect(
    await tryKeyword(db.pool, staff, { word: 'koffie nou', match: 'EXACT' }, hoursAfter(new Date(), 24 * 31)),
  ).toMatchObject({
    scanned: 0,
  });

  const added = await addPlatformKeyword(db.pool, staff, { word: 'Koffie nou', match: 'EXACT' });
  expect(added).toMatchObject({ ok: true });
  expect(await addPlatformKeyword(db.pool, staff, { word: 'koffie nou', match: 'EXACT' })).toMatchObject({
    ok: false,
  });
  expect(await addPlatformKeyword(db.pool, staff, { word: '...', match: 'EXACT' })).toMatchObject({
    ok: false,
  });
  expect(await listPlatformKeywords(db.pool, staff)).toMatchObject([{ word: 'koffie nou', match: 'EXACT' }]);
  expect(await say(db.pool, whom, 'koffie nou')).toMatchObject({ verdict: 'opt-out' });
  const { rows } = await db.pool.query('select rule from opt_out where account_id = $1', [account.id]);
  expect(rows).toEqual([{ rule: 'platform:exact:koffie nou' }]);
  const id = added.ok ? added.id : 0;
  expect(await removePlatformKeyword(db.pool, staff, id)).toBe(true);
  expect(await removePlatformKeyword(db.pool, staff, id)).toBe(false);
  expect(await say(db.pool, { ...whom, msisdn: nextMsisdn() }, 'koffie nou')).toMatchObject({
    verdict: 'none',
  });
});

test('an account’s own question must name it and say what YES means; its words may not mean no', async () => {
  const save = (consentText: string | null, consentWords: string[] = []) =>
    inTransaction(saveConsentSettings)(db.pool, owner.scope, { consentText, consentWords });
  expect(await save('Reply YES, please')).toMatchObject({
    ok: false,
    fields: { consentText: expect.any(String) },
  });
  expect(await save(`${owner.name}: may we?`)).toMatchObject({
    ok: false,
    fields: { consentText: expect.any(String) },
  });
  expect(await save(null, ['stop'])).toMatchObject({
    ok: false,
    fields: { consentWords: expect.any(String) },
  });
  expect(await save(null, ['No!'])).toMatchObject({
    ok: false,
    fields: { consentWords: expect.any(String) },
  });
  expect(await save(`${owner.name}: may we write? YES or NO`, ['Ja!', 'ja', 'YES'])).toMatchObject({
    ok: true,
  });
  expect(await readConsentSettings(db.pool, owner.scope)).toMatchObject({ consentWords: ['ja'] });
  expect(await readConsentSettings(db.pool, stranger.scope)).toMatchObject({
    consentText: null,
    consentWords: [],
  });
});
