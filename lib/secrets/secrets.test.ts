import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { endSecrets, issueSecret, pruneSecrets, readLink, takeLink, tryCode } from './commands';
import { composeLinkPath, deriveSecret, hashSecret, parseLinkToken } from './derive';
import { secretPurposes, type CodePurpose, type LinkPurpose, type SecretPurpose } from './purposes';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const now = new Date('2026-11-28T10:00:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const minutes = (count: number) => after(count * 60);

let serial = 0;
const nextSubject = () => `user:${(serial += 1)}`;

function issue(purpose: SecretPurpose, subject: string, at = now, id: string = randomUUID()) {
  const sentTo = secretPurposes[purpose].kind === 'link' ? 'nomsa@example.com' : '27821234567';
  return withTransaction(db.pool, async (client) => ({
    id,
    result: await issueSecret(client, { id, purpose, subject, sentTo }, at),
  }));
}

/** Issues it and says what its e-mail or its SMS would hold. */
async function issueLink(purpose: LinkPurpose, subject: string, at = now): Promise<string> {
  const { id, result } = await issue(purpose, subject, at);
  expect(result).toEqual({ ok: true });
  return new URL(composeLinkPath(purpose, id), 'http://x').searchParams.get('token') as string;
}
async function issueCode(purpose: CodePurpose, subject: string, at = now): Promise<string> {
  const { id, result } = await issue(purpose, subject, at);
  expect(result).toEqual({ ok: true });
  return deriveSecret(purpose, id);
}

const take = (purpose: LinkPurpose, token: string, at = now) =>
  withTransaction(db.pool, (client) => takeLink(client, purpose, token, at));
const guess = (purpose: CodePurpose, subject: string, code: string, at = now) =>
  withTransaction(db.pool, (client) => tryCode(client, purpose, subject, code, at));
/** A code that is not this one. */
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a link', () => {
  test('is looked at any number of times, and used once', async () => {
    const subject = nextSubject();
    const token = await issueLink('register-email', subject);
    const seen = { ok: true, subject, sentTo: 'nomsa@example.com', id: token.split('.')[0] };
    for (let n = 0; n < 3; n++) {
      expect(await readLink(db.pool, 'register-email', token, minutes(20))).toEqual(seen);
    }
    expect(await take('register-email', token, minutes(29))).toEqual(seen);
    expect(await take('register-email', token, minutes(29))).toEqual({ ok: false, reason: 'used', subject });
    expect(await readLink(db.pool, 'register-email', token, minutes(29))).toMatchObject({ reason: 'used' });
  });

  test('is over after thirty minutes', async () => {
    const token = await issueLink('recover-by-link', nextSubject());
    expect(await readLink(db.pool, 'recover-by-link', token, minutes(29.99))).toMatchObject({ ok: true });
    expect(await take('recover-by-link', token, minutes(30))).toEqual({ ok: false, reason: 'expired' });
    expect(await take('recover-by-link', token, minutes(29))).toMatchObject({ ok: true });
  });

  test('ends with a newer one of its purpose and subject, and with no other', async () => {
    const [subject, other] = [nextSubject(), nextSubject()];
    const first = await issueLink('change-email', subject);
    const otherPurpose = await issueLink('recover-by-link', subject);
    const otherSubject = await issueLink('change-email', other);
    const second = await issueLink('change-email', subject, after(1));
    expect(await take('change-email', first, after(2))).toEqual({ ok: false, reason: 'replaced' });
    expect(await take('change-email', second, after(2))).toMatchObject({ ok: true });
    expect(await take('recover-by-link', otherPurpose, after(2))).toMatchObject({ ok: true });
    expect(await take('change-email', otherSubject, after(2))).toMatchObject({ ok: true });
  });

  test('opens nothing for another purpose, cut short, or made up', async () => {
    const token = await issueLink('register-email', nextSubject());
    const unknown = { ok: false, reason: 'unknown' };
    expect(await take('recover-by-link', token)).toEqual(unknown);
    expect(await take('register-email', token.slice(0, -1))).toEqual(unknown);
    expect(await take('register-email', `${randomUUID()}.${token.split('.')[1]}`)).toEqual(unknown);
    const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    expect(await take('register-email', forged)).toEqual(unknown);
    for (const nonsense of ['', '.', 'x'.repeat(500), `${token}\0`, token.toUpperCase()]) {
      expect(await take('register-email', nonsense)).toEqual(unknown);
      expect(await readLink(db.pool, 'register-email', nonsense, now)).toEqual(unknown);
    }
    expect(await take('register-email', token)).toMatchObject({ ok: true });
  });

  test('pressed twice at the same moment is used once', async () => {
    const token = await issueLink('register-email', nextSubject());
    const results = await Promise.all(Array.from({ length: 8 }, () => take('register-email', token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'used')).toHaveLength(7);
  });

  test('is not used when what it confirms fails', async () => {
    const token = await issueLink('register-email', nextSubject());
    const failing = withTransaction(db.pool, async (client) => {
      await takeLink(client, 'register-email', token, now);
      throw new Error('the account could not be opened');
    });
    await expect(failing).rejects.toThrow('could not be opened');
    expect(await take('register-email', token)).toMatchObject({ ok: true });
  });
});

describe('a code', () => {
  test('has six digits, may be typed with spaces, and counts once', async () => {
    const subject = nextSubject();
    const code = await issueCode('register-number', subject);
    expect(code).toMatch(/^\d{6}$/);
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)} `;
    expect(await guess('register-number', subject, typed, minutes(9.99))).toMatchObject({
      ok: true,
      sentTo: '27821234567',
    });
    expect(await guess('register-number', subject, code, minutes(9.99))).toEqual({ ok: false });
  });

  test('is over after ten minutes, five wrong ones, or a newer one', async () => {
    const [late, guessed, renewed] = [nextSubject(), nextSubject(), nextSubject()];
    const code = await issueCode('recover-by-code', late);
    expect(await guess('recover-by-code', late, code, minutes(10))).toEqual({ ok: false });

    const right = await issueCode('recover-by-code', guessed);
    for (let n = 0; n < 5; n++) {
      expect(await guess('recover-by-code', guessed, otherThan(right))).toEqual({ ok: false });
    }
    expect(await guess('recover-by-code', guessed, right)).toEqual({ ok: false });
    const fourTimes = nextSubject();
    const known = await issueCode('recover-by-code', fourTimes);
    for (let n = 0; n < 4; n++) await guess('recover-by-code', fourTimes, otherThan(known));
    expect(await guess('recover-by-code', fourTimes, known)).toMatchObject({ ok: true });

    const first = await issueCode('change-number', renewed);
    const second = await issueCode('change-number', renewed, after(60));
    if (first !== second) {
      expect(await guess('change-number', renewed, first, after(61))).toEqual({ ok: false });
    }
    expect(await guess('change-number', renewed, second, after(61))).toMatchObject({ ok: true });
  });

  test('guessed a thousand times at once is tried five times', async () => {
    const subject = nextSubject();
    const right = await issueCode('register-number', subject);
    const wrong = Array.from({ length: 1000 }, (_, n) => String(n).padStart(6, '0')).filter(
      (code) => code !== right,
    );
    const outcomes = await Promise.all(wrong.map((code) => guess('register-number', subject, code)));
    expect(outcomes.filter(({ ok }) => ok)).toEqual([]);
    const { rows } = await db.pool.query('select tries from one_time_secret where subject = $1', [subject]);
    expect(rows).toEqual([{ tries: 5 }]);
    expect(await guess('register-number', subject, right)).toEqual({ ok: false });
  });

  test('a new one comes once a minute, of two that ask at the same moment one', async () => {
    const subject = nextSubject();
    const both = await Promise.all([issue('register-number', subject), issue('register-number', subject)]);
    expect(both.map(({ result }) => result)).toEqual(
      expect.arrayContaining([{ ok: true }, { ok: false, reason: 'too-soon', waitSeconds: 60 }]),
    );
    expect((await issue('register-number', subject, after(59))).result).toMatchObject({
      ok: false,
      waitSeconds: 1,
    });
    expect((await issue('register-number', subject, after(60))).result).toEqual({ ok: true });
  });

  test('of somebody who has none is refused by the same statements', async () => {
    const subject = nextSubject();
    const right = await issueCode('recover-by-code', subject);
    const seen: string[][] = [];
    for (const [who, code] of [
      [subject, otherThan(right)],
      [nextSubject(), right],
      ['user:0', '1'.repeat(300)],
    ] as const) {
      seen.push(await watchStatements(() => guess('recover-by-code', who, code)));
    }
    expect(seen[0]?.filter((text) => text.includes('one_time_secret'))).toHaveLength(2);
    expect(new Set(seen.map((statements) => statements.join('\n'))).size).toBe(1);
  });
});

test('asked for by the same job twice, there is one', async () => {
  const subject = nextSubject();
  const id = randomUUID();
  expect((await issue('register-email', subject, now, id)).result).toEqual({ ok: true });
  expect((await issue('register-email', subject, after(5), id)).result).toEqual({
    ok: false,
    reason: 'issued',
  });
  const token = `${id}.${deriveSecret('register-email', id)}`;
  expect(await take('register-email', token, after(6))).toMatchObject({ ok: true });
});

test('what it was for is over: it ends', async () => {
  const subject = nextSubject();
  const token = await issueLink('recover-by-link', subject);
  const code = await issueCode('recover-by-code', subject);
  await withTransaction(db.pool, (client) =>
    endSecrets(client, subject, ['recover-by-link', 'recover-by-code'], now),
  );
  expect(await take('recover-by-link', token)).toEqual({ ok: false, reason: 'replaced' });
  expect(await guess('recover-by-code', subject, code)).toEqual({ ok: false });
});

test('neither secrets nor what could be guessed from are kept', async () => {
  const subject = nextSubject();
  const code = await issueCode('register-number', subject);
  const token = await issueLink('register-email', subject);
  const { rows } = await db.pool.query<Record<string, unknown>>(
    'select * from one_time_secret where subject = $1',
    [subject],
  );
  expect(rows).toHaveLength(2);
  const kept = JSON.stringify(rows.map(({ id: _, ...row }) => row));
  expect(kept).not.toContain(code);
  expect(kept).not.toContain(token.split('.')[1]);
  // of another purpose, or of another row, the same id or code looks different
  const [one, other] = [randomUUID(), randomUUID()];
  expect(deriveSecret('register-email', one)).not.toBe(deriveSecret('recover-by-link', one));
  expect(hashSecret('register-number', one, code)).not.toBe(hashSecret('register-number', other, code));
  expect(hashSecret('register-number', one, code)).not.toBe(hashSecret('recover-by-code', one, code));
  expect(parseLinkToken(token)).not.toBeNull();
});

test('those long over are removed', async () => {
  const subject = nextSubject();
  await issueLink('register-email', subject);
  const count = async () =>
    (await db.pool.query('select from one_time_secret where subject = $1', [subject])).rowCount;
  await pruneSecrets(db.pool, minutes(30 + 30 * 24 * 60));
  expect(await count()).toBe(1);
  await pruneSecrets(db.pool, minutes(31 + 30 * 24 * 60));
  expect(await count()).toBe(0);
});
