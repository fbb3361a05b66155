import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedElsewhereReason, blockedReason, isBlockedSql } from '@/lib/opt-outs/gate';
import { honourFamilyOptOuts } from '@/lib/people/sub-account-commands';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns, propertySeed } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createMutatedPool } from '@/testing/watched-pool';
import { claimBatch } from './claim';
import { acceptMessages } from './commands';

/**
 * A main account (0), two sub-accounts and a stranger (3) with two numbers: who opts out of which, what the
 * main account chooses, and what becomes of a message at both doors.
 */
type Step =
  | { do: 'opt-out' | 'lift' | 'send'; account: number; number: number }
  | { do: 'choose'; honoursAll: boolean }
  | { do: 'claim'; account: number };

const account = fc.nat({ max: 3 });
const number = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('opt-out' as const), account, number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lift' as const), account, number }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), account, number }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), account }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('choose' as const), honoursAll: fc.boolean() }) },
);
const history = fc.array(step, { minLength: 16, maxLength: 40 });

interface Report {
  violations: string[];
  seen: Record<string, number>;
}

async function checkFamilies(pool: Pool, { runs, seed }: { runs: number; seed: number }): Promise<Report> {
  const report: Report = { violations: [], seen: {} };
  for (const steps of fc.sample(history, { numRuns: runs, seed })) {
    const main = await createAccount(pool);
    const family = [
      main,
      await createAccount(pool, { parentAccountId: main.id }),
      await createAccount(pool, { parentAccountId: main.id }),
    ];
    await playHistory(pool, [...family, await createAccount(pool)], steps, report);
    if (report.violations.length > 0) break;
  }
  return report;
}

async function playHistory(
  pool: Pool,
  accounts: readonly TestAccount[],
  steps: readonly Step[],
  report: Report,
): Promise<void> {
  const numbers = [nextMsisdn(), nextMsisdn()];
  /** Whom each account's opt-outs block: "account number". */
  const optedOut = new Set<string>();
  let honoursAll = false;
  const expectReason = (of: number, to: number): string | null => {
    if (optedOut.has(`${of} ${to}`)) return blockedReason;
    const others = of < 3 && honoursAll ? [0, 1, 2] : [];
    return others.some((other) => optedOut.has(`${other} ${to}`)) ? blockedElsewhereReason : null;
  };
  const compare = (door: string, of: number, to: number, reason: string | null) => {
    const expected = expectReason(of, to);
    const outcome = expected === null ? 'free' : expected === blockedReason ? 'own' : 'elsewhere';
    report.seen[`${door} ${outcome}`] = (report.seen[`${door} ${outcome}`] ?? 0) + 1;
    if (reason === expected) return;
    report.violations.push(`${door}: account ${of}, number ${to} got "${reason}" instead of "${expected}"`);
  };
  for (const one of steps) {
    if (one.do === 'choose') {
      honoursAll = one.honoursAll;
      const chosen = await honourFamilyOptOuts(pool, (accounts[0] as TestAccount).scope, one);
      if (!chosen.ok) report.violations.push(chosen.message);
      continue;
    }
    const by = accounts[one.account] as TestAccount;
    if (one.do === 'claim') {
      const before = await listMessages(pool, by, `status = 'QUEUED'`);
      await claimBatch(pool, by.id, { limit: 100, leaseMs: 60_000 });
      const after = new Map((await listMessages(pool, by, 'true')).map((row) => [row.id, row]));
      for (const { id, msisdn } of before) {
        compare('claim', one.account, numbers.indexOf(msisdn), after.get(id)?.reason ?? null);
      }
      continue;
    }
    const msisdn = numbers[one.number] as string;
    const entry = `${one.account} ${one.number}`;
    if (one.do === 'opt-out' && !optedOut.has(entry)) {
      await createManualOptOut(pool, by, msisdn);
      optedOut.add(entry);
    } else if (one.do === 'lift') {
      await pool.query('delete from opt_out where account_id = $1 and msisdn = $2', [by.id, msisdn]);
      optedOut.delete(entry);
    } else if (one.do === 'send') {
      const input = { recipients: [msisdn], text: 'Our spring sale', idempotencyKey: randomUUID() };
      const result = await acceptMessages(pool, by.scope, input);
      compare('accept', one.account, one.number, result.recipients[0]?.reason ?? null);
    }
  }
}

async function listMessages(pool: Pool, { id }: TestAccount, condition: string) {
  const { rows } = await pool.query<{ id: string; msisdn: string; reason: string | null }>(
    `select id, msisdn, reason from message where account_id = $1 and ${condition}`,
    [id],
  );
  return rows;
}

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

// npm run soak -- --only properties runs as many as the second number says.
const { numRuns: runs, seed } = propertyRuns(8, 60);

test(
  `a message is held back by its own account's opt-outs, and by its family's where that is chosen, over ${runs} histories (PROPERTY_SEED=${seed})`,
  { timeout: timeLimit(60_000 + runs * 3_000) },
  async () => {
    const report = await checkFamilies(db.pool, { runs, seed });
    expect(report.violations).toEqual([]);
    for (const door of ['accept', 'claim']) {
      for (const outcome of ['free', 'own', 'elsewhere']) {
        expect(report.seen[`${door} ${outcome}`], `${door} ${outcome}`).toBeGreaterThan(0);
      }
    }
  },
);

test.each([
  {
    what: 'the choice is not looked at when a message is accepted',
    statement: 'accept-messages-in-family',
    replace: /opt_out\.account_id = any \((\$\d+)\)/,
    by: 'opt_out.account_id = any ($1) and false',
    finds: /^accept: .* got "null" instead of "Opted out of another/m,
  },
  {
    what: 'nor when it is dispatched',
    statement: 'claim-messages-in-family',
    replace: /opt_out\.account_id = any \((\$\d+)\)/,
    by: 'opt_out.account_id = any ($1) and false',
    finds: /^claim: .* got "null" instead of "Opted out of another/m,
  },
  {
    what: 'the choice lifts the blocks of an account itself',
    statement: 'accept-messages-in-family',
    replace: isBlockedSql('candidate', '$1'),
    by: 'false',
    finds: /instead of "Opted out: this number/,
  },
  {
    what: 'all families honour each other without having chosen to',
    statement: 'read-gate-of-account',
    replace: ' and main.honours_family_opt_outs',
    by: '',
    finds: /got "Opted out of another.* instead of "null"/,
  },
  {
    what: 'a stranger is of the family',
    statement: 'read-gate-of-account',
    replace: '(other.id = main.id or other.parent_account_id = main.id)',
    by: 'true',
    finds: /got "Opted out of another.* instead of "null"/,
  },
  {
    what: 'a sub-account does not see the opt-outs of its main account',
    statement: 'read-gate-of-account',
    replace: 'other.id = main.id or ',
    by: '',
    finds: /got "null" instead of "Opted out of another/,
  },
])(`$what: is found (PROPERTY_SEED=${propertySeed})`, async ({ statement, replace, by, finds }) => {
  const { pool, countChanged } = createMutatedPool(db.url, { statements: [statement], replace, by });
  const report = await checkFamilies(pool, { runs: 200, seed: propertySeed });
  await pool.end();
  expect(countChanged()).toBeGreaterThan(0);
  expect(report.violations.join('\n')).toMatch(finds);
});
