import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StaffSession } from '@/lib/auth/gates';
import { mintStaffScope } from '@/lib/auth/scope';
import { env } from '@/lib/env';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { loadPhone, sendReply } from './simulator-actions';

/** Who of the staff is signed in; null: nobody, or a customer. */
let staff: StaffSession | null = null;
// Who asks is decided by a cookie, which the tests of the gates have.
vi.mock('@/lib/auth/gates', () => ({
  requireStaff: async () => {
    if (!staff) throw new Error('to the sign-in page');
    return staff;
  },
}));
vi.mock('next/headers', () => ({ headers: async () => new Headers() }));
vi.mock('next/navigation', () => ({
  notFound: () => {
    throw new Error('not found');
  },
  unstable_rethrow: () => undefined,
}));

let db: TestDatabase;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
beforeEach(() => {
  env.SIMULATOR_OPEN = true;
  staff = null;
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

async function listTexts(msisdn: string) {
  const page = await loadPhone({ msisdn });
  return page.ok ? page.messages : page;
}

test('a reply from a phone goes in like every carrier’s, and stays on the phone', async () => {
  const account = await createAccount(db.pool);
  const msisdn = nextMsisdn();
  expect(await sendReply({ msisdn, senderNumber: account.senderNumber as string, text: 'Stop' })).toEqual({
    ok: true,
  });
  const { rows } = await db.pool.query('select msisdn, kind from opt_out where account_id = $1', [
    account.id,
  ]);
  expect(rows).toEqual([{ msisdn, kind: 'REPLY' }]);
  expect(await listTexts(msisdn)).toMatchObject([
    { fromPhone: true, senderNumber: account.senderNumber, text: 'Stop' },
  ]);
});

test('a text that no network takes is refused in words; what is no number is refused', async () => {
  const account = await createAccount(db.pool);
  const to = account.senderNumber as string;
  expect(await sendReply({ msisdn: nextMsisdn(), senderNumber: to, text: 'Stop\0' })).toEqual({
    ok: false,
    reason: 'failed',
    message: 'The reply did not reach the network. Send it again.',
  });
  const refused = { ok: false, reason: 'invalid', message: expect.any(String) as string };
  expect(await sendReply({ msisdn: "27' or true --", senderNumber: to, text: 'Stop' })).toEqual(refused);
  expect(await loadPhone({ msisdn: 'MTN' })).toEqual(refused);
  const { rows } = await db.pool.query('select from reply where account_id = $1', [account.id]);
  expect(rows).toEqual([]);
});

test('a text is held to a length, and says so', async () => {
  const account = await createAccount(db.pool);
  const [msisdn, to] = [nextMsisdn(), account.senderNumber as string];
  expect(await sendReply({ msisdn, senderNumber: to, text: `Stop ${'x'.repeat(2000)}` })).toEqual({
    ok: false,
    reason: 'invalid',
    message: 'The phones send up to 2000 characters; this reply has 2005. Shorten it.',
    fields: { text: expect.any(String) as string },
  });
  expect(await listTexts(msisdn)).toEqual([]);
  expect(await sendReply({ msisdn, senderNumber: to, text: 'x'.repeat(2000) })).toEqual({ ok: true });
});

describe('where it is not open to everybody', () => {
  beforeEach(() => {
    env.SIMULATOR_OPEN = false;
  });

  test('strangers and customers read nothing, send nothing and block nothing', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await expect(
      sendReply({ msisdn, senderNumber: account.senderNumber as string, text: 'Stop' }),
    ).rejects.toThrow('sign-in');
    await expect(loadPhone({ msisdn })).rejects.toThrow('sign-in');
    const { rows } = await db.pool.query(
      `select 1 from simulator_message where msisdn = $1 union all select 1 from opt_out where msisdn = $1`,
      [msisdn],
    );
    expect(rows).toEqual([]);
  });

  test('staff use the phones', async () => {
    staff = {
      scope: mintStaffScope(7),
      role: 'SUPPORT',
      user: { id: 7, name: 'Sipho', username: 'sipho' },
      session: { id: 'a session', accountId: null },
    };
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    expect(await sendReply({ msisdn, senderNumber: account.senderNumber as string, text: 'Stop' })).toEqual({
      ok: true,
    });
    expect(await listTexts(msisdn)).toMatchObject([{ text: 'Stop' }]);
  });
});

test('more replies than anybody types wait; another visitor’s do not', async () => {
  const account = await createAccount(db.pool);
  const to = account.senderNumber as string;
  expect(await sendReply({ msisdn: nextMsisdn(), senderNumber: to, text: 'Hi' })).toEqual({ ok: true });
  await db.pool.query(`update rate_limit set points = 120 where key = 'simulator-reply:unknown'`);
  const msisdn = nextMsisdn();
  expect(await sendReply({ msisdn, senderNumber: to, text: 'Stop' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Too many replies at once\. Wait \d+ s, then send it again\.$/) as string,
  });
  expect(await listTexts(msisdn)).toEqual([]);
});
