import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPassword } from '@/lib/auth/password';
import { mintPersonScope } from '@/lib/auth/scope';
import { findLiveSession, startSession } from '@/lib/auth/sessions';
import { checkSignIn } from '@/lib/auth/sign-in';
import { createAccount, createSenderNumber, createUser, nextMsisdn } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects, otherThan, readToken, takeCode, takeServiceSms } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  askEmailChange,
  askNumberChange,
  changePassword,
  confirmEmailChange,
  confirmNumberChange,
  readOwnDetails,
} from './own-details';
import { askRecovery, choosePassword } from './recovery';

let db: TestDatabase;
let mail: MemoryMail;
let passwordHash: string;
const current = 'roses and violets';
beforeAll(async () => {
  db = await createTestDatabase();
  await createSenderNumber(db.pool);
  passwordHash = await hashPassword(current);
});
beforeEach(() => {
  mail = new MemoryMail();
});
afterAll(() => db.close());

const now = new Date();
/** By the database’s clock, an e-mail that was queued just now is due. */
const runJobs = () => runDueJobs(db.pool, new Date(Date.now() + 60_000), mail);
const nowhere = { address: null };

async function createSelf(options: { trial?: boolean } = {}) {
  const msisdn = nextMsisdn();
  const account = await createAccount(db.pool, options.trial ? { trialMsisdn: msisdn } : {});
  const username = `self-${randomUUID().slice(0, 8)}`;
  const email = `${username}@florist.example`;
  const userId = await createUser(db.pool, { username, email, msisdn, accountId: account.id, passwordHash });
  await db.pool.query('update account set owner_email = $2 where id = $1', [account.id, email.toUpperCase()]);
  const { id: sessionId } = await startSession(
    db.pool,
    userId,
    { userAgent: null, address: null },
    new Date(),
  );
  const scope = mintPersonScope({ userId, accountId: account.id, sessionId, address: null });
  return { ...scope, account, username, email, msisdn };
}
type Created = Awaited<ReturnType<typeof createSelf>>;
const canSignIn = async ({ username }: Created, password: string) =>
  (await checkSignIn(db.pool, { username, password }, { address: null, deviceId: randomUUID() })).ok;
const isLive = async (id: string) => (await findLiveSession(db.pool, id, new Date())) !== null;

describe('the password', () => {
  test('is changed with the present one; other sessions end, this one goes on, and it is told', async () => {
    const self = await createSelf();
    const other = await startSession(db.pool, self.userId, { userAgent: null, address: null }, new Date());
    expect(
      await changePassword(db.pool, self, { current: 'a guess', password: 'a field of lavender' }),
    ).toMatchObject({
      fields: { current: expect.any(String) as string },
    });
    for (const password of ['short', current, self.username, 'P@ssw0rd2024']) {
      expect(await changePassword(db.pool, self, { current, password })).toMatchObject({
        fields: { password: expect.any(String) as string },
      });
    }
    expect(await isLive(other.id)).toBe(true);
    expect(await changePassword(db.pool, self, { current, password: 'a field of lavender' })).toEqual({
      ok: true,
    });
    expect(await isLive(other.id)).toBe(false);
    expect(await isLive(self.sessionId)).toBe(true);
    expect(await canSignIn(self, 'a field of lavender')).toBe(true);
    expect(await canSignIn(self, current)).toBe(false);
    await runJobs();
    expect(listSubjects(mail, self.email)).toEqual(['Your password for the Client Zone was changed']);
  });

  test('guessed at an open page is held back', async () => {
    const self = await createSelf();
    for (let n = 0; n < 10; n++) {
      expect(
        await changePassword(db.pool, self, { current: 'a guess', password: 'a field of lavender' }),
      ).toMatchObject({
        reason: 'invalid',
      });
    }
    expect(await changePassword(db.pool, self, { current, password: 'a field of lavender' })).toMatchObject({
      reason: 'throttled',
    });
  });
});

describe('the e-mail address', () => {
  test('is confirmed at the new one, by whatever browser, and told to the old one; the account’s goes along', async () => {
    const self = await createSelf();
    const email = `new-${self.email}`;
    expect(await askEmailChange(db.pool, self, { email, current: 'a guess' })).toMatchObject({ ok: false });
    expect(await askEmailChange(db.pool, self, { email, current }, now)).toEqual({ ok: true });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({
      email: self.email,
      newEmail: email,
    });
    await runJobs();
    expect(listSubjects(mail, self.email)).toEqual([]);
    const token = readToken(mail, email);
    expect(await confirmEmailChange(db.pool, token, nowhere, now)).toEqual({ ok: true });
    expect(await confirmEmailChange(db.pool, token, nowhere, now)).toMatchObject({
      ok: false,
      reason: 'used',
    });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({ email, newEmail: null });
    await runJobs();
    expect(listSubjects(mail, self.email)).toEqual(['Your details in the Client Zone were changed']);
    const { rows } = await db.pool.query('select owner_email from account where id = $1', [self.account.id]);
    expect(rows).toEqual([{ owner_email: email }]);
  });

  test('cannot be changed by whoever began it with a password that is no longer the password', async () => {
    const self = await createSelf();
    const email = `thief-${self.email}`;
    await askEmailChange(db.pool, self, { email, current }, now);
    await askRecovery(db.pool, { username: self.username, way: 'link' }, nowhere, now);
    await runJobs();
    const recovering = { token: readToken(mail, self.email), password: 'a field of lavender' };
    expect(await choosePassword(db.pool, recovering, nowhere, now)).toEqual({ ok: true });
    expect(await confirmEmailChange(db.pool, readToken(mail, email), nowhere, now)).toMatchObject({
      ok: false,
      reason: 'replaced',
    });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({ email: self.email });
  });

  test('that is the old one recovers no password, by a link that came to it before', async () => {
    const self = await createSelf();
    const email = `new-${self.email}`;
    await askRecovery(db.pool, { username: self.username, way: 'link' }, nowhere, now);
    await askEmailChange(db.pool, self, { email, current }, now);
    await runJobs();
    expect(await confirmEmailChange(db.pool, readToken(mail, email), nowhere, now)).toEqual({ ok: true });
    const recovering = { token: readToken(mail, self.email), password: 'a field of lavender' };
    expect(await choosePassword(db.pool, recovering, nowhere, now)).toMatchObject({ reason: 'replaced' });
    expect(await canSignIn(self, current)).toBe(true);
  });

  test('of somebody else gets another e-mail, and the page says the same', async () => {
    const [self, other] = [await createSelf(), await createSelf()];
    expect(await askEmailChange(db.pool, self, { email: other.email.toUpperCase(), current }, now)).toEqual({
      ok: true,
    });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({
      newEmail: other.email.toUpperCase(),
    });
    await runJobs();
    expect(listSubjects(mail, other.email.toUpperCase())).toEqual([
      'Your address was entered for another user of the Client Zone',
    ]);
    expect(() => readToken(mail, other.email.toUpperCase())).toThrow('no link');
  });

  test('that two ask for at the same moment goes to one of them', async () => {
    const [self, other] = [await createSelf(), await createSelf()];
    const email = `wanted-${randomUUID()}@florist.example`;
    for (const one of [self, other]) await askEmailChange(db.pool, one, { email, current }, now);
    await runJobs();
    const tokens = mail.taken.flatMap(({ to, text }) =>
      to === email ? [/token=(\S+)/.exec(text)?.[1] as string] : [],
    );
    expect(tokens).toHaveLength(2);
    const results = await Promise.all(
      tokens.map((token) => confirmEmailChange(db.pool, token, nowhere, now)),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('the cell number', () => {
  test('is confirmed by a code to the new one, and told to the old one; a trial writes to the new one', async () => {
    const self = await createSelf({ trial: true });
    const msisdn = nextMsisdn();
    const typed = { number: msisdn as never, current };
    expect(await askNumberChange(db.pool, self, { ...typed, current: 'a guess' }, now)).toMatchObject({
      ok: false,
    });
    expect(await askNumberChange(db.pool, self, typed, now)).toEqual({ ok: true });
    expect(await askNumberChange(db.pool, self, typed, now)).toMatchObject({ reason: 'too-soon' });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({
      msisdn: self.msisdn,
      newMsisdn: msisdn,
    });
    const code = await takeCode(db.pool, msisdn);
    expect(await confirmNumberChange(db.pool, self, { code: otherThan(code) }, now)).toMatchObject({
      fields: { code: expect.any(String) as string },
    });
    expect(await confirmNumberChange(db.pool, self, { code }, now)).toEqual({ ok: true });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({ msisdn, newMsisdn: null });
    const { rows } = await db.pool.query('select trial_msisdn from account where id = $1', [self.account.id]);
    expect(rows).toEqual([{ trial_msisdn: msisdn }]);
    expect(await takeServiceSms(db.pool, self.msisdn)).toEqual([expect.stringContaining('was changed')]);
    await runJobs();
    expect(listSubjects(mail, self.email)).toEqual(['Your details in the Client Zone were changed']);
    const activity = await db.pool.query('select kind from activity where user_id = $1', [self.userId]);
    expect(activity.rows).toEqual([{ kind: 'number.change' }]);
  });

  test('can be asked for so many times a day, whatever the numbers: each code is paid for', async () => {
    const self = await createSelf();
    const ask = async (at: number) => {
      // of the password there is a limit of its own
      await db.pool.query(`delete from rate_limit where key like 'own-password:%'`);
      const typed = { number: nextMsisdn() as never, current };
      return askNumberChange(db.pool, self, typed, new Date(now.getTime() + at * 61_000));
    };
    for (let asked = 0; asked < 10; asked++) expect(await ask(asked)).toEqual({ ok: true });
    expect(await ask(10)).toMatchObject({ reason: 'throttled' });
  });

  test('that is the old one recovers no password, by a code that came to it before', async () => {
    const self = await createSelf();
    const msisdn = nextMsisdn();
    await askRecovery(db.pool, { username: self.username, way: 'code' }, nowhere, now);
    await runJobs();
    const old = await takeCode(db.pool, self.msisdn);
    await askNumberChange(db.pool, self, { number: msisdn, current }, now);
    const code = await takeCode(db.pool, msisdn);
    expect(await confirmNumberChange(db.pool, self, { code }, now)).toEqual({ ok: true });
    const recovering = { username: self.username, code: old, password: 'a field of lavender' };
    expect(await choosePassword(db.pool, recovering, nowhere, now)).toMatchObject({ ok: false });
    expect(await canSignIn(self, current)).toBe(true);
  });

  test('of somebody else is refused to whoever holds the phone', async () => {
    const [self, other] = [await createSelf(), await createSelf()];
    expect(await askNumberChange(db.pool, self, { number: other.msisdn, current }, now)).toEqual({
      ok: true,
    });
    const code = await takeCode(db.pool, other.msisdn);
    expect(await confirmNumberChange(db.pool, self, { code }, now)).toMatchObject({
      ok: false,
      reason: 'already',
    });
    expect(await readOwnDetails(db.pool, self.userId, now)).toMatchObject({ msisdn: self.msisdn });
  });
});
