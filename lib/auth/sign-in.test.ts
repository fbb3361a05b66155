import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, type AccountOptions } from '@/testing/factories';
import { setUpApp, signInAs } from '@/testing/second-factors';
import { watchStatements } from '@/testing/watch-statements';
import { hashPassword, isOutdatedHash, verifyPassword } from './password';
import { checkSignIn, normaliseUsername, type SignInOutcome } from './sign-in';

let db: TestDatabase;
let passwordHash: string;

beforeAll(async () => {
  db = await createTestDatabase();
  passwordHash = await hashPassword(password);
});
afterAll(() => db.close());

const password = 'correct horse battery staple';

async function createUser(options: AccountOptions = {}) {
  return createAccount(db.pool, { passwordHash, ...options });
}

function signIn(
  username: string,
  typed = password,
  address: string | null = null,
  deviceId: string | null = null,
): Promise<SignInOutcome> {
  const credentials = { username: normaliseUsername(username), password: typed };
  return checkSignIn(db.pool, credentials, { address, deviceId });
}

/** Tells outcomes apart by their words. */
const wordOf = (outcome: SignInOutcome) => (outcome.ok ? 'ok' : outcome.reason);

/** There have been so many failures from this address. */
async function setFailures(address: string, failures: number): Promise<void> {
  await signIn('somebody', 'guess', address);
  const { rowCount } = await db.pool.query('update rate_limit set points = $1 where key like $2', [
    failures,
    `sign-in-address:${address}`,
  ]);
  expect(rowCount).toBe(1);
}

/** The fifteen minutes are over. */
async function endWindow(): Promise<void> {
  await db.pool.query('update rate_limit set expire = $1', [Date.now() - 1]);
}

describe('signing in', () => {
  test('with username and password, whatever the case and the space around the name', async () => {
    const { userId, username } = await createUser();
    for (const typed of [username, username.toUpperCase(), ` ${username}\n`]) {
      expect(await signIn(typed)).toMatchObject({ ok: true, userId, lacksSecondFactor: false });
    }
    const { rows } = await db.pool.query(
      'select last_sign_in_at is not null as at from portal_user where id = $1',
      [userId],
    );
    expect(rows).toEqual([{ at: true }]);
  });

  test('hashes a password anew that was hashed when less was asked, and no other', async () => {
    const weak = await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    const [old, current] = [await createUser({ passwordHash: weak }), await createUser()];
    const readHash = async (userId: number) => {
      const { rows } = await db.pool.query<{ hash: string }>(
        'select password_hash as hash from portal_user where id = $1',
        [userId],
      );
      return rows[0]?.hash as string;
    };
    expect(await signIn(old.username, 'a guess')).toMatchObject({ ok: false });
    expect(await readHash(old.userId)).toBe(weak);
    expect(await signIn(old.username)).toMatchObject({ ok: true });
    const renewed = await readHash(old.userId);
    expect(isOutdatedHash(weak)).toBe(true);
    expect(isOutdatedHash(renewed)).toBe(false);
    expect(await verifyPassword(renewed, password)).toBe(true);
    expect(await signIn(old.username)).toMatchObject({ ok: true });
    expect(await readHash(old.userId)).toBe(renewed);
    await signIn(current.username);
    expect(await readHash(current.userId)).toBe(passwordHash);
  });

  test('a wrong password, an unknown name, nothing, too much: one answer', async () => {
    const { username } = await createUser();
    const wrong: SignInOutcome = { ok: false, reason: 'wrong' };
    expect(await signIn(username, `${password} `)).toEqual(wrong);
    expect(await signIn(username, '')).toEqual(wrong);
    expect(await signIn(username, 'x'.repeat(100_000))).toEqual(wrong);
    expect(await signIn('nobody')).toEqual(wrong);
    expect(await signIn('')).toEqual(wrong);
    expect(await signIn('x'.repeat(100_000))).toEqual(wrong);
    expect(await signIn(`${username}\0`)).toEqual(wrong);
    expect(await signIn(username, '\0')).toEqual(wrong);
    expect(await signIn("' or true --")).toEqual(wrong);
  });

  test('a suspended user, or a user of a suspended account, is told so with the right password only', async () => {
    const [user, inSuspended] = [await createUser(), await createUser({ status: 'SUSPENDED' })];
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [user.userId]);
    for (const { username } of [user, inSuspended]) {
      expect(await signIn(username)).toEqual({ ok: false, reason: 'suspended' });
      expect(await signIn(username, 'guess')).toEqual({ ok: false, reason: 'wrong' });
    }
  });
});

describe('guessing', () => {
  test('a hundred wrong passwords: ten are checked, then also the right one is refused until the window ends', async () => {
    const { username } = await createUser();
    const outcomes: SignInOutcome[] = [];
    for (let n = 0; n < 100; n++) outcomes.push(await signIn(username, `guess ${n}`));
    expect(outcomes.slice(0, 10).map(wordOf)).toEqual(Array(10).fill('wrong'));
    expect(outcomes.slice(10).map(wordOf)).toEqual(Array(90).fill('throttled'));
    const last = outcomes.at(-1);
    expect(last && 'waitSeconds' in last && last.waitSeconds).toBeGreaterThan(14 * 60);
    expect(last && 'waitSeconds' in last && last.waitSeconds).toBeLessThanOrEqual(15 * 60);

    expect(await signIn(username)).toMatchObject({ ok: false, reason: 'throttled' });
    expect(await signIn(username.toUpperCase())).toMatchObject({ reason: 'throttled' });
    await endWindow();
    expect(await signIn(username)).toMatchObject({ ok: true });
  });

  test('a hundred at once: at most ten are checked', async () => {
    const { username } = await createUser();
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, n) => signIn(username, `guess ${n}`)));
    expect(outcomes.filter((outcome) => wordOf(outcome) === 'wrong')).toHaveLength(10);
    expect(outcomes.filter((outcome) => wordOf(outcome) === 'throttled')).toHaveLength(90);
    expect(await signIn(username)).toMatchObject({ reason: 'throttled' });
  });

  test('a stranger’s failures do not keep the owner out, who is somewhere else', async () => {
    const { username } = await createUser();
    const stranger = '203.0.113.66';
    for (let n = 0; n < 60; n++) await signIn(username, 'guess', stranger);
    expect(await signIn(username, password, stranger)).toMatchObject({ reason: 'throttled' });
    expect(await signIn(username, password, '203.0.113.67')).toMatchObject({ ok: true });
    // The stranger gains nothing by it.
    expect(await signIn(username, password, stranger)).toMatchObject({ reason: 'throttled' });
  });

  test('from many places: fifty are checked, then only a browser that is known may go on', async () => {
    const { username } = await createUser();
    await signIn(username, 'guess', '198.51.100.0');
    await db.pool.query('update rate_limit set points = 45 where key = $1', [`sign-in-user:${username}`]);
    const outcomes: string[] = [];
    for (let n = 1; n <= 8; n++) {
      outcomes.push(wordOf(await signIn(username, 'guess', `198.51.100.${n}`)));
    }
    expect(outcomes).toEqual([...Array<string>(5).fill('wrong'), ...Array<string>(3).fill('throttled')]);
    const owner = '203.0.113.70';
    expect(await signIn(username, password, owner)).toMatchObject({ reason: 'throttled' });
    expect(await signIn(username, password, owner, 'a known device')).toMatchObject({ ok: true });
    // It is known, not trusted: it may fail ten times, too.
    const failures: string[] = [];
    for (let n = 0; n < 12; n++)
      failures.push(wordOf(await signIn(username, 'guess', owner, 'a known device')));
    expect(failures).toEqual([...Array<string>(10).fill('wrong'), 'throttled', 'throttled']);
    expect(await signIn(username, password, owner, 'another one')).toMatchObject({ ok: true });
  });

  test('the addresses of one IPv6 network are one place', async () => {
    const { username } = await createUser();
    for (let n = 0; n < 12; n++) await signIn(username, 'guess', `2001:db8:5:6:${n}::1`);
    expect(await signIn(username, password, '2001:db8:5:6::99')).toMatchObject({ reason: 'throttled' });
    expect(await signIn(username, password, '2001:db8:5:7::99')).toMatchObject({ ok: true });
  });

  test('a wrong password costs the same statements, whoever there is, and nobody', async () => {
    const { username } = await createUser();
    const suspended = await createUser();
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [suspended.userId]);
    const ofSuspended = await createUser({ status: 'SUSPENDED' });
    const outsider = await createUser();
    await db.pool.query('delete from membership where user_id = $1', [outsider.userId]);
    const withFactor = await createUser();
    const self = await signInAs(db.pool, { userId: withFactor.userId, accountId: withFactor.id }, new Date());
    await setUpApp(db.pool, self, new Date());
    const people = [username, suspended, ofSuspended, outsider, withFactor].map((one) =>
      typeof one === 'string' ? one : one.username,
    );
    const seen: string[][] = [];
    for (const name of [...people, `${username}-who-is-not-there`]) {
      seen.push(
        await watchStatements(async () => {
          expect(wordOf(await signIn(name, 'guess', '203.0.113.80'))).toBe('wrong');
        }),
      );
    }
    expect(seen[0]?.length).toBeGreaterThan(3);
    for (const statements of seen) expect(statements).toEqual(seen[0]);
  });

  test('one name’s failures lock nobody else out', async () => {
    const [attacked, other] = [await createUser(), await createUser()];
    await Promise.all(Array.from({ length: 20 }, () => signIn(attacked.username, 'guess')));
    expect(await signIn(attacked.username)).toMatchObject({ reason: 'throttled' });
    expect(await signIn(other.username)).toMatchObject({ ok: true });
  });

  test('the right password forgives what went before it', async () => {
    const { username } = await createUser();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 9; n++) expect(wordOf(await signIn(username, 'guess'))).toBe('wrong');
      expect(wordOf(await signIn(username))).toBe('ok');
    }
  });

  test('unknown names are throttled like known ones', async () => {
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n++) outcomes.push(wordOf(await signIn('nobody-at-all', 'guess')));
    expect(outcomes).toEqual([...Array<string>(10).fill('wrong'), 'throttled', 'throttled']);
  });

  test('many names from one address: a hundred failures, then nothing more from there', async () => {
    const { username } = await createUser();
    const address = '203.0.113.9';
    await setFailures(address, 95);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, n) => signIn(`guessed-${n}`, 'guess', address)),
    );
    expect(guesses.filter((outcome) => wordOf(outcome) === 'wrong')).toHaveLength(5);
    expect(await signIn(username, password, address)).toMatchObject({ reason: 'throttled' });
    expect(await signIn(username, password, '203.0.113.10')).toMatchObject({ ok: true });
    await endWindow();
    expect(await signIn(username, password, address)).toMatchObject({ ok: true });
  });

  test('people who sign in from one address never use it up', async () => {
    const { username } = await createUser();
    const address = '203.0.113.20';
    await setFailures(address, 99);
    for (let n = 0; n < 5; n++) expect(wordOf(await signIn(username, password, address))).toBe('ok');
    expect(wordOf(await signIn(username, 'guess', address))).toBe('wrong');
    expect(wordOf(await signIn(username, password, address))).toBe('throttled');
  });
});

describe('passwords', () => {
  test('are kept as argon2id with its parameters, each with its own salt', async () => {
    const again = await hashPassword(password);
    expect(again).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(again).not.toBe(passwordHash);
    expect(await verifyPassword(again, password)).toBe(true);
    expect(await verifyPassword(again, password.toUpperCase())).toBe(false);
  });

  test('without a user nothing matches, not even the decoy', async () => {
    expect(await verifyPassword(null, 'the password of a user who does not exist')).toBe(false);
  });
});
