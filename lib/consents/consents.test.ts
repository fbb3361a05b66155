import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { composeCsvSelect } from '@/lib/lists/csv';
import { claimBatch } from '@/lib/messages/claim';
import { acceptBatch } from '@/lib/messages/commands';
import { addOptOuts, removeOptOuts } from '@/lib/opt-outs/commands';
import { registryReason } from '@/lib/opt-outs/gate';
import { receiveReplies } from '@/lib/replies/commands';
import {
  createAccount,
  listOnRegistry,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { composeReply } from '@/testing/factories';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { recordConsents, withdrawConsent } from './commands';
import { composeConsentsFile, findConsent, listConsents, readConsentRecords } from './queries';
import { composeDetails, detailsForm, withdrawnOnSchema, type ConsentDetails } from './schema';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday, at noon. */
const lawful = new Date('2026-11-25T12:00:00+02:00');

const details = (change: Partial<ConsentDetails> = {}): ConsentDetails => ({
  givenAt: new Date('2026-11-01T09:30:00+02:00'),
  source: 'PAPER',
  wording: 'Yes, send me offers by SMS.',
  url: null,
  file: { name: 'form 12.pdf', hash: 'ab'.repeat(32) },
  ...change,
});

const record = async (account: TestAccount, msisdn: string, change: Partial<ConsentDetails> = {}) =>
  (await recordConsents(db.pool, account.scope, [msisdn], details(change))).get(msisdn);

describe('writing consents down', () => {
  test('each is kept with all that was said of it, once, and one that was given later takes its place', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    expect(await record(account, msisdn)).toBe('recorded');
    expect(await record(account, msisdn)).toBe('already-there');
    expect(await record(account, msisdn, { givenAt: new Date('2026-10-01') })).toBe('already-there');
    expect(
      await record(account, msisdn, {
        givenAt: new Date('2026-11-02T00:00:00Z'),
        source: 'WEB_FORM',
        file: null,
        url: 'https://shop.example/1',
      }),
    ).toBe('recorded');
    const [last, earlier, ...more] = await readConsentRecords(db.pool, account.scope, msisdn);
    expect(more).toEqual([]);
    expect(last).toMatchObject({
      source: 'WEB_FORM',
      url: 'https://shop.example/1',
      file: null,
      isInForce: true,
    });
    expect(earlier).toMatchObject({
      givenAt: '2026-11-01T07:30:00.000Z',
      source: 'PAPER',
      wording: 'Yes, send me offers by SMS.',
      file: { name: 'form 12.pdf', hash: 'ab'.repeat(32) },
      isInForce: false,
      withdrawnAt: null,
      overrides: 0,
    });
  });

  test('they are of one account; another sees none of them', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [one, two] = [nextMsisdn(), nextMsisdn()];
    await record(account, one);
    await record(account, two);
    const { entries, next } = await listConsents(db.pool, account.scope, { after: null, limit: 1 });
    expect([entries.map(({ msisdn }) => msisdn), next !== null]).toEqual([[two], true]);
    const rest = await listConsents(db.pool, account.scope, { after: next, limit: 1 });
    expect([rest.entries.map(({ msisdn }) => msisdn), rest.next]).toEqual([[one], null]);
    expect(await findConsent(db.pool, account.scope, one)).toMatchObject({ source: 'PAPER' });
    expect(await findConsent(db.pool, other.scope, one)).toBeNull();
    expect(await readConsentRecords(db.pool, other.scope, one)).toEqual([]);
    expect((await listConsents(db.pool, other.scope, { after: null, limit: 10 })).entries).toEqual([]);
  });

  test('its history cannot be written over', async () => {
    await expect(db.pool.query('delete from consent_event')).rejects.toMatchObject({ code: '42501' });
    await expect(db.owner.query('delete from consent_event')).rejects.toThrow();
  });
});

test('the file of consents has those in force, of the account alone', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const [one, two, gone] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await record(account, one, { url: 'https://shop.example/1' });
  await record(account, two, { wording: '=HYPERLINK("x")', file: null, source: 'WEB_FORM' });
  await record(account, gone);
  await addOptOuts(db.pool, account.scope, [gone]);
  const read = async ({ scope }: TestAccount) =>
    (await db.pool.query(composeCsvSelect(composeConsentsFile(scope, 'Africa/Johannesburg')))).rows;
  expect(await read(account)).toMatchObject([
    { Number: two, How: 'Web form', Wording: expect.stringMatching(/^'=/), File: null },
    { Number: one, Given: expect.stringContaining('2026-11-01 09:30'), Address: 'https://shop.example/1' },
  ]);
  expect(await read(other)).toEqual([]);
});

describe('an opt-out ends the consent, with an event', () => {
  const optOut = {
    'by hand': (account: TestAccount, msisdn: string) => addOptOuts(db.pool, account.scope, [msisdn]),
    'by a reply': async (account: TestAccount, msisdn: string) => {
      await queueMessages(db.pool, account, [msisdn]);
      await receiveReplies(db.pool, [
        composeReply({ from: msisdn, to: account.senderNumber as string, text: 'Stop' }),
      ]);
    },
  };
  test.each(Object.entries(optOut))('%s', async (_, block) => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [msisdn, untouched] = [nextMsisdn(), nextMsisdn()];
    for (const one of [account, other]) {
      await record(one, msisdn);
      await record(one, untouched);
    }
    await block(account, msisdn);
    const [ended] = await readConsentRecords(db.pool, account.scope, msisdn);
    expect(ended).toMatchObject({ isInForce: false, withdrawnAt: expect.any(String) });
    // of others, and of other numbers, it stays
    expect(await findConsent(db.pool, account.scope, untouched)).not.toBeNull();
    expect(await findConsent(db.pool, other.scope, msisdn)).not.toBeNull();
    // and what was given before it is not taken any more, also when the block has been lifted since
    await removeOptOuts(db.pool, account.scope, [msisdn]);
    expect(await record(account, msisdn, { givenAt: new Date('2026-11-20') })).toBe('opted-out-since');
    expect(await record(account, msisdn, { givenAt: new Date() })).toBe('recorded');
  });

  test('the word of a reply about a number that was blocked by hand ends a consent given meanwhile', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    await addOptOuts(db.pool, account.scope, [msisdn]);
    expect(await record(account, msisdn, { givenAt: new Date() })).toBe('recorded');
    await receiveReplies(db.pool, [
      composeReply({ from: msisdn, to: account.senderNumber as string, text: 'Stop' }),
    ]);
    expect(await findConsent(db.pool, account.scope, msisdn)).toBeNull();
  });
});

const claim = (account: TestAccount) =>
  claimBatch(db.pool, account.id, { limit: 100, leaseMs: 60_000, now: lawful });

async function accept(account: TestAccount, recipients: string[]) {
  const result = await acceptBatch(db.pool, account.scope, {
    recipients,
    text: 'Our spring sale',
    idempotencyKey: randomUUID(),
    purpose: 'MARKETING',
  });
  if (!result.ok) throw new Error(result.message);
  return result.recipients.map(({ outcome, reason }) => reason ?? outcome);
}

const setStands = (stands: boolean) =>
  db.pool.query('update platform_setting set consent_stands = $1', [stands]);

describe('consent and the registry', () => {
  test('the registry wins unless the staff have set that consent stands; each that passes is an event, once', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [consented, listed, free] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await listOnRegistry(db.pool, [consented, listed]);
    await record(account, consented);
    await record(account, free);
    expect(await accept(account, [consented, listed, free])).toEqual([
      registryReason,
      registryReason,
      'queued',
    ]);
    await setStands(true);
    try {
      expect(await accept(account, [consented, listed, free])).toEqual(['queued', registryReason, 'queued']);
      expect(await accept(other, [consented])).toEqual([registryReason]);
      const { messages } = await claim(account);
      expect(messages.map(({ msisdn }) => msisdn).sort()).toEqual([consented, free, free].sort());
      // claimed again, as after a process died
      await db.pool.query(
        `update message set next_attempt_at = now() where account_id = $1 and status = 'SENDING'`,
        [account.id],
      );
      expect((await claim(account)).messages).toHaveLength(3);
      const { rows } = await db.pool.query(
        `select msisdn, message_id from consent_event where account_id = $1 and kind = 'OVERRODE'`,
        [account.id],
      );
      const passed = messages.find(({ msisdn }) => msisdn === consented);
      expect(rows).toEqual([{ msisdn: consented, message_id: passed?.id }]);
      expect(await readConsentRecords(db.pool, account.scope, consented)).toMatchObject([{ overrides: 1 }]);
    } finally {
      await setStands(false);
    }
    // what was accepted while it stood is asked again
    const [queued] = [await (async () => (await setStands(true), accept(account, [consented])))()];
    await setStands(false);
    expect(queued).toEqual(['queued']);
    expect((await claim(account)).messages).toEqual([]);
  });

  test('an opt-out wins over a consent given before it, also one that was written down late, and after it was lifted', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await listOnRegistry(db.pool, [msisdn]);
    await addOptOuts(db.pool, account.scope, [msisdn]);
    await removeOptOuts(db.pool, account.scope, [msisdn]);
    // as a statement that began before the opt-out was committed would leave it
    await db.pool.query(
      `insert into consent (account_id, msisdn, given_at, source, wording) values ($1, $2, '2026-11-01', 'PAPER', 'Yes')`,
      [account.id, msisdn],
    );
    await setStands(true);
    try {
      expect(await accept(account, [msisdn])).toEqual([registryReason]);
      await record(account, msisdn, { givenAt: new Date() });
      expect(await accept(account, [msisdn])).toEqual(['queued']);
      await addOptOuts(db.pool, account.scope, [msisdn]);
      expect(await accept(account, [msisdn])).not.toEqual(['queued']);
      expect((await claim(account)).messages).toEqual([]);
    } finally {
      await setStands(false);
    }
  });

  testOnOneServer('while it does not stand, no consent is looked up', async () => {
    const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
    const msisdn = nextMsisdn();
    await listOnRegistry(db.pool, [msisdn]);
    await record(account, msisdn);
    const readScans = async () => {
      await db.pool.query('select pg_stat_force_next_flush()');
      const { rows } = await db.pool.query<{ scans: string }>(
        `select pg_stat_get_numscans('consent'::regclass) + pg_stat_get_numscans('consent_pkey'::regclass) as scans`,
      );
      return Number(rows[0]?.scans);
    };
    const before = await readScans();
    expect(await accept(account, [msisdn, nextMsisdn()])).toEqual([registryReason, 'queued']);
    expect((await claim(account)).messages).toHaveLength(1);
    await expect.poll(readScans).toBe(before);
    await setStands(true);
    try {
      await accept(account, [msisdn]);
      await expect.poll(readScans).toBeGreaterThan(before);
    } finally {
      await setStands(false);
    }
  });
});

describe('a withdrawal', () => {
  const withdraw = (account: TestAccount, msisdn: string, withdrawnAt = new Date()) =>
    withdrawConsent(db.pool, account.scope, msisdn, { withdrawnAt, reason: 'Told our shop in Paarl' });

  test('ends the consent at both doors of the gate at once, and what was given before it stays out', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await listOnRegistry(db.pool, [msisdn]);
    await record(account, msisdn);
    await setStands(true);
    try {
      expect(await accept(account, [msisdn])).toEqual(['queued']);
      expect(await withdraw(account, msisdn)).toEqual({
        ok: true,
        givenAt: details().givenAt,
        isNew: true,
      });
      expect(await accept(account, [msisdn])).toEqual([registryReason]);
      // what was accepted before
      expect((await claim(account)).messages).toEqual([]);
      // the same again, or another from before, is not taken
      expect(await record(account, msisdn)).toBe('withdrawn-since');
      expect(await record(account, msisdn, { givenAt: new Date('2026-11-20') })).toBe('withdrawn-since');
      // nor does it count where it was being written down at the same moment
      await db.pool.query(
        `insert into consent (account_id, msisdn, given_at, source, wording) values ($1, $2, '2026-11-20', 'PAPER', 'Yes')`,
        [account.id, msisdn],
      );
      expect(await accept(account, [msisdn])).toEqual([registryReason]);
      await db.pool.query('delete from consent where account_id = $1', [account.id]);
      // a new one does
      expect(await record(account, msisdn, { givenAt: new Date(Date.now() + 1_000) })).toBe('recorded');
      expect(await accept(account, [msisdn])).toEqual(['queued']);
    } finally {
      await setStands(false);
    }
  });

  test('stands in the story with its day, its reason and who wrote it down; the history keeps both', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await record(account, msisdn);
    await withdraw(account, msisdn, new Date('2026-11-15T23:59:59.999+02:00'));
    expect(await readConsentRecords(db.pool, account.scope, msisdn)).toMatchObject([
      {
        isInForce: false,
        withdrawnAt: expect.any(String),
        withdrawal: { at: '2026-11-15T21:59:59.999Z', reason: 'Told our shop in Paarl' },
      },
    ]);
    // of a day after the withdrawal, written down later
    expect(await record(account, msisdn, { givenAt: new Date('2026-11-16T08:00:00+02:00') })).toBe(
      'recorded',
    );
    expect(await readConsentRecords(db.pool, account.scope, msisdn)).toMatchObject([
      { isInForce: true, withdrawal: null },
      { isInForce: false },
    ]);
  });

  test('is not of a consent given later, of none, nor of another account', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await record(account, msisdn);
    expect(await withdraw(other, msisdn)).toEqual({ ok: false, reason: 'no-consent' });
    expect(await withdraw(account, msisdn, new Date('2026-10-31'))).toEqual({
      ok: false,
      reason: 'given-later',
    });
    expect(await findConsent(db.pool, account.scope, msisdn)).not.toBeNull();
    expect(await withdraw(account, msisdn)).toMatchObject({ ok: true });
    // again by somebody whose answer was lost it is the same; for another reason there is nothing to withdraw
    expect(await withdraw(account, msisdn)).toMatchObject({ ok: true, isNew: false });
    const again = { withdrawnAt: new Date(), reason: 'They rang' };
    expect(await withdrawConsent(db.pool, account.scope, msisdn, again)).toEqual({
      ok: false,
      reason: 'no-consent',
    });
    const { rows } = await db.pool.query(
      'select account_id, kind from consent_event where msisdn = $1 order by id',
      [msisdn],
    );
    expect(rows).toEqual([
      { account_id: account.id, kind: 'GIVEN' },
      { account_id: account.id, kind: 'WITHDRAWN' },
    ]);
  });
});

describe('what a form says', () => {
  afterEach(() => void vi.useRealTimers());

  test('of the day of a withdrawal: its end, today now, and no day to come', () => {
    vi.useFakeTimers({ now: new Date('2026-11-25T10:00:00+02:00') });
    const read = (day: string) => withdrawnOnSchema.safeParse(day);
    expect(read('2026-11-24').data).toEqual(new Date('2026-11-24T23:59:59.999+02:00'));
    expect(read('2026-11-25').data).toEqual(new Date('2026-11-25T10:00:00+02:00'));
    expect(read('2026-11-26').success).toBe(false);
    expect(read('yesterday').success).toBe(false);
  });

  test('of the time of a consent, which may be left out and may not be to come', () => {
    vi.useFakeTimers({ now: new Date('2026-11-25T10:00:00+02:00') });
    const read = (givenTime: string) =>
      composeDetails(
        z.object(detailsForm).parse({ givenOn: '2026-11-25', givenTime, source: 'PAPER', wording: 'Yes' }),
      );
    expect(read('')).toMatchObject({ details: { givenAt: new Date('2026-11-25T00:00:00+02:00') } });
    expect(read('09:30')).toMatchObject({ details: { givenAt: new Date('2026-11-25T09:30:00+02:00') } });
    expect(read('14:30').ok).toBe(false);
    expect(() => read('half past nine')).toThrow('14:30');
  });
});
