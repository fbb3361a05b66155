import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordConsents, withdrawConsent } from '@/lib/consents/commands';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { addOptOuts, removeOptOuts } from '@/lib/opt-outs/commands';
import { blockedReason, registryReason } from '@/lib/opt-outs/gate';
import {
  createAccount,
  listOnRegistry,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { readPlatformSettings, savePlatformSettings } from '@/lib/platform/settings';
import { createStaff } from '@/testing/removals';
import { collectComplaint } from './complaint-facts';
import { readComplaint } from './complaint-queries';
import { computeFingerprint, writeEvidenceCsv } from './evidence-table';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday, at noon. */
const lawful = new Date('2026-11-25T12:00:00+02:00');
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Johannesburg' }).format(new Date());

async function send(account: TestAccount, msisdn: string, text: string): Promise<void> {
  await queueMessages(db.pool, account, [msisdn], text);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000, now: lawful });
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id }) => ({ status: 'sent', carrierMessageId: id })),
  );
}

const collect = async (
  account: TestAccount,
  msisdn: string,
  change: { from?: string; to?: string; limit?: number } = {},
) => {
  const period = { from: '2026-01-01', to: today(), timeZone: 'Africa/Johannesburg', ...change };
  const complaint = await readComplaint(db.pool, account.scope, msisdn, period, change.limit ?? 100);
  return collectComplaint({ account: { id: account.id, name: account.name }, complaint });
};

/** Of each message its text, the rule that decided, and what is said of it. */
const messagesOf = (facts: Awaited<ReturnType<typeof collect>>) =>
  facts
    .filter(({ section }) => section === 'Messages')
    .map(({ text, rule, details }) => ({ text, rule, details }));

test('says of each message what was known at that moment and which rule decided', async () => {
  const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
  const msisdn = nextMsisdn();
  const pause = () => db.pool.query('select pg_sleep(0.002)');
  const endsOn = `${new Date().getFullYear() + 1}-06-30`;
  await send(account, msisdn, 'First');
  await db.pool.query(
    `insert into marketer_registration (account_id, number, ends_on, created_at) values ($1, 'NCC/7', $2, now())`,
    [account.id, endsOn],
  );
  await db.pool.query(
    `insert into cleansing (account_id, import_id, as_of, name, lines, matched, came, gone, uploaded_at, in_force_at)
     values ($1, 1, current_date - 3, 'answer.csv', 1, 0, 0, 0, now(), now())`,
    [account.id],
  );
  await addOptOuts(db.pool, account.scope, [msisdn]);
  await pause();
  await send(account, msisdn, 'While opted out');
  await pause();
  await removeOptOuts(db.pool, account.scope, [msisdn]);
  await recordConsents(db.pool, account.scope, [msisdn], {
    givenAt: new Date(),
    source: 'SHOP',
    wording: 'Yes to offers',
    url: null,
    file: null,
  });
  await listOnRegistry(db.pool, [msisdn]);
  await pause();
  await send(account, msisdn, 'While the registry wins');
  await db.pool.query('update platform_setting set consent_stands = true');
  await send(account, msisdn, `${account.name}, while consent stands. Opt out: reply STOP`);
  await db.pool.query('update platform_setting set consent_stands = false');
  const withdrawnAt = new Date();
  await pause();
  await send(account, msisdn, 'Before the withdrawal was written down');
  await withdrawConsent(db.pool, account.scope, msisdn, { withdrawnAt, reason: 'Told our shop' });
  await pause();
  await send(account, msisdn, 'After it');
  await db.pool.query(`update account set default_purpose = 'SERVICE' where id = $1`, [account.id]);
  await send(account, msisdn, 'Your parcel is here');
  // the hours of what left are told by the clock of the recipient
  await db.pool.query(
    `update message set sent_at = '2026-11-22T10:00:00+02:00' where account_id = $1 and text = 'First'`,
    [account.id],
  );

  const facts = await collect(account, msisdn);
  const [first, blocked, listed, passed, late, withdrawn, service, ...more] = messagesOf(facts);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ text: 'First', rule: 'No rule blocked it' });
  expect(first?.details).toContain('Purpose: marketing.');
  expect(first?.details).toContain(
    'Who is speaking: no name that the account has now is in the text. How to opt out: not said in the text.',
  );
  expect(passed?.details).toContain('Who is speaking: named in the text. How to opt out: said in the text.');
  expect(service?.details).not.toContain('Who is speaking');
  expect(first?.details).toContain(
    'Recipient’s clock: Sunday 2026-11-22 10:00, outside the lawful hours of marketing.',
  );
  expect(first?.details).toContain('Registration in force: none on record.');
  expect(first?.details).toContain('Cleansing in force: none on record.');
  expect(first?.details).toContain('Consent: none in force. Opt-out: not opted out.');
  expect(blocked).toMatchObject({ text: 'While opted out', rule: 'Opt-out list of the account' });
  expect(blocked?.details).toContain(`Decision of the gate: blocked. ${blockedReason}`);
  expect(blocked?.details).toContain('Opt-out: opted out since');
  expect(blocked?.details).toContain(`Registration in force: NCC/7, until ${endsOn}.`);
  expect(blocked?.details).toMatch(/Cleansing in force: of \d{4}-\d\d-\d\d, [34] days old\./);
  expect(listed).toMatchObject({ rule: 'National opt-out registry' });
  expect(listed?.details).toContain(registryReason);
  expect(listed?.details).toContain('National registry: on it, whole industry');
  expect(listed?.details).toContain('in a shop');
  expect(passed).toMatchObject({ rule: 'Consent against the registry' });
  expect(passed?.details).toContain('Opt-out: not opted out.');
  expect(late?.details).toMatch(/withdrawn \d{4}-\d\d-\d\d, which was written down later/);
  expect(withdrawn?.details).toContain('Consent: none in force.');
  expect(facts.filter(({ section }) => section === 'Consent').at(-1)).toMatchObject({
    what: 'Withdrawn',
    who: 'the recipient',
    text: 'Told our shop',
  });
  expect(service).toMatchObject({ rule: 'Service message' });
  expect(facts.map(({ section }) => section)).toEqual(
    expect.arrayContaining([
      'Account',
      'Registration as a direct marketer',
      'Cleansing',
      'Consent',
      'Opt-outs',
    ]),
  );
  const csv = [...writeEvidenceCsv(facts, { madeAt: 'now', madeBy: 'Thandi' }, ',')].join('');
  expect(csv).toContain('Consent against the registry');
  expect(csv).toContain(computeFingerprint(facts));
});

test('is of the period that is asked for, holds the latest, and says what it leaves out', async () => {
  const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
  const msisdn = nextMsisdn();
  for (const text of ['One', 'Two', 'Three']) await send(account, msisdn, text);
  await db.pool.query(
    `update message set sent_at = '2026-03-01T00:30:00+02:00' where account_id = $1 and text = 'One'`,
    [account.id],
  );
  const texts = async (change: Parameters<typeof collect>[2]) =>
    messagesOf(await collect(account, msisdn, change)).map(({ text, details }) => text || details);
  expect(await texts({ from: '2026-03-01', to: '2026-03-01' })).toEqual(['One']);
  expect(await texts({ from: '2026-02-01', to: '2026-02-28' })).toEqual([
    'The account sent this number no message in the period, and none to it was blocked.',
  ]);
  expect(await texts({ limit: 2 })).toEqual([
    'This pack holds the latest 2 messages of the period. Ask for a shorter one to see the others.',
    'Two',
    'Three',
  ]);
});

test('has nothing of another account', async () => {
  const [account, other] = [
    await createAccount(db.pool, { defaultPurpose: 'MARKETING' }),
    await createAccount(db.pool),
  ];
  const msisdn = nextMsisdn();
  await send(account, msisdn, 'A secret offer');
  await addOptOuts(db.pool, account.scope, [msisdn]);
  const facts = await collect(other, msisdn);
  expect(JSON.stringify(facts)).not.toContain('secret');
  expect(facts.some(({ section }) => section === 'Opt-outs')).toBe(false);
  expect(JSON.stringify(await collect(account, msisdn))).toContain('A secret offer');
});

test('judges an hour by what was set then: a holiday proclaimed later does not rewrite the past', async () => {
  const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
  const msisdn = nextMsisdn();
  const staff = await createStaff(db.pool);
  // Wednesdays; the first long before the change, the second long after it
  for (const at of ['2020-01-15T12:00:00+02:00', '2099-11-25T12:00:00+02:00']) {
    await send(account, msisdn, at);
    await db.pool.query('update message set sent_at = $2 where account_id = $1 and text = $3', [
      account.id,
      at,
      at,
    ]);
  }
  const before = await readPlatformSettings(db.pool);
  const save = async (change: Partial<typeof before>) =>
    expect(await savePlatformSettings(db.pool, staff, { ...before, ...change })).toEqual({ ok: true });
  try {
    await save({ extraHolidays: ['2020-01-15'] });
    // what changes something else is no change of hours
    await save({ extraHolidays: ['2020-01-15'], cleansingDays: before.cleansingDays + 1 });
    await save({ extraHolidays: ['2020-01-15'], weekday: { from: 13 * 60, to: 18 * 60 } });
    const facts = await collect(account, msisdn, { from: '2019-01-01', to: '2099-12-31' });
    const [first, second] = messagesOf(facts);
    expect(first?.details).toMatch(
      /Wednesday 2020-01-15 12:00, within the lawful hours of marketing; by what was set later, at .*, it would be outside them\./,
    );
    expect(second?.details).toContain('Wednesday 2099-11-25 12:00, outside the lawful hours of marketing.');
    const periods = facts.filter(({ section }) => section === 'Hours of marketing');
    expect(periods.map(({ when, details }) => [when === '', details])).toEqual([
      [true, expect.stringContaining('On weekdays from 08:00 to 20:00, on Saturdays from 09:00 to 13:00.')],
      [false, expect.stringContaining('Public holidays beside those of the calendar: 2020-01-15.')],
      [false, expect.stringContaining('On weekdays from 13:00 to 18:00')],
    ]);
  } finally {
    await save({});
  }
});
