import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endSession, findLiveSession, halfMinutes } from '@/lib/auth/sessions';
import { env } from '@/lib/env';
import type { TestAccount } from '@/testing/factories';
import {
  computeCode,
  createAccountToSignIn,
  halfSignInAs,
  listTold,
  readLacks,
  setUpApp,
  setUpPasskey,
  signInAs,
} from '@/testing/second-factors';
import { SoftPasskey } from '@/testing/soft-passkey';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { askForPasskey } from './assertions';
import { enterCode, enterPasskey, enterRecoveryCode } from './second-step';

let db: TestDatabase;
let account: TestAccount;
let secret: string;
let codes: string[];

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccountToSignIn(db.pool);
  ({ secret, codes } = await setUpApp(db.pool, await signInAs(db.pool, own(), now), now));
});
afterAll(() => db.close());

const now = new Date('2026-11-28T10:00:10Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const own = () => ({ userId: account.userId, accountId: account.id });
const begin = (moment = at(60)) => halfSignInAs(db.pool, own(), moment);
const reasonOf = (outcome: { ok: boolean; reason?: string }) => (outcome.ok ? 'ok' : outcome.reason);

describe('a code of the app', () => {
  test('finishes signing in', async () => {
    const half = await begin();
    expect((await findLiveSession(db.pool, half.sessionId, at(60)))?.lacksSecondFactor).toBe(true);
    expect(await enterCode(db.pool, half, computeCode(secret, at(60)), at(60))).toEqual({ ok: true });
    expect(await findLiveSession(db.pool, half.sessionId, at(60))).toMatchObject({
      lacksSecondFactor: false,
    });
    const { rows } = await db.pool.query('select method from user_session where id = $1', [half.sessionId]);
    expect(rows).toEqual([{ method: 'CODE' }]);
    const user = await db.pool.query<{ at: Date }>(
      'select last_sign_in_at as at from portal_user where id = $1',
      [account.userId],
    );
    expect(user.rows[0]?.at).toEqual(at(60));
  });

  test('that is wrong, empty or endless is none', async () => {
    const half = await begin();
    const right = computeCode(secret, at(60));
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    for (const typed of [wrong, '', 'x'.repeat(200), '\0']) {
      expect(reasonOf(await enterCode(db.pool, half, typed, at(60)))).toBe('wrong');
    }
    expect(await readLacks(db.pool, half.sessionId)).toBe(true);
  });

  test('works once, in whichever browser, and the one it was set up with is used already', async () => {
    const half = await begin(now);
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, now), now))).toBe('used');
    const code = computeCode(secret, at(60));
    const halves = await Promise.all([begin(), begin(), begin()]);
    const outcomes = await Promise.all(halves.map((one) => enterCode(db.pool, one, code, at(60))));
    expect(outcomes.map(reasonOf).sort()).toEqual(['ok', 'used', 'used']);
    expect(reasonOf(await enterCode(db.pool, await begin(), code, at(80)))).toBe('used');
    // Nor one of a half minute before it.
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, at(30)), at(60)))).toBe('used');
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, at(90)), at(90)))).toBe('ok');
  });

  test('of a clock that is five minutes off gets a sentence, and no access', async () => {
    const half = await begin();
    for (const [seconds, word] of [
      [300, 'fast'],
      [-300, 'slow'],
    ] as const) {
      const outcome = await enterCode(db.pool, half, computeCode(secret, at(600 + seconds)), at(600));
      expect(outcome).toMatchObject({ ok: false, reason: 'clock' });
      expect(!outcome.ok && outcome.message).toContain(`phone’s clock seems to be about 5 minutes ${word}`);
    }
    expect(await readLacks(db.pool, half.sessionId)).toBe(true);
  });

  test('that was said to be of a time to come is not taken when that time comes', async () => {
    const half = await begin();
    const early = computeCode(secret, at(360));
    expect(reasonOf(await enterCode(db.pool, half, early, at(60)))).toBe('clock');
    expect(reasonOf(await enterCode(db.pool, half, early, at(360)))).toBe('used');
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, at(390)), at(390)))).toBe('ok');
  });

  test('of somebody else is wrong', async () => {
    const other = await createAccountToSignIn(db.pool);
    const others = { userId: other.userId, accountId: other.id };
    const { secret: othersSecret } = await setUpApp(db.pool, await signInAs(db.pool, others, now), now);
    const half = await begin();
    expect(reasonOf(await enterCode(db.pool, half, computeCode(othersSecret, at(60)), at(60)))).toBe('wrong');
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, at(60)), at(60)))).toBe('ok');
  });

  test('a secret that cannot be read any more lets nobody in', async () => {
    await db.pool.query(`update authenticator_app set secret = 'AAAA' where user_id = $1`, [account.userId]);
    const half = await begin();
    expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, at(60)), at(60)))).toBe('wrong');
  });
});

describe('guessing', () => {
  test('a hundred at once: ten are looked at, and the owner is told once; a recovery code still works', async () => {
    const half = await begin();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => enterCode(db.pool, half, 'guess', at(60))),
    );
    expect(outcomes.filter((outcome) => reasonOf(outcome) === 'wrong')).toHaveLength(10);
    expect(outcomes.filter((outcome) => reasonOf(outcome) === 'throttled')).toHaveLength(90);
    // Another session of the same person, the right code: it is the person who is throttled.
    const code = computeCode(secret, at(60));
    expect(reasonOf(await enterCode(db.pool, await begin(), code, at(60)))).toBe('throttled');
    expect((await listTold(db.pool, account.userId)).filter((event) => event === 'codes-guessed')).toEqual([
      'codes-guessed',
    ]);
    expect(reasonOf(await enterRecoveryCode(db.pool, half, codes[0] as string, at(60)))).toBe('ok');
  });

  test('fifty in a day are looked at, however slowly', async () => {
    const half = await begin();
    let looked = 0;
    for (let round = 0; round < 7; round++) {
      await db.pool.query(`delete from rate_limit where key = $1`, [`second-factor:${account.userId}`]);
      for (let n = 0; n < 10; n++) {
        if (reasonOf(await enterCode(db.pool, half, 'guess', at(60))) === 'wrong') looked += 1;
      }
    }
    expect(looked).toBe(50);
  });

  test('throttles nobody else, and the right code forgives what went before', async () => {
    const other = await createAccountToSignIn(db.pool);
    const others = { userId: other.userId, accountId: other.id };
    const app = await setUpApp(db.pool, await signInAs(db.pool, others, now), now);
    const half = await begin();
    for (let n = 0; n < 12; n++) await enterCode(db.pool, half, 'guess', at(60));
    const othersHalf = await halfSignInAs(db.pool, others, at(60));
    for (let n = 0; n < 9; n++) await enterCode(db.pool, othersHalf, 'guess', at(60));
    const right = (seconds: number) => computeCode(app.secret, at(seconds));
    expect(reasonOf(await enterCode(db.pool, othersHalf, right(60), at(60)))).toBe('ok');
    const again = await halfSignInAs(db.pool, others, at(90));
    for (let n = 0; n < 9; n++) await enterCode(db.pool, again, 'guess', at(90));
    expect(reasonOf(await enterCode(db.pool, again, right(90), at(90)))).toBe('ok');
  });
});

describe('a recovery code', () => {
  test('works once, of many presses at the same moment one, and its owner is told', async () => {
    const code = codes[3] as string;
    const halves = await Promise.all(Array.from({ length: 5 }, () => begin()));
    const outcomes = await Promise.all(halves.map((half) => enterRecoveryCode(db.pool, half, code, at(60))));
    expect(outcomes.map(reasonOf).sort()).toEqual(['ok', 'wrong', 'wrong', 'wrong', 'wrong']);
    expect(await Promise.all(halves.map((half) => readLacks(db.pool, half.sessionId)))).toEqual(
      expect.arrayContaining([false, true]),
    );
    expect(await listTold(db.pool, account.userId)).toEqual(['app-added', 'recovery-code-used']);
    const other = codes[4]?.toUpperCase().replaceAll('-', ' ') as string;
    expect(reasonOf(await enterRecoveryCode(db.pool, await begin(), other, at(61)))).toBe('ok');
  });

  test('of somebody else is none, and nothing is used up for a session that has ended', async () => {
    const other = await createAccountToSignIn(db.pool);
    const others = { userId: other.userId, accountId: other.id };
    const half = await halfSignInAs(db.pool, others, now);
    expect(reasonOf(await enterRecoveryCode(db.pool, half, codes[0] as string, now))).toBe('wrong');

    const ended = await begin();
    await endSession(db.pool, ended.sessionId);
    expect(reasonOf(await enterRecoveryCode(db.pool, ended, codes[0] as string, at(60)))).toBe('ended');
    expect(reasonOf(await enterRecoveryCode(db.pool, await begin(), codes[0] as string, at(60)))).toBe('ok');
  });
});

describe('a passkey', () => {
  const ask = (userId = account.userId, moment = at(60)) =>
    askForPasskey(db.pool, { purpose: 'SECOND_STEP', userId }, moment);

  test('finishes signing in; one of another person is refused', async () => {
    const { passkey } = await setUpPasskey(db.pool, await signInAs(db.pool, own(), now), now);
    const other = await createAccountToSignIn(db.pool);
    const others = { userId: other.userId, accountId: other.id };
    const stranger = await setUpPasskey(db.pool, await signInAs(db.pool, others, now), now);

    const half = await begin();
    const options = await ask();
    expect(options?.allowCredentials?.map(({ id }) => id)).toEqual([passkey.id]);
    const strange = stranger.passkey.answer({ challenge: options?.challenge as string });
    expect(reasonOf(await enterPasskey(db.pool, half, strange, at(60)))).toBe('passkey');
    // The first answer has used it up.
    const late = passkey.answer({ challenge: options?.challenge as string });
    expect(reasonOf(await enterPasskey(db.pool, half, late, at(60)))).toBe('passkey');
    // What another person was asked does not count either.
    const theirs = await ask(other.userId);
    const mine = passkey.answer({ challenge: theirs?.challenge as string });
    expect(reasonOf(await enterPasskey(db.pool, half, mine, at(60)))).toBe('passkey');
    expect(await readLacks(db.pool, half.sessionId)).toBe(true);

    const fresh = await ask();
    const answer = passkey.answer({ challenge: fresh?.challenge as string });
    expect(reasonOf(await enterPasskey(db.pool, half, answer, at(60)))).toBe('ok');
    expect(await readLacks(db.pool, half.sessionId)).toBe(false);
  });

  test('is not asked of somebody who has none', async () => {
    expect(await ask()).toBeNull();
    const strange = new SoftPasskey(env.APP_URL).answer({ challenge: 'AAAA' });
    expect(reasonOf(await enterPasskey(db.pool, await begin(), strange, at(60)))).toBe('passkey');
  });
});

test('half a sign-in ends after half an hour, and cannot be finished then', async () => {
  const half = await begin(now);
  const late = new Date(now.getTime() + halfMinutes * 60_000);
  expect(await findLiveSession(db.pool, half.sessionId, new Date(late.getTime() - 1))).not.toBeNull();
  expect(await findLiveSession(db.pool, half.sessionId, late)).toBeNull();
  expect(reasonOf(await enterCode(db.pool, half, computeCode(secret, late), late))).toBe('ended');
  expect(reasonOf(await enterRecoveryCode(db.pool, half, codes[0] as string, late))).toBe('ended');
  // Not used up.
  expect(reasonOf(await enterRecoveryCode(db.pool, await begin(late), codes[0] as string, late))).toBe('ok');
});
