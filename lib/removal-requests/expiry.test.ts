import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { rescueJobs } from '@/lib/worker/runner';
import { createTaskList } from '@/lib/worker/tasks';
import { createAccount, type TestAccount } from '@/testing/factories';
import { listJobs, lockJobs, runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import {
  ask,
  hoursAfter,
  lawful,
  optOut,
  readFacts,
  request,
  say,
  type Asked,
  type RequestFacts,
} from '@/testing/removals';
import { cancelRequest, expireRequest, requestRemoval } from './commands';
import type { Msisdn } from '@/lib/sms/msisdn';
import { requestPublicly } from './public-form';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.pool.query('delete from graphile_worker._private_jobs');
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const expiry = hoursAfter(lawful, 7 * 24);
/** When an e-mail that was enqueued just now is due as well. */
const afterwards = () => new Date(Math.max(expiry.getTime(), Date.now() + 1000));
const before = (time: Date) => new Date(time.getTime() - 1);

const readRequest = (asked: Asked): Promise<RequestFacts> => readFacts(db.pool, account, asked);

async function listMoments(): Promise<Date[]> {
  const jobs = await listJobs(db.pool, 'expire-removal-request', account.id);
  return jobs.map(({ runAt }) => runAt);
}

/** As it looks when the request has expired once and everybody was told once. */
function expectExpiredOnce(facts: RequestFacts, asked: Asked): void {
  const key = `removal-request:${asked.requestId}:EXPIRED`;
  expect(facts).toMatchObject({
    state: 'EXPIRED',
    events: ['REQUESTED AWAITING_REPLY', 'EXPIRED EXPIRED'],
    notices: [key],
    emails: [key],
    isBlocked: true,
  });
}

test('the job ends the request at its moment, not a millisecond before, and the e-mail goes out', async () => {
  const asked = await ask(db.pool, account);
  expect(await listMoments()).toEqual([expiry]);
  const mail = new MemoryMail();
  await runDueJobs(db.pool, before(expiry), mail);
  expect((await readRequest(asked)).state).toBe('AWAITING_REPLY');
  expect(mail.taken).toEqual([]);

  await runDueJobs(db.pool, expiry, mail);
  expectExpiredOnce(await readRequest(asked), asked);
  await runDueJobs(db.pool, afterwards(), mail);
  expect(mail.taken).toMatchObject([{ subject: expect.stringContaining('no YES came in time') }]);
  expect(await listMoments()).toEqual([]);
});

test('twice, at once, beside the sweep, and after its worker was killed: it expires once', async () => {
  const asked = await ask(db.pool, account);
  const mail = new MemoryMail();
  const tasks = createTaskList(db.pool, { mail, clock: () => expiry });
  const sweep = tasks['expire-left-requests'] as () => Promise<void>;
  const expire = () => expireRequest(db.pool, account.scope, asked.requestId, expiry);
  await Promise.all([expire(), sweep(), expire(), sweep()]);
  await expire();
  // a worker that did its work and died before it could say so
  await lockJobs(db.pool, 'pool-that-was-killed', '1 minute');
  await rescueJobs(db.pool);
  await runDueJobs(db.pool, afterwards(), mail);
  expectExpiredOnce(await readRequest(asked), asked);
  expect(mail.taken).toHaveLength(1);
  expect(await listMoments()).toEqual([]);
});

test('a request that was rolled back leaves no job', async () => {
  const { msisdn } = await optOut(db.pool, account);
  await db.owner.query(
    `create function refuse_consent() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
  );
  await db.owner.query(`
    create constraint trigger refuse_consent after insert on removal_request
      deferrable initially deferred for each row execute function refuse_consent()`);
  const input = { number: `+${msisdn}`, permission: true };
  try {
    await expect(requestRemoval(db.pool, account.scope, input, { address: null }, lawful)).rejects.toThrow(
      'no',
    );
    expect(await listMoments()).toEqual([]);
  } finally {
    await db.owner.query('drop function refuse_consent cascade');
  }
  await requestRemoval(db.pool, account.scope, input, { address: null }, lawful);
  expect(await listMoments()).toEqual([expiry]);
});

describe('the job leaves alone', () => {
  test('what has been answered or cancelled', async () => {
    const answered = await ask(db.pool, account);
    await say(db.pool, answered, 'YES');
    const cancelled = await request(db.pool, account);
    await cancelRequest(db.pool, account.scope, cancelled.requestId);
    await runDueJobs(db.pool, expiry);
    expect((await readRequest(answered)).state).toBe('AWAITING_APPROVAL');
    expect((await readRequest(cancelled)).state).toBe('CANCELLED');
    expect(await listMoments()).toEqual([]);
  });

  test('the request of another account', async () => {
    const asked = await ask(db.pool, account);
    const stranger = await createAccount(db.pool);
    await expireRequest(db.pool, stranger.scope, asked.requestId, expiry);
    expect((await readRequest(asked)).state).toBe('AWAITING_REPLY');
    await expireRequest(db.pool, account.scope, asked.requestId, expiry);
    expect((await readRequest(asked)).state).toBe('EXPIRED');
  });

  test('what was given more time, and comes back when that is over', async () => {
    const asked = await ask(db.pool, account);
    const later = hoursAfter(expiry, 24);
    await db.pool.query('update removal_request set expires_at = $2 where account_id = $1', [
      account.id,
      later,
    ]);
    await runDueJobs(db.pool, expiry);
    expect((await readRequest(asked)).state).toBe('AWAITING_REPLY');
    expect(await listMoments()).toEqual([later]);
    await runDueJobs(db.pool, later);
    expectExpiredOnce(await readRequest(asked), asked);
  });
});

test('the owner’s link has two days, a new one two days more, and a confirmed request its week: one job', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const send = async (now: Date) => {
    const form = { account: account.id, number: msisdn as Msisdn, permission: true, website: '' };
    await requestPublicly(db.pool, form, { address: null }, now);
    await runDueJobs(db.pool, now);
  };
  await send(lawful);
  expect(await listMoments()).toEqual([hoursAfter(lawful, 48)]);
  const nextMorning = hoursAfter(lawful, 24);
  await send(nextMorning);
  expect(await listMoments()).toEqual([hoursAfter(nextMorning, 48)]);
  await requestRemoval(
    db.pool,
    account.scope,
    { number: `+${msisdn}`, permission: true },
    { address: null },
    nextMorning,
  );
  expect(await listMoments()).toEqual([hoursAfter(nextMorning, 7 * 24)]);
});

test('a link that nobody follows: the request lapses, and nobody is told of what they did not ask for', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const form = { account: account.id, number: msisdn as Msisdn, permission: true, website: '' };
  await requestPublicly(db.pool, form, { address: null }, lawful);
  await runDueJobs(db.pool, lawful);
  await runDueJobs(db.pool, hoursAfter(lawful, 48));
  const { rows } = await db.pool.query(
    `select state, (select count(*)::int from notice where account_id = $1) as notices
     from removal_request where account_id = $1`,
    [account.id],
  );
  expect(rows).toEqual([{ state: 'EXPIRED', notices: 0 }]);
});

test('an SMS that could not leave in time is taken back: the customer is told so, and may ask again', async () => {
  const asked = await request(db.pool, account);
  await runDueJobs(db.pool, expiry);
  expect(await readRequest(asked)).toMatchObject({ state: 'EXPIRED', consent: null });
  const { rows } = await db.pool.query<{ text: string }>('select text from notice where account_id = $1', [
    account.id,
  ]);
  expect(rows).toEqual([{ text: expect.stringContaining('was not sent in time') }]);
  const input = { number: `+${asked.msisdn}`, permission: true };
  expect(await requestRemoval(db.pool, account.scope, input, { address: null }, lawful)).toMatchObject({
    ok: true,
  });
});

test('what has lost its job is ended by the sweep', async () => {
  const asked = await ask(db.pool, account);
  await db.pool.query('delete from graphile_worker._private_jobs');
  await runDueJobs(db.pool, expiry);
  expect((await readRequest(asked)).state).toBe('AWAITING_REPLY');
  await db.pool.query(`select graphile_worker.add_job('expire-left-requests', run_at => $1)`, [expiry]);
  await runDueJobs(db.pool, expiry);
  expectExpiredOnce(await readRequest(asked), asked);
});
