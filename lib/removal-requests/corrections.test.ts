import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { consent, createStaff, evening, optOut, readFacts, request } from '@/testing/removals';
import { doAfterStatement } from '@/testing/watch-statements';
import { addOptOutByStaff, removeOptOutByCorrection } from './corrections';

let db: TestDatabase;
let account: TestAccount;
let staff: StaffScope;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = await createStaff(db.pool);
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

async function listHistory() {
  const { rows } = await db.pool.query<{
    kind: string;
    actor: string;
    reason: string | null;
    evidence: object;
  }>('select kind, actor, reason, evidence from opt_out_event where account_id = $1 order by id', [
    account.id,
  ]);
  return rows;
}

async function listTold() {
  const { rows } = await db.pool.query<{ notices: string[]; emails: string[]; audit: string[] }>(
    `select array(select text from notice where account_id = $1 order by id) as notices,
       array(select text from email where account_id = $1 order by id) as emails,
       array(select action || ': ' || (details ->> 'reason') from audit_entry where target_account_id = $1 order by id) as audit`,
    [account.id],
  );
  return rows[0];
}

test('staff block a number for an account: in force, in the history, told and audited', async () => {
  const number = nextMsisdn();
  const reason = 'They rang us and asked.';
  const result = await addOptOutByStaff(db.pool, staff, { accountId: account.id, number, reason });
  expect(result).toMatchObject({ ok: true, msisdn: number });
  expect(await listHistory()).toMatchObject([
    { kind: 'OPTED_OUT', actor: staff.actor, reason, evidence: { correction: true, staffId: staff.userId } },
  ]);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
  await queueMessages(db.pool, account, [number]);
  const { rows } = await db.pool.query('select status from message where account_id = $1', [account.id]);
  expect(rows).toEqual([{ status: 'BLOCKED' }]);
  expect(await listTold()).toEqual({
    notices: [expect.stringContaining(reason)],
    emails: [expect.stringContaining(reason)],
    audit: [`opt-out.add: ${reason}`],
  });
  expect(await addOptOutByStaff(db.pool, staff, { accountId: account.id, number, reason })).toMatchObject({
    ok: false,
    reason: 'already-there',
  });
});

test('staff take out what never was the recipient’s wish: marked as a correction, with what had been replied', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const reason = 'The reply quoted our own text.';
  expect(
    await removeOptOutByCorrection(db.pool, staff, { accountId: account.id, number: `+${msisdn}`, reason }),
  ).toMatchObject({ ok: true });
  expect((await listHistory()).at(-1)).toMatchObject({
    kind: 'CORRECTED',
    actor: staff.actor,
    reason,
    evidence: { correction: true, kind: 'REPLY', text: 'Stop', rule: 'exact:stop', staffId: staff.userId },
  });
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(0);
  expect(await listTold()).toMatchObject({
    notices: [expect.stringContaining(reason)],
    audit: [`opt-out.correct: ${reason}`],
  });
});

test('an open request ends with its block, and its SMS does not leave', async () => {
  for (const [make, consentSms] of [
    [() => request(db.pool, account, evening), null],
    [() => consent(db.pool, account), 'SENT'],
  ] as const) {
    const asked = await make();
    const correction = { accountId: account.id, number: asked.msisdn, reason: 'A false match.' };
    await removeOptOutByCorrection(db.pool, staff, correction);
    const facts = await readFacts(db.pool, account, asked);
    expect(facts).toMatchObject({ state: 'CANCELLED', isBlocked: false, consent: consentSms });
    expect(facts.events.at(-1)).toBe('BLOCK_LIFTED CANCELLED');
  }
});

test('a block that begins behind the look for it stays', async () => {
  const number = nextMsisdn();
  let begun: string | undefined;
  // the recipient opts out once the correction has looked; a request made then would be missed by it
  doAfterStatement(/from opt_out .* for update/, async () => {
    begun = (await optOut(db.pool, account, number)).episodeId;
  });
  const correction = { accountId: account.id, number, reason: 'A false match.' };
  const result = await removeOptOutByCorrection(db.pool, staff, correction);
  expect(begun).toBeDefined();
  expect(result).toMatchObject({ ok: false, reason: 'not-there' });
  const { rows } = await db.pool.query('select id from opt_out where account_id = $1', [account.id]);
  expect(rows).toEqual([{ id: begun }]);
});

test('neither without a reason, nor for what is not there', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const given = { accountId: account.id, number: msisdn, reason: 'Because.' };
  const outcomes = await Promise.all([
    removeOptOutByCorrection(db.pool, staff, { ...given, reason: ' \n ' }),
    addOptOutByStaff(db.pool, staff, { ...given, reason: '' }),
    removeOptOutByCorrection(db.pool, staff, { ...given, number: nextMsisdn() }),
    removeOptOutByCorrection(db.pool, staff, { ...given, number: 'x' }),
    removeOptOutByCorrection(db.pool, staff, { ...given, accountId: 999_999 }),
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.reason))).toEqual([
    'no-reason',
    'no-reason',
    'not-there',
    'invalid-number',
    'no-account',
  ]);
  expect(await listHistory()).toHaveLength(1);
  expect(await listTold()).toEqual({ notices: [], emails: [], audit: [] });
});

test('two at once: one takes it out', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const correction = { accountId: account.id, number: msisdn, reason: 'A false match.' };
  const results = await Promise.all(
    [1, 2, 3].map(() => removeOptOutByCorrection(db.pool, staff, correction)),
  );
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect((await listHistory()).map(({ kind }) => kind)).toEqual(['OPTED_OUT', 'CORRECTED']);
});
