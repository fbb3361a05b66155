import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as passwords from '@/lib/auth/password';
import { hashPassword } from '@/lib/auth/password';
import { findLiveSession, startSession } from '@/lib/auth/sessions';
import { checkSignIn } from '@/lib/auth/sign-in';
import { createAccount, createSenderNumber, createUser, nextMsisdn } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects, otherThan, readToken, takeCode, takeServiceSms } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { askRecovery, askUsernames, choosePassword, readRecoveryLink } from './recovery';

vi.mock('@/lib/auth/password', async (load) => {
  const actual = await load<typeof passwords>();
  return { ...actual, hashPassword: vi.fn(actual.hashPassword) };
});

let db: TestDatabase;
let mail: MemoryMail;
let oldHash: string;
const old = 'roses and violets';
const next = 'a field of lavender';
beforeAll(async () => {
  db = await createTestDatabase();
  await createSenderNumber(db.pool);
  oldHash = await hashPassword(old);
});
beforeEach(() => {
  mail = new MemoryMail();
});
afterAll(() => db.close());

const now = new Date();
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
/** By the database’s clock, an e-mail that was queued just now is due. */
const soon = () => new Date(Date.now() + 60_000);
const nowhere = { address: null };

interface Person {
  userId: number;
  username: string;
  email: string;
  msisdn: string;
}
async function createPerson(options: { status?: 'SUSPENDED'; staff?: true } = {}): Promise<Person> {
  const account = options.staff ? null : await createAccount(db.pool, { status: options.status });
  const username = `person-${randomUUID().slice(0, 8)}`;
  const email = `${username}@florist.example`;
  const msisdn = nextMsisdn();
  const userId = await createUser(db.pool, {
    username,
    email,
    msisdn,
    accountId: account?.id ?? null,
    passwordHash: oldHash,
  });
  return { userId, username, email, msisdn };
}

async function ask(username: string, way: 'link' | 'code', at = now): Promise<void> {
  expect(await askRecovery(db.pool, { username, way }, nowhere, at)).toEqual({ ok: true });
  await runDueJobs(db.pool, soon(), mail);
}
const choose = (form: Parameters<typeof choosePassword>[1], at = now) =>
  choosePassword(db.pool, form, nowhere, at);
const canSignIn = async ({ username }: Person, password: string) =>
  (await checkSignIn(db.pool, { username, password }, { address: null, deviceId: randomUUID() })).ok;
const startOne = async ({ userId }: Person) =>
  (await startSession(db.pool, userId, { userAgent: null, address: null }, new Date())).id;
const isLive = async (id: string) => (await findLiveSession(db.pool, id, new Date())) !== null;

describe('by a link', () => {
  test.each([{}, { staff: true as const }])(
    'a new password ends all sessions, and is told: %j',
    async (options) => {
      const person = await createPerson(options);
      const sessions = [await startOne(person), await startOne(person)];
      await ask(person.username, 'link');
      expect(listSubjects(mail, person.email)).toEqual(['Choose a new password for the Client Zone']);
      const token = readToken(mail, person.email);
      // Who was added by others and has not signed in yet chooses a first one.
      for (const newcomer of [person.username, null]) {
        expect(await readRecoveryLink(db.pool, token, now)).toEqual({ ok: true, newcomer });
        await db.pool.query('update portal_user set last_sign_in_at = $2 where id = $1', [
          person.userId,
          now,
        ]);
      }
      expect(await canSignIn(person, old)).toBe(true);
      expect(await choose({ token, password: next })).toEqual({ ok: true });
      expect(await canSignIn(person, old)).toBe(false);
      expect(await canSignIn(person, next)).toBe(true);
      for (const id of sessions) expect(await isLive(id)).toBe(false);
      await runDueJobs(db.pool, soon(), mail);
      expect(listSubjects(mail, person.email).at(-1)).toBe('Your password for the Client Zone was changed');
      // used, whoever presses again
      expect(await choose({ token, password: 'another field of it' })).toMatchObject({
        ok: false,
        reason: 'used',
      });
      expect(await canSignIn(person, next)).toBe(true);
      const { rows } = await db.pool.query('select kind from activity where user_id = $1', [person.userId]);
      expect(rows).toEqual([{ kind: 'password.recover' }]);
    },
  );

  test('ends with a newer one, and with a password that a code has set', async () => {
    const person = await createPerson();
    await ask(person.username, 'link');
    const first = readToken(mail, person.email);
    await ask(person.username, 'link', after(1));
    const second = readToken(mail, person.email);
    expect(await choose({ token: first, password: next })).toMatchObject({ ok: false, reason: 'replaced' });
    await ask(person.username, 'code');
    const code = await takeCode(db.pool, person.msisdn);
    expect(await choose({ username: person.username, code, password: next })).toEqual({ ok: true });
    expect(await choose({ token: second, password: 'something else at all' })).toMatchObject({ ok: false });
    expect(await canSignIn(person, next)).toBe(true);
  });

  test('is over after half an hour, and is not used up by a password that is refused', async () => {
    const person = await createPerson();
    await ask(person.username, 'link');
    const token = readToken(mail, person.email);
    for (const password of ['short', 'P@ssw0rd2024', person.username]) {
      expect(await choose({ token, password })).toMatchObject({
        fields: { password: expect.any(String) as string },
      });
    }
    expect(await choose({ token, password: next }, after(1800))).toMatchObject({
      ok: false,
      reason: 'expired',
    });
    expect(await choose({ token, password: next }, after(1799))).toEqual({ ok: true });
  });

  test('that is none has no password hashed, however often it is tried', async () => {
    vi.mocked(hashPassword).mockClear();
    for (const token of ['', 'x'.repeat(80), `${randomUUID()}.${'x'.repeat(43)}`]) {
      expect(await choosePassword(db.pool, { token, password: next }, nowhere, now)).toMatchObject({
        ok: false,
        reason: 'unknown',
      });
    }
    expect(hashPassword).not.toHaveBeenCalled();
  });

  test('pressed twice at the same moment sets one password', async () => {
    const person = await createPerson();
    await ask(person.username, 'link');
    const token = readToken(mail, person.email);
    const results = await Promise.all([
      choose({ token, password: 'one field of lavender' }),
      choose({ token, password: 'two fields of lavender' }),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('an e-mail that failed is tried again at its own address, not at the owner’s', async () => {
    const person = await createPerson();
    await ask(person.username, 'link');
    const { rows } = await db.pool.query<{ recipient: string; is_to_owner: boolean }>(
      'select recipient, is_to_owner from email where recipient = $1',
      [person.email],
    );
    expect(rows).toEqual([{ recipient: person.email, is_to_owner: false }]);
  });
});

describe('by a code', () => {
  test('goes to the confirmed number; five wrong ones are enough', async () => {
    const person = await createPerson();
    await ask(person.username, 'code');
    const code = await takeCode(db.pool, person.msisdn);
    const wrong = { username: person.username, code: otherThan(code), password: next };
    expect(await choose({ ...wrong, code, password: person.username })).toMatchObject({
      fields: { password: expect.any(String) as string },
    });
    for (let n = 0; n < 5; n++) {
      expect(await choose(wrong)).toMatchObject({
        ok: false,
        fields: { code: expect.any(String) as string },
      });
    }
    expect(await choose({ ...wrong, code })).toMatchObject({ ok: false });
    expect(await canSignIn(person, old)).toBe(true);
  });

  test('a password that its owner must not have does not use it up', async () => {
    const person = await createPerson();
    await db.pool.query(`update portal_user set name = 'Lavender Fieldhouse' where id = $1`, [person.userId]);
    await ask(person.username, 'code');
    const code = await takeCode(db.pool, person.msisdn);
    const form = { username: person.username, code, password: 'LavenderFieldhouse1' };
    expect(await choose(form)).toMatchObject({
      fields: { password: expect.stringContaining('knows you') as string },
    });
    // of a stranger, without the code, the same password says nothing of the name
    expect(await choose({ ...form, code: otherThan(code) })).toMatchObject({
      fields: { code: expect.any(String) as string },
    });
    expect(await choose({ ...form, password: next })).toEqual({ ok: true });
  });

  test('guessed again and again is held back, over many codes', async () => {
    const person = await createPerson();
    const outcomes: (string | undefined)[] = [];
    for (let n = 0; n < 25; n++) {
      const result = await choose({ username: person.username, code: '000000', password: next });
      outcomes.push(result.ok ? 'ok' : result.reason);
    }
    expect(outcomes.filter((outcome) => outcome === 'throttled')).toHaveLength(5);
  });
});

describe('tells nobody who there is', () => {
  test('the same answer by the same statements for a user, nobody, and a suspended account', async () => {
    const person = await createPerson();
    const suspended = await createPerson({ status: 'SUSPENDED' });
    const names = [person.username, 'nobody-at-all', suspended.username];
    const asking: string[][] = [];
    const guessing: string[][] = [];
    const answers: unknown[] = [];
    for (const username of names) {
      asking.push(
        await watchStatements(async () => {
          answers.push(await askRecovery(db.pool, { username, way: 'link' }, nowhere, now));
        }),
      );
      guessing.push(
        await watchStatements(async () => {
          answers.push(await choose({ username, code: '123456', password: next }));
        }),
      );
    }
    expect(new Set(asking.map((statements) => statements.join('\n'))).size).toBe(1);
    expect(guessing[0]?.some((text) => text.includes('one_time_secret'))).toBe(true);
    expect(new Set(guessing.map((statements) => statements.join('\n'))).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(2);
    await runDueJobs(db.pool, soon(), mail);
    expect(listSubjects(mail, person.email)).toHaveLength(1);
    expect(listSubjects(mail, suspended.email)).toEqual([]);
    expect(await takeServiceSms(db.pool, suspended.msisdn)).toEqual([]);
  });

  test('a forgotten username is mailed, all of an address; nothing to an address of nobody', async () => {
    const person = await createPerson();
    const account = await createAccount(db.pool);
    const second = `second-${person.username}`;
    await createUser(db.pool, { username: second, email: person.email.toUpperCase(), accountId: account.id });
    const seen: string[][] = [];
    for (const email of [person.email, 'nobody@florist.example']) {
      seen.push(
        await watchStatements(async () => {
          expect(await askUsernames(db.pool, { email }, nowhere, now)).toEqual({ ok: true });
        }),
      );
    }
    expect(new Set(seen.map((statements) => statements.join('\n'))).size).toBe(1);
    await runDueJobs(db.pool, soon(), mail);
    const [email, ...others] = mail.taken.filter(({ subject }) => subject.startsWith('Your username'));
    expect(others).toEqual([]);
    expect(email?.to).toBe(person.email);
    expect(email?.text).toContain(person.username);
    expect(email?.text).toContain(second);
  });

  test('is held back by the name that is typed, whoever that is', async () => {
    for (const username of [(await createPerson()).username, `nobody-${randomUUID()}`]) {
      for (let n = 0; n < 5; n++) {
        expect(await askRecovery(db.pool, { username, way: 'link' }, nowhere, now)).toEqual({ ok: true });
      }
      expect(await askRecovery(db.pool, { username, way: 'link' }, nowhere, now)).toMatchObject({
        reason: 'throttled',
      });
    }
  });
});
