import { afterAll, beforeAll, expect, test } from 'vitest';
import { overCapReason, registryReason } from '@/lib/opt-outs/gate';
import {
  createAccount,
  listOnRegistry,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, recordHandover } from './claim';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A Wednesday, at noon, and a Sunday. */
const lawful = new Date('2026-11-25T12:00:00+02:00');
const sunday = new Date('2026-11-22T12:00:00+02:00');

const claim = (account: TestAccount, now = lawful, limit = 100) =>
  claimBatch(db.pool, account.id, { limit, leaseMs: 60_000, now });

async function createCapped(cap: number, credits = 100): Promise<TestAccount> {
  const account = await createAccount(db.pool, { credits, defaultPurpose: 'MARKETING' });
  await db.pool.query('update account set weekly_marketing_cap = $2 where id = $1', [account.id, cap]);
  return account;
}

async function readStates(account: TestAccount, msisdn: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ state: string }>(
    `select case when reason is null then status::text else status || ' ' || reason end as state from message
     where account_id = $1 and msisdn = $2 order by id`,
    [account.id, msisdn],
  );
  return rows.map(({ state }) => state);
}

const blocked = `BLOCKED ${overCapReason}`;

test('marketing beyond the cap is blocked as it leaves, given back, and other messages go', async () => {
  const account = await createCapped(2, 10);
  const [often, once] = [nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [often, once]);
  const first = await claim(account);
  await recordHandover(
    db.pool,
    first.messages,
    first.messages.map(({ id }) => ({ status: 'sent', carrierMessageId: id })),
  );
  // three more at once, of which one is left
  for (let index = 0; index < 3; index += 1) await queueMessages(db.pool, account, [often]);
  await db.pool.query(`update account set default_purpose = 'SERVICE' where id = $1`, [account.id]);
  await queueMessages(db.pool, account, [often]);
  expect((await claim(account)).messages).toHaveLength(2);
  expect(await readStates(account, often)).toEqual(['SENT', 'SENDING', blocked, blocked, 'SENDING']);
  expect(await readStates(account, once)).toEqual(['SENT']);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(6));
});

test('what has left counts for seven days, and what failed does not', async () => {
  const account = await createCapped(1);
  const [old, lately, failed] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [old, lately, failed]);
  const { messages } = await claim(account);
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id, msisdn }) =>
      msisdn === failed
        ? { status: 'failed', reason: 'No such number.' }
        : { status: 'sent', carrierMessageId: id },
    ),
  );
  await db.pool.query(
    `update message set sent_at = now() - case when msisdn = $2 then interval '7 days 1 minute' else interval '6 days 23 hours' end
     where account_id = $1 and sent_at is not null`,
    [account.id, old],
  );
  await queueMessages(db.pool, account, [old, lately, failed]);
  expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual([old, failed]);
  expect(await readStates(account, lately)).toEqual(['SENT', blocked]);
});

test('of two claims at once neither counts without the other', async () => {
  const account = await createCapped(3);
  const numbers = Array.from({ length: 5 }, nextMsisdn);
  for (let index = 0; index < 6; index += 1) await queueMessages(db.pool, account, numbers);
  const claims = await Promise.all(Array.from({ length: 6 }, () => claim(account, lawful, 5)));
  expect(claims.flatMap(({ messages }) => messages)).toHaveLength(15);
  for (const number of numbers) {
    expect((await readStates(account, number)).sort()).toEqual([
      blocked,
      blocked,
      blocked,
      ...Array(3).fill('SENDING'),
    ]);
  }
});

test('what waits for lawful hours is counted when it leaves', async () => {
  const account = await createCapped(1);
  const number = nextMsisdn();
  await queueMessages(db.pool, account, [number]);
  await queueMessages(db.pool, account, [number]);
  expect((await claim(account, sunday)).messages).toEqual([]);
  expect((await readStates(account, number)).every((state) => state.startsWith('QUEUED'))).toBe(true);
  await db.pool.query('update message set next_attempt_at = now() where account_id = $1', [account.id]);
  expect((await claim(account)).messages).toHaveLength(1);
  expect(await readStates(account, number)).toEqual(['SENDING', blocked]);
});

test('a message that is sent again is no second one; one that is blocked otherwise counts for nothing', async () => {
  const account = await createCapped(1);
  const [again, listed] = [nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [again, listed]);
  await listOnRegistry(db.pool, [listed]);
  expect((await claim(account)).messages).toHaveLength(1);
  await db.pool.query(
    `update message set next_attempt_at = now() where account_id = $1 and status = 'SENDING'`,
    [account.id],
  );
  expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual([again]);
  expect(await readStates(account, listed)).toEqual([`BLOCKED ${registryReason}`]);
  await db.pool.query('delete from registry_entry where msisdn = $1', [listed]);
  await queueMessages(db.pool, account, [listed]);
  expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual([listed]);
});

testOnOneServer('without a cap no earlier message is read', async () => {
  const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
  const index = 'message_account_id_msisdn_id_idx';
  const readScans = async () => {
    await db.pool.query('select pg_stat_force_next_flush()');
    const { rows } = await db.pool.query<{ scans: string }>(
      `select pg_stat_get_numscans($1::regclass) as scans`,
      [index],
    );
    return Number(rows[0]?.scans);
  };
  const number = nextMsisdn();
  await queueMessages(db.pool, account, [number]);
  const before = await readScans();
  expect((await claim(account)).messages).toHaveLength(1);
  await expect.poll(readScans).toBe(before);
  // the same look finds it where there is one
  await db.pool.query('update account set weekly_marketing_cap = 1 where id = $1', [account.id]);
  await queueMessages(db.pool, account, [number]);
  expect((await claim(account)).messages).toEqual([]);
  await expect.poll(readScans).toBeGreaterThan(before);
});
