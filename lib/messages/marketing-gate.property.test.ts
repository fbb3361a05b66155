import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordConsents, withdrawConsent } from '@/lib/consents/commands';
import { findConsent } from '@/lib/consents/queries';
import { addOptOuts, removeOptOuts } from '@/lib/opt-outs/commands';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createMutatedPool } from '@/testing/watched-pool';
import { claimBatch, recordHandover } from './claim';
import { acceptBatch } from './commands';

/**
 * Random histories of one account and two numbers: consents and their withdrawals, opt-outs, entries of the
 * registry, the provider's setting, a cap, marketing and service, by day and on a Sunday. Beside them runs a
 * model in a few lines that says of each message whether it may leave, and how many were let through by
 * consent.
 */

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday, at noon. */
const lawful = new Date('2026-11-25T12:00:00+02:00');
/** A Sunday so far ahead that what waits for its Monday is due by no clock of a machine. */
const unlawful = new Date('2099-11-29T12:00:00+02:00');

const which = fc.integer({ min: 0, max: 1 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), which, isMarketing: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('claim on a Sunday' as const),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('Monday comes' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('consent' as const), which, isOld: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('opt-out' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lift' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('setting' as const), stands: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cap' as const), cap: fc.constantFrom(null, 1, 2) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

interface Person {
  msisdn: string;
  isBlocked: boolean;
  everOptedOut: boolean;
  everWithdrew: boolean;
  hasConsent: boolean;
  isListed: boolean;
  /** Marketing that has left. */
  left: number;
  overrides: number;
}

const createPerson = (): Person => ({
  msisdn: nextMsisdn(),
  isBlocked: false,
  everOptedOut: false,
  everWithdrew: false,
  hasConsent: false,
  isListed: false,
  left: 0,
  overrides: 0,
});

let lastMs = 0;

/** A moment of its own: of two in one millisecond none is the later. */
function readMoment(): Date {
  while (Date.now() <= lastMs);
  lastMs = Date.now();
  return new Date(lastMs);
}

/** Runs the steps on a database, and throws at the first thing that the model says otherwise. */
async function run(pool: Pool, steps: readonly Step[]): Promise<void> {
  const account = await createAccount(pool);
  const people = [createPerson(), createPerson()] as const;
  let stands = false;
  let cap: number | null = null;
  await pool.query('update platform_setting set consent_stands = false');
  const passes = (person: Person, isMarketing: boolean) =>
    !person.isBlocked && (!isMarketing || !person.isListed || (stands && person.hasConsent));
  /** What waits, in the order in which it was accepted. */
  const queue: { person: Person; isMarketing: boolean; isHeld: boolean }[] = [];
  const release = async () => {
    for (const one of queue) one.isHeld = false;
    // due as if it had never been put off
    await pool.query(
      `update message set next_attempt_at = created_at where account_id = $1 and status = 'QUEUED'`,
      [account.id],
    );
  };

  async function claim(limit: number, now = lawful): Promise<void> {
    const { messages } = await claimBatch(pool, account.id, { limit, leaseMs: 60_000, now });
    await recordHandover(
      pool,
      messages,
      messages.map(({ id }) => ({ status: 'sent', carrierMessageId: id })),
    );
    const expected: string[] = [];
    for (const one of queue.filter(({ isHeld }) => !isHeld).slice(0, limit)) {
      const { person, isMarketing } = one;
      const isPassing = passes(person, isMarketing);
      one.isHeld = isPassing && isMarketing && now === unlawful;
      if (one.isHeld) continue;
      queue.splice(queue.indexOf(one), 1);
      if (!isPassing) continue;
      if (isMarketing && cap !== null && person.left >= cap) continue;
      expected.push(person.msisdn);
      if (!isMarketing) continue;
      person.left += 1;
      if (person.isListed) person.overrides += 1;
    }
    expect(messages.map(({ msisdn }) => msisdn).sort(), 'what left').toEqual(expected.sort());
  }

  for (const one of steps) {
    const person = 'which' in one ? (people[one.which] as Person) : people[0];
    switch (one.do) {
      case 'send': {
        const result = await acceptBatch(pool, account.scope, {
          recipients: [person.msisdn],
          text: 'Hello',
          idempotencyKey: randomUUID(),
          purpose: one.isMarketing ? 'MARKETING' : 'SERVICE',
        });
        const isQueued = passes(person, one.isMarketing);
        expect(result.recipients[0]?.outcome, 'what was accepted').toBe(isQueued ? 'queued' : 'blocked');
        if (isQueued) queue.push({ person, isMarketing: one.isMarketing, isHeld: false });
        break;
      }
      case 'claim':
        await claim(one.limit);
        break;
      case 'claim on a Sunday':
        await claim(one.limit, unlawful);
        break;
      case 'Monday comes':
        await release();
        break;
      case 'consent': {
        const givenAt = one.isOld ? new Date('2026-01-01') : readMoment();
        const details = { givenAt, source: 'PAPER' as const, wording: 'Yes', url: null, file: null };
        const outcome = (await recordConsents(pool, account.scope, [person.msisdn], details)).get(
          person.msisdn,
        );
        const end = person.everOptedOut ? 'opted-out-since' : person.everWithdrew ? 'withdrawn-since' : null;
        if (one.isOld && end) {
          expect(outcome, 'that the consent had ended').toBe(end);
        } else {
          expect(outcome, 'that the consent counts').toMatch(/^(recorded|already-there)$/);
          person.hasConsent = true;
        }
        break;
      }
      case 'withdraw': {
        const withdrawal = { withdrawnAt: readMoment(), reason: 'They rang' };
        const { ok } = await withdrawConsent(pool, account.scope, person.msisdn, withdrawal);
        expect(ok, 'whether there was a consent to withdraw').toBe(person.hasConsent);
        if (ok) [person.hasConsent, person.everWithdrew] = [false, true];
        break;
      }
      case 'opt-out':
        if (!person.isBlocked)
          [person.isBlocked, person.everOptedOut, person.hasConsent] = [true, true, false];
        await addOptOuts(pool, account.scope, [person.msisdn]);
        break;
      case 'lift':
        person.isBlocked = false;
        await removeOptOuts(pool, account.scope, [person.msisdn]);
        break;
      case 'list':
        person.isListed = true;
        await pool.query(
          'insert into registry_entry (msisdn, import_id) values ($1, 0) on conflict do nothing',
          [person.msisdn],
        );
        break;
      case 'unlist':
        person.isListed = false;
        await pool.query('delete from registry_entry where msisdn = $1', [person.msisdn]);
        break;
      case 'setting':
        ({ stands } = one);
        await pool.query('update platform_setting set consent_stands = $1', [stands]);
        break;
      case 'cap':
        ({ cap } = one);
        await pool.query('update account set weekly_marketing_cap = $2 where id = $1', [account.id, cap]);
        break;
    }
  }
  await release();
  await claim(queue.length + 1);
  const { rows } = await pool.query<{ msisdn: string; passed: number }>(
    `select msisdn, count(*)::int as passed from consent_event where account_id = $1 and kind = 'OVERRODE' group by 1`,
    [account.id],
  );
  const passed = new Map(rows.map((row) => [row.msisdn, row.passed]));
  for (const { msisdn, overrides, hasConsent } of people) {
    expect(passed.get(msisdn) ?? 0, 'overrides').toBe(overrides);
    const consent = await findConsent(pool, account.scope, msisdn);
    expect(consent !== null, 'whether a consent is in force').toBe(hasConsent);
  }
}

const check = (pool: Pool, numRuns: number, seed: number) =>
  fc.check(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 28 }), (steps) => run(pool, steps)),
    { numRuns, seed, endOnFailure: true },
  );

// npm run soak -- --only properties runs as many as the second number says.
const { numRuns, seed } = propertyRuns(15, 150);

test(
  `what leaves, what is blocked and what consent lets through is what the model says (PROPERTY_SEED=${seed})`,
  { timeout: timeLimit(60_000 + numRuns * 1_000) },
  async () => {
    const details = await check(db.pool, numRuns, seed);
    expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
  },
);

// Each with a seed from which its first sequence shows it, found by trying: the steps come one after another.
test.each([
  [
    56,
    'consent stands whatever the staff have set',
    'claim-messages',
    '(select consent_stands from platform_setting) and exists',
    'exists',
  ],
  [
    9,
    'a message that consent lets through is no event',
    'claim-messages',
    "'OVERRODE', 'system'",
    "'GIVEN', 'system'",
  ],
  [
    11,
    'an opt-out leaves the consent',
    'add-opt-outs',
    /delete from consent\s+where/,
    'delete from consent where false and',
  ],
  [
    1,
    'a withdrawal leaves the consent',
    'withdraw-consent',
    /delete from consent\s+where/,
    'delete from consent where false and',
  ],
  [
    41,
    'a consent of before its withdrawal is taken',
    'record-consents',
    "consent_event.kind = 'WITHDRAWN'",
    'false',
  ],
  [
    3,
    'a consent of before the opt-out is taken',
    'record-consents',
    /opt_out_event\.created_at >= \$\d+::timestamptz/,
    'false',
  ],
  [
    14,
    'marketing leaves on a Sunday',
    'claim-messages',
    "when purpose = 'MARKETING' and not is_held then",
    'when false then',
  ],
  [
    5,
    'service waits for Monday, too',
    'claim-messages',
    "when purpose = 'MARKETING' and not is_held then",
    'when true then',
  ],
  [
    25,
    'the cap counts one more',
    'claim-messages',
    /where place > (\$\d+)::int/,
    'where place > $1::int + 1',
  ],
  [56, 'what has left does not count', 'claim-messages', "earlier.purpose = 'MARKETING'", 'false'],
  [
    1,
    'service counts as well',
    'claim-messages',
    "due where due.purpose = 'MARKETING' and not due.is_open",
    'due where not due.is_open',
  ],
] as const)(
  'from seed %i, %s: is found',
  { timeout: timeLimit(180_000) },
  async (from, _, statement, replace, by) => {
    const { pool, countChanged } = createMutatedPool(db.url, { statements: [statement], replace, by });
    const details = await check(pool, 600, from);
    await pool.end();
    expect(countChanged()).toBeGreaterThan(0);
    expect(details.failed).toBe(true);
  },
);
