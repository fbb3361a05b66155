import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkSignIn } from '@/lib/auth/sign-in';
import type { PersonScope } from '@/lib/auth/scope';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import type { TestAccount } from '@/testing/factories';
import {
  computeCode,
  createAccountToSignIn,
  createStaffToSignIn,
  halfSignInAs,
  listTold,
  readLacks,
  setUpApp,
  setUpPasskey,
  signInAs,
  testPassword,
} from '@/testing/second-factors';
import { SoftPasskey, type SoftPasskeyTwist } from '@/testing/soft-passkey';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { beginApp, beginOwnApp, confirmApp, removeApp, renewRecoveryCodes } from './app-commands';
import { askForPasskey } from './assertions';
import { pruneChallenges } from './challenges';
import { addPasskey, beginOwnPasskey, beginPasskey, removePasskey, renamePasskey } from './passkey-commands';
import { askToSignIn, signInWithPasskey } from './passkey-sign-in';
import { readOwnFactors } from './queries';
import { findRelyingParty } from './relying-party';
import { readRequirement, saveRequirement } from './requirement';
import { enterRecoveryCode } from './second-step';

let db: TestDatabase;
let account: TestAccount;
let person: PersonScope;

beforeAll(async () => {
  db = await createTestDatabase();
  vi.spyOn(log, 'warn').mockImplementation(() => undefined);
});
beforeEach(async () => {
  account = await createAccountToSignIn(db.pool);
  person = await signInAs(db.pool, own(), now);
});
afterAll(() => db.close());

const now = new Date('2026-11-28T10:00:10Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const own = () => ({ userId: account.userId, accountId: account.id });
const password = { password: testPassword };
const reasonOf = (outcome: { ok: boolean; reason?: string }) => (outcome.ok ? 'ok' : outcome.reason);
const read = (who = person) => readOwnFactors(db.pool, who);

function checkPassword(username: string, ofStaff = false) {
  const nowhere = { address: null, deviceId: null };
  return checkSignIn(db.pool, { username, password: testPassword }, nowhere, now, ofStaff);
}

async function createOther(): Promise<PersonScope> {
  const other = await createAccountToSignIn(db.pool);
  return signInAs(db.pool, { userId: other.userId, accountId: other.id }, now);
}

describe('an authenticator app', () => {
  test('is set up with a code, after which the password alone no longer does', async () => {
    expect(await checkPassword(account.username)).toMatchObject({ lacksSecondFactor: false });
    const begun = await beginOwnApp(db.pool, person, password, now);
    if (!begun.ok) throw new Error(begun.message);
    // Not before the code has shown that the app has it.
    expect(await checkPassword(account.username)).toMatchObject({ lacksSecondFactor: false });
    expect((await read()).appSince).toBeNull();
    const wrong = await confirmApp(db.pool, person, '000000', now);
    expect(reasonOf(wrong)).toBe('wrong');
    const fast = await confirmApp(db.pool, person, computeCode(begun.setup.secret, at(300)), now);
    expect(reasonOf(fast)).toBe('clock');

    const done = await confirmApp(db.pool, person, computeCode(begun.setup.secret, now), now);
    expect(done.ok && done.codes).toHaveLength(10);
    expect(await read()).toMatchObject({ appSince: now.toISOString(), codesLeft: 10, isRequired: false });
    expect(await checkPassword(account.username)).toMatchObject({
      ok: true,
      userId: account.userId,
      lacksSecondFactor: true,
    });
    expect(await listTold(db.pool, account.userId)).toEqual(['app-added']);
    // The session that did it goes on.
    expect(await readLacks(db.pool, person.sessionId)).toBe(false);
  });

  test('its secret and the recovery codes are not to be read in the database', async () => {
    const { secret, codes } = await setUpApp(db.pool, person, now);
    const { rows } = await db.pool.query(
      `select to_jsonb(app) as app, (select jsonb_agg(code) from recovery_code code where code.user_id = app.user_id) as codes
       from authenticator_app app where user_id = $1`,
      [account.userId],
    );
    const kept = JSON.stringify(rows);
    expect(kept).toContain('code_hash');
    expect(kept).not.toContain(secret.replaceAll(' ', ''));
    for (const code of codes) expect(kept).not.toContain(code.replaceAll('-', ''));
  });

  test('is replaced only once the new one has shown a code; the recovery codes stay', async () => {
    const { secret } = await setUpApp(db.pool, person, now);
    const begun = await beginApp(db.pool, person, at(100));
    if (!begun.ok) throw new Error(begun.message);
    expect(reasonOf(await confirmApp(db.pool, person, computeCode(secret, at(100)), at(100)))).toBe('wrong');
    expect(await confirmApp(db.pool, person, computeCode(begun.setup.secret, at(100)), at(100))).toEqual({
      ok: true,
      codes: null,
    });
    expect(await listTold(db.pool, account.userId)).toEqual(['app-added', 'app-replaced']);
    expect((await read()).codesLeft).toBe(10);
  });

  test('begun twice, the newer one counts; begun an hour ago, none does', async () => {
    const first = await beginApp(db.pool, person, now);
    const second = await beginApp(db.pool, person, now);
    if (!first.ok || !second.ok) throw new Error('not begun');
    expect(second.setup.secret).not.toBe(first.setup.secret);
    const late = at(3600);
    expect(reasonOf(await confirmApp(db.pool, person, computeCode(second.setup.secret, late), late))).toBe(
      'gone',
    );
    expect(reasonOf(await confirmApp(db.pool, person, computeCode(first.setup.secret, now), now))).toBe(
      'wrong',
    );
    expect(reasonOf(await confirmApp(db.pool, person, computeCode(second.setup.secret, now), now))).toBe(
      'ok',
    );
  });

  test('is removed by whoever knows the password, with its codes, and they are told', async () => {
    await setUpApp(db.pool, person, now);
    expect(reasonOf(await removeApp(db.pool, person, { password: 'a guess' }, now))).toBe('password');
    expect((await read()).appSince).not.toBeNull();
    expect(await removeApp(db.pool, person, password, now)).toEqual({ ok: true });
    expect(await removeApp(db.pool, person, password, now)).toEqual({ ok: true });
    expect(await read()).toMatchObject({ appSince: null, codesLeft: 0 });
    expect(await listTold(db.pool, account.userId)).toEqual(['app-added', 'app-removed']);
    expect(await checkPassword(account.username)).toMatchObject({ lacksSecondFactor: false });
  });
});

describe('a proof', () => {
  test('by password is tried ten times in a quarter of an hour, each person by themselves', async () => {
    const tries: (string | undefined)[] = [];
    for (let n = 0; n < 12; n++) {
      tries.push(reasonOf(await beginOwnApp(db.pool, person, { password: `guess ${n}` }, now)));
    }
    expect(tries).toEqual([...Array<string>(10).fill('password'), 'throttled', 'throttled']);
    expect(reasonOf(await beginOwnApp(db.pool, person, password, now))).toBe('throttled');
    expect(reasonOf(await beginOwnApp(db.pool, await createOther(), password, now))).toBe('ok');
  });

  test('by passkey counts, of one’s own alone, and for nothing but a proof', async () => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    const other = await createOther();
    const stranger = await setUpPasskey(db.pool, other, now);
    const ask = async (purpose: 'PROOF' | 'SECOND_STEP' = 'PROOF') =>
      (await askForPasskey(db.pool, { purpose, userId: person.userId }, now)) as { challenge: string };
    const renew = (answer: string) => renewRecoveryCodes(db.pool, person, { passkey: answer }, now);
    expect(reasonOf(await renew(stranger.passkey.answer(await ask())))).toBe('passkey');
    expect(reasonOf(await renew(passkey.answer(await ask('SECOND_STEP'))))).toBe('passkey');
    const renewed = await renew(passkey.answer(await ask()));
    expect(renewed.ok && renewed.codes).toHaveLength(10);
  });
});

test('recovery codes are renewed: those before no longer work', async () => {
  expect(reasonOf(await renewRecoveryCodes(db.pool, person, password, now))).toBeUndefined();
  const { codes } = await setUpApp(db.pool, person, now);
  const renewed = await renewRecoveryCodes(db.pool, person, password, now);
  if (!renewed.ok) throw new Error(renewed.message);
  const half = await halfSignInAs(db.pool, own(), now);
  expect(reasonOf(await enterRecoveryCode(db.pool, half, codes[0] as string, now))).toBe('wrong');
  expect(reasonOf(await enterRecoveryCode(db.pool, half, renewed.codes[0] as string, now))).toBe('ok');
  expect((await read()).codesLeft).toBe(9);
});

describe('a passkey', () => {
  const signIn = async (passkey: SoftPasskey, twist: SoftPasskeyTwist = {}, moment = now) => {
    const asked = await askToSignIn(db.pool, null, now);
    if (!asked.ok) throw new Error(asked.message);
    return signInWithPasskey(db.pool, passkey.answer(asked.options, twist), moment);
  };

  test('is made with a proof, and signs in by itself, whoever it is of', async () => {
    const begun = await beginOwnPasskey(db.pool, person, { password: 'a guess' }, now);
    expect(reasonOf(begun)).toBe('password');
    const { passkey, codes } = await setUpPasskey(db.pool, person, now);
    expect(codes).toHaveLength(10);
    const other = await createOther();
    const others = await setUpPasskey(db.pool, other, now);
    expect(await signIn(passkey)).toEqual({
      ok: true,
      userId: account.userId,
      username: account.username,
    });
    expect(await signIn(others.passkey)).toMatchObject({ ok: true, userId: other.userId });
    expect((await read()).passkeys).toMatchObject([{ name: 'Test', lastUsedAt: now.toISOString() }]);
    // The password alone does no longer.
    expect(await checkPassword(account.username)).toMatchObject({ lacksSecondFactor: true });
  });

  test.each<[string, SoftPasskeyTwist]>([
    ['signed for another site', { origin: 'https://evil.example' }],
    ['signed for another host', { rpId: 'evil.example' }],
    ['signed without a look at its owner', { isVerified: false }],
    ['signed what was not asked', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['says it is somebody else’s', { userHandle: Buffer.from('somebody').toString('base64url') }],
  ])('that %s is refused', async (_, twist) => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    expect(await signIn(passkey, twist)).toEqual({ ok: false, reason: 'passkey' });
    expect(await signIn(passkey)).toMatchObject({ ok: true });
  });

  test('answers each challenge once, and in five minutes', async () => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    const asked = await askToSignIn(db.pool, null, now);
    if (!asked.ok) throw new Error(asked.message);
    const answer = passkey.answer(asked.options);
    const both = await Promise.all([1, 2].map(() => signInWithPasskey(db.pool, answer, now)));
    expect(both.map(reasonOf).sort()).toEqual(['ok', 'passkey']);
    expect(reasonOf(await signIn(passkey, {}, at(299)))).toBe('ok');
    expect(reasonOf(await signIn(passkey, {}, at(300)))).toBe('passkey');
  });

  test('whose counter does not go up is taken for a copy; one that does not count is none', async () => {
    const counting = new SoftPasskey(env.APP_URL);
    counting.counter = 7;
    await setUpPasskey(db.pool, person, now, counting);
    expect(reasonOf(await signIn(counting, { counter: 8 }))).toBe('ok');
    expect(reasonOf(await signIn(counting, { counter: 8 }))).toBe('passkey');
    expect(reasonOf(await signIn(counting, { counter: 0 }))).toBe('passkey');
    expect(reasonOf(await signIn(counting, { counter: 9 }))).toBe('ok');
    const resting = await setUpPasskey(db.pool, person, now);
    for (let n = 0; n < 2; n++) expect(reasonOf(await signIn(resting.passkey))).toBe('ok');
  });

  test('of a suspended person, or of one that was removed, signs nobody in', async () => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [account.userId]);
    expect(reasonOf(await signIn(passkey))).toBe('suspended');
    await db.pool.query(`update portal_user set status = 'ACTIVE' where id = $1`, [account.userId]);
    await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]);
    expect(reasonOf(await signIn(passkey))).toBe('suspended');
    await db.pool.query(`update account set status = 'ACTIVE' where id = $1`, [account.id]);
    expect(reasonOf(await signIn(passkey))).toBe('ok');
    expect(reasonOf(await removePasskey(db.pool, person, { id: passkey.id, proof: password }, now))).toBe(
      'ok',
    );
    expect(reasonOf(await signIn(passkey))).toBe('passkey');
    expect(await listTold(db.pool, account.userId)).toEqual(['passkey-added', 'passkey-removed']);
  });

  test('is its owner’s: nobody else names it, removes it, or makes it theirs', async () => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    const other = await createOther();
    const { id } = passkey;
    expect(reasonOf(await renamePasskey(db.pool, other, { id, name: 'Mine' }))).toBeUndefined();
    await removePasskey(db.pool, other, { id, proof: password }, now);
    const begun = await beginPasskey(db.pool, other, now);
    if (!begun.ok) throw new Error(begun.message);
    const again = { answer: passkey.register(begun.options), name: 'Mine' };
    expect(reasonOf(await addPasskey(db.pool, other, again, now))).toBe('passkey');
    expect((await read()).passkeys.map(({ name }) => name)).toEqual(['Test']);
    expect((await read(other)).passkeys).toEqual([]);
    expect(await renamePasskey(db.pool, person, { id, name: ' My  phone ' })).toEqual({ ok: true });
    expect((await read()).passkeys.map(({ name }) => name)).toEqual(['My phone']);
    expect((await renamePasskey(db.pool, person, { id, name: ' ' })).ok).toBe(false);
  });

  test('what another person was asked to make is refused, and so is what was made elsewhere', async () => {
    const other = await createOther();
    const [mine, theirs] = [
      await beginPasskey(db.pool, person, now),
      await beginPasskey(db.pool, other, now),
    ];
    if (!mine.ok || !theirs.ok) throw new Error('not begun');
    const made = (options: typeof mine.options, twist: SoftPasskeyTwist = {}) => ({
      answer: new SoftPasskey(env.APP_URL).register(options, twist),
      name: '',
    });
    expect(reasonOf(await addPasskey(db.pool, person, made(theirs.options), now))).toBe('passkey');
    const elsewhere = made(mine.options, { origin: 'https://evil.example' });
    expect(reasonOf(await addPasskey(db.pool, person, elsewhere, now))).toBe('passkey');
    const fresh = await beginPasskey(db.pool, person, now);
    if (!fresh.ok) throw new Error(fresh.message);
    expect(reasonOf(await addPasskey(db.pool, person, made(fresh.options), now))).toBe('ok');
    expect((await read()).passkeys.map(({ name }) => name)).toEqual(['Passkey of one device']);
  });

  test.each(['', '{}', 'null', '[1]', '{"id":"x"}', `{"id":"${'a'.repeat(30_000)}"}`, '{"__proto__":1}'])(
    'what is no answer at all is refused (%#)',
    async (nonsense) => {
      expect(await signInWithPasskey(db.pool, nonsense, now)).toEqual({ ok: false, reason: 'passkey' });
      expect(reasonOf(await addPasskey(db.pool, person, { answer: nonsense, name: '' }, now))).toBe(
        'passkey',
      );
    },
  );

  test('challenges that nobody answered are cleared', async () => {
    const asked = await askToSignIn(db.pool, null, now);
    if (!asked.ok) throw new Error(asked.message);
    const count = async () =>
      (await db.pool.query('select from passkey_challenge where challenge = $1', [asked.options.challenge]))
        .rowCount;
    await pruneChallenges(db.pool, at(299));
    expect(await count()).toBe(1);
    await pruneChallenges(db.pool, at(300));
    expect(await count()).toBe(0);
  });

  test('strangers cannot fill the table: a network asks a hundred times in a quarter of an hour', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 110 }, (_, n) => askToSignIn(db.pool, `2001:db8:5:6:${n}::1`, now)),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(100);
    expect((await askToSignIn(db.pool, '203.0.113.5', now)).ok).toBe(true);
  });

  test.each([
    ['http://localhost:3000', 'localhost'],
    ['https://zone.example.com', 'zone.example.com'],
    ['http://zone.example.com', undefined],
    ['https://203.0.113.9', undefined],
    ['http://127.0.0.1:3000', undefined],
    ['https://[2001:db8::1]:8443', undefined],
  ])('is made where browsers make any: %s', (url, id) => {
    expect(findRelyingParty(url)?.id).toBe(id);
  });
});

describe('whoever must have a second factor', () => {
  const halfOf = (moment = now) => halfSignInAs(db.pool, own(), moment);

  test('an account asks for it once somebody has one; the others are told, and led to it at their next sign-in', async () => {
    const { scope } = account;
    expect(reasonOf(await saveRequirement(db.pool, scope, true, now))).toBe('own-first');
    await setUpApp(db.pool, person, now);
    const colleague = await addColleague();
    expect(await readRequirement(db.pool, scope)).toEqual({ isRequired: false, people: 2, withFactor: 1 });
    const twice = await Promise.all([1, 2].map(() => saveRequirement(db.pool, scope, true, now)));
    expect(twice.map(reasonOf)).toEqual(['ok', 'ok']);
    expect(await readRequirement(db.pool, scope)).toEqual({ isRequired: true, people: 2, withFactor: 1 });
    expect(await listTold(db.pool, colleague.id)).toEqual(['second-factor-required']);
    expect(await listTold(db.pool, account.userId)).toEqual(['app-added']);
    expect(await checkPassword(colleague.username)).toMatchObject({ ok: true, lacksSecondFactor: true });

    const stranger = await createAccountToSignIn(db.pool);
    expect(await checkPassword(stranger.username)).toMatchObject({ lacksSecondFactor: false });
    expect(await readRequirement(db.pool, stranger.scope)).toMatchObject({ isRequired: false, people: 1 });
    expect(await saveRequirement(db.pool, scope, false, now)).toEqual({ ok: true });
    expect(await checkPassword(colleague.username)).toMatchObject({ lacksSecondFactor: false });
  });

  async function addColleague(): Promise<{ id: number; username: string }> {
    const { rows } = await db.pool.query<{ id: number; username: string }>(
      `with colleague as (
         insert into portal_user (username, email, name, password_hash, role)
         select username || '-colleague', email, name, password_hash, role from portal_user where id = $1
         returning id, username
       ), member as (
         insert into membership (account_id, user_id, role)
         select account_id, colleague.id, 'SENDER' from membership, colleague where user_id = $1
       )
       select id, username from colleague`,
      [account.userId],
    );
    return rows[0] as { id: number; username: string };
  }

  test('keeps their last one; with another, either goes', async () => {
    const { passkey } = await setUpPasskey(db.pool, person, now);
    await saveRequirement(db.pool, account.scope, true, now);
    const removal = { id: passkey.id, proof: password };
    expect(reasonOf(await removePasskey(db.pool, person, removal, now))).toBe('required');
    await setUpApp(db.pool, person, now);
    const outcomes = await Promise.all([
      removePasskey(db.pool, person, removal, now),
      removeApp(db.pool, person, password, now),
    ]);
    // Two browsers at the same moment do not remove both.
    expect(outcomes.map(reasonOf).sort()).toEqual(['ok', 'required']);
    const { appSince, passkeys, codesLeft } = await read();
    expect((appSince === null ? 0 : 1) + passkeys.length).toBe(1);
    expect(codesLeft).toBe(10);
  });

  test('who has half signed in sets up a first one, and has then signed in', async () => {
    const half = await halfOf();
    const { secret, codes } = await setUpApp(db.pool, half, now);
    expect(codes).toHaveLength(10);
    expect(secret).not.toBe('');
    expect(await readLacks(db.pool, half.sessionId)).toBe(false);

    const other = await createAccountToSignIn(db.pool);
    const othersHalf = await halfSignInAs(db.pool, { userId: other.userId, accountId: other.id }, now);
    expect((await setUpPasskey(db.pool, othersHalf, now)).codes).toHaveLength(10);
    expect(await readLacks(db.pool, othersHalf.sessionId)).toBe(false);
  });

  test('who has half signed in adds none to those that are there: the password alone must not get past them', async () => {
    const half = await halfOf();
    const begun = await beginApp(db.pool, half, now);
    const asked = await beginPasskey(db.pool, half, now);
    if (!begun.ok || !asked.ok) throw new Error('not begun');
    await setUpPasskey(db.pool, person, now);
    expect(reasonOf(await beginApp(db.pool, half, now))).toBe('has-one');
    expect(reasonOf(await confirmApp(db.pool, half, computeCode(begun.setup.secret, now), now))).toBe(
      'has-one',
    );
    const made = { answer: new SoftPasskey(env.APP_URL).register(asked.options), name: '' };
    expect(reasonOf(await addPasskey(db.pool, half, made, now))).toBe('has-one');
    expect(await readLacks(db.pool, half.sessionId)).toBe(true);
    expect((await read()).passkeys).toHaveLength(1);
  });

  test('who takes more than half an hour has set up nothing', async () => {
    const half = await halfOf(at(-1700));
    const begun = await beginApp(db.pool, half, now);
    const asked = await beginPasskey(db.pool, half, now);
    if (!begun.ok || !asked.ok) throw new Error('not begun');
    const late = at(200);
    expect(reasonOf(await confirmApp(db.pool, half, computeCode(begun.setup.secret, late), late))).toBe(
      'ended',
    );
    const made = { answer: new SoftPasskey(env.APP_URL).register(asked.options), name: '' };
    expect((await addPasskey(db.pool, half, made, late)).ok).toBe(false);
    expect(await read()).toMatchObject({ appSince: null, passkeys: [], codesLeft: 0 });
    expect(await listTold(db.pool, account.userId)).toEqual([]);
  });

  test('each member of staff must, outside the demo', async () => {
    const staffId = await createStaffToSignIn(db.pool);
    const { rows } = await db.pool.query<{ username: string }>(
      'select username from portal_user where id = $1',
      [staffId],
    );
    const username = rows[0]?.username as string;
    expect(await checkPassword(username, true)).toMatchObject({ ok: true, lacksSecondFactor: true });
    expect(await checkPassword(username, false)).toMatchObject({ ok: true, lacksSecondFactor: false });
    // Without a word in the environment they must.
    const staff = await signInAs(db.pool, { userId: staffId, accountId: null }, now);
    await setUpApp(db.pool, staff, now);
    expect(reasonOf(await removeApp(db.pool, staff, password, now))).toBe('required');
  });
});
