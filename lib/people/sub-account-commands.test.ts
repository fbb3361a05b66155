import { afterAll, beforeAll, expect, test } from 'vitest';
import { listSubAccounts } from '@/lib/accounts/sub-account-queries';
import { checkSignIn } from '@/lib/auth/sign-in';
import { findBlockedElsewhere, readFamily, readHonouredAccounts } from '@/lib/opt-outs/family-queries';
import { createAccount, createManualOptOut, nextMsisdn } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { MemoryMail } from '@/testing/memory-mail';
import { readToken } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { choosePassword } from './recovery';
import { honourFamilyOptOuts, openSubAccount } from './sub-account-commands';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const nobody = (company: string) => ({ company, person: null });
const soon = () => new Date(Date.now() + 60_000);

test('opens an account of its own, whose first person chooses a password by the link', async () => {
  const main = await createAccount(db.pool);
  const mail = new MemoryMail();
  const person = { name: 'Sipho', email: 'sipho@branch.example', username: 'sipho.durban' };
  const opened = await openSubAccount(db.pool, main.scope, { company: 'Durban branch', person });
  if (!opened.ok) throw new Error(opened.message);
  expect(await readLedger(db.pool, opened.accountId)).toEqual(ledgerOf(0));
  expect(await listSubAccounts(db.pool, main.scope)).toMatchObject([
    { id: opened.accountId, name: 'Durban branch', credits: 0 },
  ]);
  const { rows } = await db.pool.query('select owner_email, parent_account_id from account where id = $1', [
    opened.accountId,
  ]);
  expect(rows).toEqual([{ owner_email: person.email, parent_account_id: main.id }]);

  await runDueJobs(db.pool, soon(), mail);
  const token = readToken(mail, person.email);
  const nowhere = { address: null };
  const chosen = await choosePassword(db.pool, { token, password: 'proteas and tulips' }, nowhere);
  expect(chosen).toEqual({ ok: true });
  expect(
    await checkSignIn(
      db.pool,
      { username: person.username, password: 'proteas and tulips' },
      { address: null, deviceId: null },
    ),
  ).toMatchObject({ ok: true });
});

test('opens one without people, whose notices go to the owner of the main account', async () => {
  const main = await createAccount(db.pool);
  const opened = await openSubAccount(db.pool, main.scope, nobody('=HYPERLINK("x")'));
  if (!opened.ok) throw new Error(opened.message);
  const { rows } = await db.pool.query(
    `select name, owner_email, (select count(*)::int from membership where account_id = account.id) as people
     from account where id = $1`,
    [opened.accountId],
  );
  expect(rows).toEqual([{ name: '=HYPERLINK("x")', owner_email: `owner-${main.id}@example.com`, people: 0 }]);
});

test('of one name opens one, at the same moment too', async () => {
  const main = await createAccount(db.pool);
  const results = await Promise.all([1, 2, 3].map(() => openSubAccount(db.pool, main.scope, nobody('Cape'))));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await openSubAccount(db.pool, main.scope, nobody('cape'))).toMatchObject({
    ok: false,
    fields: { company: 'You already have a sub-account named “cape”.' },
  });
});

test('refuses a username that is taken, and opens nothing', async () => {
  const main = await createAccount(db.pool);
  const person = { name: 'Somebody', email: 'x@branch.example', username: main.username };
  expect(await openSubAccount(db.pool, main.scope, { company: 'Branch', person })).toMatchObject({
    ok: false,
    fields: { username: expect.stringContaining('is taken') },
  });
  expect(await listSubAccounts(db.pool, main.scope)).toEqual([]);
});

test('neither a sub-account nor a trial has sub-accounts: what a trial may not do, none of its would', async () => {
  const main = await createAccount(db.pool);
  const sub = await createAccount(db.pool, { parentAccountId: main.id });
  const trial = await createAccount(db.pool, { trialMsisdn: nextMsisdn() });
  expect(await openSubAccount(db.pool, sub.scope, nobody('One'))).toMatchObject({ reason: 'sub-account' });
  expect(await openSubAccount(db.pool, trial.scope, nobody('One'))).toMatchObject({ reason: 'trial' });
});

const readNotices = async (accountId: number) =>
  (
    await db.pool.query<{ title: string }>('select title from notice where account_id = $1 order by id', [
      accountId,
    ])
  ).rows.map(({ title }) => title);

test('the main account alone chooses that opt-outs count for all, and its sub-accounts are told once', async () => {
  const main = await createAccount(db.pool);
  const sub = await createAccount(db.pool, { parentAccountId: main.id });
  const other = await createAccount(db.pool, { parentAccountId: main.id });
  const stranger = await createAccount(db.pool);
  expect(await honourFamilyOptOuts(db.pool, sub.scope, { honoursAll: true })).toEqual({
    ok: false,
    reason: 'sub-account',
    message: `Your main account W${main.id} decides this for all of its accounts.`,
  });
  expect(await readFamily(db.pool, main.scope)).toEqual({ mainAccountId: null, honoursAll: false });

  const pressed = await Promise.all(
    [1, 2].map(() => honourFamilyOptOuts(db.pool, main.scope, { honoursAll: true })),
  );
  expect(pressed).toEqual([{ ok: true }, { ok: true }]);
  expect(await readFamily(db.pool, main.scope)).toEqual({ mainAccountId: null, honoursAll: true });
  expect(await readFamily(db.pool, sub.scope)).toEqual({ mainAccountId: main.id, honoursAll: true });
  expect(await readFamily(db.pool, stranger.scope)).toEqual({ mainAccountId: null, honoursAll: false });
  expect(await readHonouredAccounts(db.pool, sub.scope)).toEqual(expect.arrayContaining([main.id, other.id]));
  expect(await readHonouredAccounts(db.pool, sub.scope)).toHaveLength(2);
  expect(await readHonouredAccounts(db.pool, stranger.scope)).toBeNull();
  await honourFamilyOptOuts(db.pool, main.scope, { honoursAll: false });
  for (const { id } of [sub, other]) {
    expect(await readNotices(id)).toEqual([
      'Opt-outs of your other accounts count for you too',
      'Only your own opt-outs count for you',
    ]);
  }
  expect(await readNotices(main.id)).toEqual([]);
  const { rows } = await db.pool.query('select kind from activity where account_id = $1 order by id', [
    main.id,
  ]);
  expect(rows).toEqual([{ kind: 'account.honour-all-opt-outs' }, { kind: 'account.honour-own-opt-outs' }]);
});

test('a number is found to be blocked elsewhere by accounts of its own family alone', async () => {
  const main = await createAccount(db.pool);
  const sub = await createAccount(db.pool, { parentAccountId: main.id });
  const stranger = await createAccount(db.pool);
  const [elsewhere, own, strangers] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await createManualOptOut(db.pool, main, elsewhere);
  await createManualOptOut(db.pool, sub, own);
  await createManualOptOut(db.pool, stranger, strangers);
  const numbers = [elsewhere, own, strangers];
  expect(await findBlockedElsewhere(db.pool, sub.scope, numbers)).toEqual(new Set());
  await honourFamilyOptOuts(db.pool, main.scope, { honoursAll: true });
  expect(await findBlockedElsewhere(db.pool, sub.scope, numbers)).toEqual(new Set([elsewhere]));
  expect(await findBlockedElsewhere(db.pool, main.scope, numbers)).toEqual(new Set([own]));
  expect(await findBlockedElsewhere(db.pool, stranger.scope, numbers)).toEqual(new Set());
});
