import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedReason, registryReason } from '@/lib/opt-outs/gate';
import {
  createAccount,
  createManualOptOut,
  listOnRegistry,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch } from './claim';
import { acceptBatch } from './commands';
import type { MessagePurpose } from './schema';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday, at noon. */
const lawful = new Date('2026-11-25T12:00:00+02:00');

const claim = (account: TestAccount) =>
  claimBatch(db.pool, account.id, { limit: 100, leaseMs: 60_000, now: lawful });

async function accept(account: TestAccount, recipients: string[], purpose: MessagePurpose | null = null) {
  const result = await acceptBatch(
    db.pool,
    account.scope,
    { recipients, text: 'Our spring sale', idempotencyKey: randomUUID(), purpose },
    { isPartial: false },
  );
  if (!result.ok) throw new Error(result.message);
  return {
    charged: result.creditsCharged,
    outcomes: result.recipients.map(({ outcome, reason }) => [outcome, reason]),
  };
}

const blocked = ['blocked', registryReason];
const queued = ['queued', null];

test('marketing to who is on the registry is blocked when it is accepted, and costs nothing; service goes', async () => {
  const account = await createAccount(db.pool, { credits: 10, defaultPurpose: 'MARKETING' });
  const [listed, free] = [nextMsisdn(), nextMsisdn()];
  await listOnRegistry(db.pool, [listed]);
  expect(await accept(account, [listed, free])).toEqual({ charged: 1, outcomes: [blocked, queued] });
  expect(await accept(account, [listed], 'SERVICE')).toEqual({ charged: 1, outcomes: [queued] });
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
  expect((await claim(account)).messages).toHaveLength(2);
});

test('an entry for one account blocks its marketing alone', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const listed = nextMsisdn();
  await listOnRegistry(db.pool, [listed], account.id);
  expect((await accept(account, [listed], 'MARKETING')).outcomes).toEqual([blocked]);
  expect((await accept(other, [listed], 'MARKETING')).outcomes).toEqual([queued]);
});

test('an opt-out is the reason where there are both', async () => {
  const account = await createAccount(db.pool);
  const number = nextMsisdn();
  await listOnRegistry(db.pool, [number]);
  await createManualOptOut(db.pool, account, number);
  expect((await accept(account, [number], 'MARKETING')).outcomes).toEqual([['blocked', blockedReason]]);
});

test('an entry that arrives while a batch is leaving blocks what is left, and gives it back', async () => {
  const account = await createAccount(db.pool, { credits: 10, defaultPurpose: 'MARKETING' });
  const recipients = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, recipients);
  await db.pool.query(
    `insert into message (account_id, kind, purpose, msisdn, sender_number, text, segments, cost, status, priority, next_attempt_at)
     select $1, kind::message_kind, null, $2, $3, 'hello', 1, 0, 'QUEUED', 1, now()
     from unnest('{NORMAL,CONFIRMATION,CONSENT,SERVICE}'::text[]) as kind`,
    [account.id, recipients[2], account.senderNumber],
  );
  await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000, now: lawful });
  await listOnRegistry(db.pool, recipients.slice(1));
  // what has no purpose is no marketing: confirmations, consent SMSs, codes, and what was sent before
  const { messages } = await claim(account);
  expect(messages.map(({ msisdn }) => msisdn)).toEqual(Array.from({ length: 4 }, () => recipients[2]));
  const { rows } = await db.pool.query(
    'select status, cost, reason from message where account_id = $1 order by id limit 3',
    [account.id],
  );
  expect(rows).toEqual([
    { status: 'SENDING', cost: 1, reason: null },
    { status: 'BLOCKED', cost: 0, reason: registryReason },
    { status: 'BLOCKED', cost: 0, reason: registryReason },
  ]);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
});

testOnOneServer(
  'marketing is looked up in the key, however large the registry is; service is not',
  async () => {
    const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
    await db.pool.query(
      `insert into registry_entry (msisdn, import_id) select '2760' || lpad(n::text, 7, '0'), 0 from generate_series(1, 20000) as n`,
    );
    await db.pool.query('analyze registry_entry');
    const readScans = async () => {
      await db.pool.query('select pg_stat_force_next_flush()');
      const { rows } = await db.pool.query<{ whole: string; probes: string }>(
        `select pg_stat_get_numscans('registry_entry'::regclass) as whole,
         pg_stat_get_numscans('registry_entry_pkey'::regclass) as probes`,
      );
      return { whole: Number(rows[0]?.whole), probes: Number(rows[0]?.probes) };
    };
    const client = await db.pool.connect();
    client.release();
    const before = await readScans();
    await accept(account, Array.from({ length: 50 }, nextMsisdn), 'SERVICE');
    await accept(account, Array.from({ length: 50 }, nextMsisdn));
    await claim(account);
    await expect
      .poll(readScans)
      // a look for each at one door, and one for all at the other, which may be counted as one for each
      .toSatisfy(({ whole, probes }) => {
        const looks = probes - before.probes;
        return whole === before.whole && looks > 50 && looks <= 100;
      });
  },
);
