import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { account: unknown } => ({ account: undefined }));
vi.mock('@/lib/auth/gates', () => ({ requireCustomer: async () => signedIn.account }));
vi.mock('@/lib/http/find-visitor-address', () => ({ findVisitorAddress: async () => '203.0.113.9' }));
const refresh = vi.hoisted(() => vi.fn());
vi.mock('next/cache', () => ({ refresh }));
const { addOptOutNumbers, removeOptOutNumbers } = await import('./actions');

let db: TestDatabase;
let account: TestAccount;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
beforeEach(async () => {
  refresh.mockClear();
  account = await createAccount(db.pool);
  signedIn.account = account;
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

async function listNumbers(): Promise<string[]> {
  const { rows } = await db.pool.query<{ msisdn: string }>(
    'select msisdn from opt_out where account_id = $1 order by msisdn',
    [account.id],
  );
  return rows.map(({ msisdn }) => msisdn);
}

test('numbers in any format, however they are parted, are added, and the page shows them', async () => {
  const numbers = Array.from({ length: 4 }, nextMsisdn);
  const [first = '', second = '', third = '', fourth = ''] = numbers;
  const typed = `+27 (0)${first.slice(2)}\r\n0${second.slice(2)}; ${third},\t00${fourth}\n\nThandi`;
  expect(await addOptOutNumbers(typed)).toMatchObject({
    ok: true,
    results: [...numbers.map((msisdn) => ({ outcome: 'added', msisdn })), { outcome: 'invalid' }],
  });
  expect(await listNumbers()).toEqual(numbers);
  expect(refresh).toHaveBeenCalledOnce();
});

test.each([
  ['nothing', ' \n,; ', /^Enter at least one number/],
  ['too many numbers', '0821234567\n'.repeat(1001), /^Add at most/],
  ['too long a text', '0'.repeat(200_001), /^Add at most/],
])('%s is refused in words', async (_, typed, message) => {
  expect(await addOptOutNumbers(typed)).toEqual({
    ok: false,
    reason: 'invalid',
    message: expect.stringMatching(message),
  });
  expect(await listNumbers()).toEqual([]);
});

test('entries are removed; a second press is told that they are gone', async () => {
  const msisdn = nextMsisdn();
  await createManualOptOut(db.pool, account, msisdn);
  expect(await removeOptOutNumbers([msisdn])).toEqual({ ok: true, results: [{ ok: true }] });
  expect(await listNumbers()).toEqual([]);
  expect(await removeOptOutNumbers([msisdn])).toMatchObject({
    ok: true,
    results: [{ ok: false, reason: 'not-there' }],
  });
});

test.each([
  ['no number', []],
  ['too many', Array.from({ length: 1001 }, () => '27821234567')],
  ['what is no number', ["27821234567' or true"]],
  ['what is no list', 'all' as unknown as string[]],
])('%s is refused', async (_, numbers) => {
  expect(await removeOptOutNumbers(numbers)).toMatchObject({ ok: false });
});

test('another account’s entry stays', async () => {
  const owner = await createAccount(db.pool);
  const msisdn = nextMsisdn();
  await createManualOptOut(db.pool, owner, msisdn);
  expect(await removeOptOutNumbers([msisdn])).toMatchObject({ results: [{ reason: 'not-there' }] });
  signedIn.account = owner;
  expect(await removeOptOutNumbers([msisdn])).toEqual({ ok: true, results: [{ ok: true }] });
});

test('what is done and what the activity tells of it are one: neither without the other', async () => {
  const readActivity = async () =>
    (
      await db.pool.query('select kind, address, details from activity where account_id = $1 order by id', [
        account.id,
      ])
    ).rows;
  const [kept, other] = [nextMsisdn(), nextMsisdn()];
  expect(await addOptOutNumbers(kept)).toMatchObject({ ok: true });
  const added = { kind: 'opt-out.add', address: '203.0.113.9', details: { numbers: 1 } };
  expect(await readActivity()).toEqual([added]);
  await db.owner.query('alter table activity rename to elsewhere');
  const answers = [await addOptOutNumbers(other), await removeOptOutNumbers([kept])];
  await db.owner.query('alter table elsewhere rename to activity');
  expect(answers).toMatchObject([{ reason: 'failed' }, { reason: 'failed' }]);
  expect(await listNumbers()).toEqual([kept]);
  expect(await removeOptOutNumbers([kept])).toMatchObject({ ok: true });
  expect(await readActivity()).toEqual([added, { ...added, kind: 'opt-out.remove' }]);
});

test('when the database fails, nothing inside is told', async () => {
  const msisdn = nextMsisdn();
  await db.owner.query('alter table opt_out rename to elsewhere');
  const answers = [await addOptOutNumbers(msisdn), await removeOptOutNumbers([msisdn])];
  await db.owner.query('alter table elsewhere rename to opt_out');
  expect(answers).toEqual([
    {
      ok: false,
      reason: 'failed',
      message: expect.stringMatching(/^The numbers could not be added just now\./),
    },
    { ok: false, reason: 'failed', message: expect.stringMatching(/^Nothing was removed\./) },
  ]);
  expect(await listNumbers()).toEqual([]);
});
