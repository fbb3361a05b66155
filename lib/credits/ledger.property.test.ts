import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLedgers } from '@/testing/ledger-model';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns, propertySeed } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createMutatedPool, createWatchedPool } from '@/testing/watched-pool';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

// npm run soak -- --only properties runs as many as the second number says.
const { numRuns: runs, seed } = propertyRuns(12, 100);

test(
  `the ledger sums up to the balance, at every entry, over ${runs} histories (PROPERTY_SEED=${seed})`,
  { timeout: timeLimit(120_000 + runs * 6_000) },
  async () => {
    const deadlocks: string[] = [];
    const pool = createWatchedPool(db.url, {
      onError: ({ code, message }) => {
        if (code === '40P01') deadlocks.push(message);
      },
    });
    const report = await checkLedgers(pool, { runs, seed });
    await pool.end();
    expect(report.violations).toEqual([]);
    expect(deadlocks).toEqual([]);
    // all of it came about, so that this cannot pass by nothing happening
    for (const what of ['send', 'send insufficient-credits', 'refund', 'transfer', 'repeat', 'top-up']) {
      expect(report.seen[what], what).toBeGreaterThan(0);
    }
    for (const what of ['transfer insufficient-credits', 'correct up', 'correct down', 'correct overdrawn']) {
      expect(report.seen[what], what).toBeGreaterThan(0);
    }
  },
);

/** Which of these shows first hangs on who comes first: a sum, the sum up to an entry, or the last entry. */
const mismatch = /sums? up to|last entry left|sources say/;

test.each([
  {
    what: 'a charge that does not wait for the balance',
    statement: 'accept-messages',
    replace: 'set credits = credit_balance.credits - total.credits',
    by: 'set credits = (select seen.credits from credit_balance as seen where seen.account_id = $1) - total.credits',
    finds: mismatch,
  },
  {
    what: 'a transfer that does not wait for the balance',
    statement: 'transfer-take',
    replace: 'set credits = credit_balance.credits - part.credits',
    by: 'set credits = (select seen.credits from credit_balance as seen where seen.account_id = $1) - part.credits',
    finds: mismatch,
  },
  {
    what: 'an entry that says what was there before its balance was held',
    statement: 'transfer-give',
    replace: /part\.credits, given\.credits/,
    by: `part.credits,
      (select seen.credits + part.credits from credit_balance as seen where seen.account_id = $1)`,
    finds: mismatch,
  },
  {
    what: 'a transfer that arrives nowhere',
    statement: 'transfer-give',
    replace: 'where part.credits > 0',
    by: 'where part.credits > 5',
    finds: /found no row/,
  },
  {
    what: 'a correction downwards without its entry',
    statement: 'correct-credits-down',
    replace: 'from taken, part',
    by: 'from taken, part where part.credits > 3',
    finds: mismatch,
  },
  {
    what: 'an entry with the time at which its transaction began',
    statement: 'accept-messages',
    replace: 'last_entry_at = greatest(credit_balance.last_entry_at, credit_moment.at)',
    by: 'last_entry_at = credit_moment.at',
    finds: mismatch,
  },
])(`$what: is found (PROPERTY_SEED=${propertySeed})`, async ({ statement, replace, by, finds }) => {
  const { pool, countChanged } = createMutatedPool(db.url, { statements: [statement], replace, by });
  const report = await checkLedgers(pool, { runs: 200, seed: propertySeed });
  await pool.end();
  expect(countChanged()).toBeGreaterThan(0);
  expect(report.violations.join('\n')).toMatch(finds);
});
