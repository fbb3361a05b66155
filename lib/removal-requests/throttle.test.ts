import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkSignIn } from '@/lib/auth/sign-in';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { takeContactAttempt } from './throttle';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('many forms and sign-ins leave no timer behind, and clear nothing by themselves', async () => {
  const timers = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval')];
  const begin = async (n: number) => {
    await takeContactAttempt(db.pool, n, `203.0.113.${n % 250}`);
    await checkSignIn(
      db.pool,
      { username: `nobody-${n}`, password: 'guess' },
      { address: `203.0.113.${n % 250}`, deviceId: null },
    );
  };
  try {
    await begin(0);
    for (const spy of timers) spy.mockClear();
    const statements = await watchStatements(async () => {
      for (let n = 1; n <= 40; n++) await begin(n);
    });
    // The pool's own timers (one waits for a connection, one closes an idle one) are ended with each
    // statement.
    const left = timers.flatMap((spy) => spy.mock.calls.filter(([, delayMs = 0]) => delayMs > 60_000));
    expect(left).toEqual([]);
    expect(statements.filter((text) => text.includes('DELETE FROM'))).toEqual([]);
    // Two counts of a form, three of a sign-in.
    expect(statements.filter((text) => text.includes('INSERT INTO "rate_limit"'))).toHaveLength(40 * (2 + 3));
  } finally {
    for (const spy of timers) spy.mockRestore();
  }
});

test('what an address is refused does not use up the account', async () => {
  const take = (address: string) => takeContactAttempt(db.pool, 58324, address);
  const waits: number[] = [];
  for (let n = 0; n < 20; n++) waits.push(await takeContactAttempt(db.pool, 60_000 + n, '198.51.100.1'));
  expect(waits).toEqual(Array(20).fill(0));
  for (let n = 0; n < 10; n++) expect(await take('198.51.100.1')).toBeGreaterThan(0);
  for (let n = 0; n < 5; n++) expect(await take('198.51.100.2')).toBe(0);
  expect(await take('198.51.100.3')).toBeGreaterThan(0);
});
