import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { blockedReason, marketingStopReasons } from '@/lib/opt-outs/gate';
import { readGate } from '@/lib/opt-outs/family-queries';
import { createAccount, createManualOptOut, nextMsisdn, queueMessages } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch } from './claim';
import { acceptBatch, acceptMessages } from './commands';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday; marketing leaves at noon. */
const noon = new Date('2026-11-25T12:00:00+02:00');

interface Facts {
  cleansedOn?: string;
  industryCleansedOn?: string;
  cleansingRequiredFrom?: string;
  registrationEndsOn?: string;
  registrationRequiredFrom?: string;
}

async function arrange(accountId: number, facts: Facts): Promise<void> {
  await db.pool.query('update account set cleansed_on = $2, registration_ends_on = $3 where id = $1', [
    accountId,
    facts.cleansedOn,
    facts.registrationEndsOn,
  ]);
  await db.pool.query(
    'update platform_setting set industry_cleansed_on = $1, cleansing_required_from = $2, registration_required_from = $3',
    [facts.industryCleansedOn, facts.cleansingRequiredFrom, facts.registrationRequiredFrom],
  );
}

beforeEach(() => arrange(0, {}));

test.each<[string, Facts, 'CLEANSING' | 'REGISTRATION' | null]>([
  ['nothing is known of it, and nothing required', {}, null],
  ['it cleansed 31 days ago', { cleansedOn: '2026-10-25' }, null],
  ['it cleansed 32 days ago', { cleansedOn: '2026-10-24' }, 'CLEANSING'],
  [
    'the answer for the industry is newer',
    { cleansedOn: '2026-10-01', industryCleansedOn: '2026-11-01' },
    null,
  ],
  ['the answer for the industry is old, and it never cleansed', { industryCleansedOn: '2026-01-01' }, null],
  ['it has to cleanse from today on', { cleansingRequiredFrom: '2026-11-25' }, 'CLEANSING'],
  ['it has to cleanse from tomorrow on', { cleansingRequiredFrom: '2026-11-26' }, null],
  [
    'it has to, and the industry was cleansed',
    { cleansingRequiredFrom: '2026-11-01', industryCleansedOn: '2026-11-01' },
    null,
  ],
  [
    'it has to, and that of the industry is old',
    { cleansingRequiredFrom: '2026-11-01', industryCleansedOn: '2026-10-24' },
    'CLEANSING',
  ],
  ['its registration ends today', { registrationEndsOn: '2026-11-25' }, null],
  ['its registration ended yesterday', { registrationEndsOn: '2026-11-24' }, 'REGISTRATION'],
  ['it has to be registered from today on', { registrationRequiredFrom: '2026-11-25' }, 'REGISTRATION'],
  ['it has to be registered from tomorrow on', { registrationRequiredFrom: '2026-11-26' }, null],
  [
    'it has to be, and is',
    { registrationRequiredFrom: '2026-11-01', registrationEndsOn: '2027-07-31' },
    null,
  ],
])('when %s', async (_, facts, stop) => {
  const account = await createAccount(db.pool);
  await arrange(account.id, facts);
  expect(await readGate(db.pool, account.scope, noon)).toMatchObject({ stop });
});

test('the day is that of South Africa', async () => {
  const account = await createAccount(db.pool);
  await arrange(account.id, { registrationEndsOn: '2026-11-24' });
  const readStop = async (at: string) => (await readGate(db.pool, account.scope, new Date(at))).stop;
  expect(await readStop('2026-11-24T23:59:00+02:00')).toBeNull();
  expect(await readStop('2026-11-24T22:00:00Z')).toBe('REGISTRATION');
});

test.each<[keyof typeof marketingStopReasons, Facts]>([
  ['CLEANSING', { cleansedOn: '2020-01-01' }],
  ['REGISTRATION', { registrationEndsOn: '2020-01-01' }],
])(
  '%s stops marketing at both doors, with its own reason and for nothing; service goes',
  async (stop, facts) => {
    const account = await createAccount(db.pool, { credits: 10, defaultPurpose: 'MARKETING' });
    const optedOut = nextMsisdn();
    await createManualOptOut(db.pool, account, optedOut);
    // accepted before it was stopped, and due after
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
    await arrange(account.id, facts);

    const accept = async (recipients: string[], purpose: 'MARKETING' | 'SERVICE' | null) => {
      const result = await acceptBatch(db.pool, account.scope, {
        recipients,
        text: 'Our spring sale',
        idempotencyKey: randomUUID(),
        purpose,
      });
      return result.recipients.map(({ outcome, reason }) => [outcome, reason]);
    };
    expect(await accept([nextMsisdn(), optedOut], null)).toEqual([
      ['blocked', marketingStopReasons[stop]],
      ['blocked', blockedReason],
    ]);
    expect(await accept([nextMsisdn()], 'SERVICE')).toEqual([['queued', null]]);

    const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000, now: noon });
    expect(messages).toHaveLength(1);
    const { rows } = await db.pool.query(
      `select status, purpose, cost, reason from message where account_id = $1 and msisdn <> $2 order by id`,
      [account.id, optedOut],
    );
    const stopped = { status: 'BLOCKED', purpose: 'MARKETING', cost: 0, reason: marketingStopReasons[stop] };
    expect(rows).toEqual([
      stopped,
      stopped,
      stopped,
      { status: 'SENDING', purpose: 'SERVICE', cost: 1, reason: null },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));

    // a person is told before a thousand are blocked
    const input = { recipients: [nextMsisdn()], text: 'Our spring sale', idempotencyKey: randomUUID() };
    const byPerson = () => acceptMessages(db.pool, account.scope, input, { refusesStopped: true });
    expect(await byPerson()).toMatchObject({
      ok: false,
      reason: 'marketing-stopped',
      message: `${marketingStopReasons[stop]} Nothing was sent.`,
    });
    await arrange(account.id, {});
    const accepted = await byPerson();
    expect(accepted).toMatchObject({ ok: true, queued: 1 });
    await arrange(account.id, facts);
    // pressed again, as its answer was lost: it was accepted
    expect(await byPerson()).toEqual(accepted);
  },
);
