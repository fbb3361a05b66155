import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { receiveReplies } from '@/lib/replies/commands';
import { formatMsisdn } from '@/lib/sms/msisdn';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { isSomebodyWaiting } from '@/testing/lock-waits';
import { waitUntil } from '@/testing/poll';
import { removeOptOut } from '@/testing/remove-opt-out';
import { addOptOuts, removeOptOuts } from './commands';
import { readOptOutTotal } from './tally';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function listKinds(account: TestAccount): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ msisdn: string; kind: string }>(
    'select msisdn, kind from opt_out where account_id = $1',
    [account.id],
  );
  return Object.fromEntries(rows.map(({ msisdn, kind }) => [msisdn, kind]));
}

async function listEvents(account: TestAccount, msisdn: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ kind: string; actor: string }>(
    'select kind, actor from opt_out_event where account_id = $1 and msisdn = $2 order by id',
    [account.id, msisdn],
  );
  return rows.map(({ kind, actor }) => `${kind} by ${actor}`);
}

async function stopBy(account: TestAccount, msisdn: string): Promise<() => Promise<unknown>> {
  const senderNumber = account.senderNumber as string;
  await createConversation(db.pool, account, { msisdn, senderNumber });
  return () => receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop' })]);
}

/** Runs `work` in a transaction of its own and holds it open: what `meet` begins comes upon it. */
async function holdOpen(
  work: (client: PoolClient) => Promise<unknown>,
  meet: () => Promise<unknown>,
): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await work(client);
    const met = meet();
    await waitUntil('one waits for the other', () => isSomebodyWaiting(db.owner));
    await client.query('commit');
    await met;
  } finally {
    client.release();
  }
}

describe('addOptOuts', () => {
  test('says of each input what became of it, in their order', async () => {
    const account = await createAccount(db.pool);
    const [fresh, known] = [nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, known, 'IMPORT');
    const typed = `0${fresh.slice(2)}`;
    const results = await addOptOuts(db.pool, account.scope, [
      typed,
      formatMsisdn(known),
      formatMsisdn(fresh),
      '021 555 0123',
      known,
      'Thandi',
    ]);
    expect(results).toEqual([
      { input: typed, outcome: 'added', msisdn: fresh },
      {
        input: formatMsisdn(known),
        outcome: 'already-there',
        msisdn: known,
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
      { input: formatMsisdn(fresh), outcome: 'duplicate', msisdn: fresh },
      { input: '021 555 0123', outcome: 'invalid', reason: expect.stringContaining('landline') },
      { input: known, outcome: 'duplicate', msisdn: known },
      { input: 'Thandi', outcome: 'invalid', reason: expect.stringContaining('not a phone number') },
    ]);
    expect(await listKinds(account)).toEqual({ [fresh]: 'MANUAL', [known]: 'IMPORT' });
    expect(await listEvents(account, fresh)).toEqual([`OPTED_OUT by ${account.scope.actor}`]);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
  });

  test('adds once, however often it is asked, and by how many at the same time', async () => {
    const account = await createAccount(db.pool);
    const msisdns = Array.from({ length: 50 }, nextMsisdn);
    const answers = await Promise.all([
      addOptOuts(db.pool, account.scope, msisdns),
      addOptOuts(db.pool, account.scope, [...msisdns].reverse()),
      addOptOuts(db.pool, account.scope, msisdns),
    ]);
    const outcomes = answers.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(50);
    expect(outcomes.filter((outcome) => outcome === 'already-there')).toHaveLength(100);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(50);
    for (const msisdn of msisdns) expect(await listEvents(account, msisdn)).toHaveLength(1);
  });

  test('blocks from its commit on, this account only', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await addOptOuts(db.pool, account.scope, [msisdn]);
    for (const sender of [account, other]) await queueMessages(db.pool, sender, [msisdn, nextMsisdn()]);
    const { rows } = await db.pool.query(
      'select account_id, status from message where msisdn = $1 order by account_id',
      [msisdn],
    );
    expect(rows).toEqual([
      { account_id: account.id, status: 'BLOCKED' },
      { account_id: other.id, status: 'QUEUED' },
    ]);
    expect(await listKinds(other)).toEqual({});
    expect(await readOptOutTotal(db.pool, other.scope)).toBe(0);
  });

  test('leaves a reply-made entry the recipient’s', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await (
      await stopBy(account, msisdn)
    )();
    expect(await addOptOuts(db.pool, account.scope, [msisdn])).toMatchObject([{ outcome: 'already-there' }]);
    expect(await listKinds(account)).toEqual({ [msisdn]: 'REPLY' });
  });

  test('takes nothing and a thousand; no more', async () => {
    const account = await createAccount(db.pool);
    expect(await addOptOuts(db.pool, account.scope, [])).toEqual([]);
    const thousand = Array.from({ length: 1000 }, nextMsisdn);
    const results = await addOptOuts(db.pool, account.scope, thousand);
    expect(results.every(({ outcome }) => outcome === 'added')).toBe(true);
    await expect(addOptOuts(db.pool, account.scope, [...thousand, 'one more'])).rejects.toThrow(RangeError);
  });

  test('tells open pages', async () => {
    const account = await createAccount(db.pool);
    const client = await db.pool.connect();
    const heard: (string | undefined)[] = [];
    client.on('notification', ({ payload }) => heard.push(payload));
    await client.query('listen account_changed');
    const msisdns = [nextMsisdn(), nextMsisdn()];
    await addOptOuts(db.pool, account.scope, msisdns);
    await addOptOuts(db.pool, account.scope, msisdns);
    await removeOptOuts(db.pool, account.scope, msisdns);
    await removeOptOuts(db.pool, account.scope, msisdns);
    await client.query('select');
    client.release(true);
    expect(heard).toEqual([`${account.id}:opt-outs`, `${account.id}:opt-outs`]);
  });
});

describe('removeOptOuts', () => {
  test.each(['MANUAL', 'IMPORT', 'API'] as const)('lifts an entry of kind %s', async (kind) => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn, kind);
    expect(await removeOptOut(db.pool, account.scope, msisdn)).toEqual({ ok: true });
    expect(await listKinds(account)).toEqual({});
    const actor = account.scope.actor;
    expect(await listEvents(account, msisdn)).toEqual([`OPTED_OUT by ${actor}`, `REMOVED by ${actor}`]);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(-1);
  });

  test('never lifts what a reply, a shared sender or the staff made', async () => {
    const account = await createAccount(db.pool);
    const [replied, shared, byStaff, own] = [nextMsisdn(), nextMsisdn(), nextMsisdn(), nextMsisdn()];
    for (const msisdn of [replied, shared]) await (await stopBy(account, msisdn))();
    await db.pool.query(`update opt_out set kind = 'SHARED_SENDER' where account_id = $1 and msisdn = $2`, [
      account.id,
      shared,
    ]);
    await createManualOptOut(db.pool, account, byStaff, 'STAFF');
    await createManualOptOut(db.pool, account, own);
    const before = await readOptOutTotal(db.pool, account.scope);
    expect(
      await removeOptOuts(db.pool, account.scope, [replied, own, shared, byStaff, nextMsisdn(), 'Thandi']),
    ).toEqual([
      { ok: false, reason: 'made-by-reply', message: expect.stringContaining(formatMsisdn(replied)) },
      { ok: true },
      { ok: false, reason: 'made-by-reply', message: expect.stringContaining('Request its removal') },
      { ok: false, reason: 'made-by-staff', message: expect.stringContaining('Our staff added') },
      { ok: false, reason: 'not-there', message: expect.stringContaining('removed it already') },
      { ok: false, reason: 'not-there', message: expect.stringContaining('Thandi') },
    ]);
    expect(await listKinds(account)).toEqual({
      [replied]: 'REPLY',
      [shared]: 'SHARED_SENDER',
      [byStaff]: 'STAFF',
    });
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(before - 1);
  });

  test('is refused to another account, which is told nothing', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    expect(await removeOptOut(db.pool, other.scope, msisdn)).toMatchObject({ reason: 'not-there' });
    expect(await listKinds(account)).toEqual({ [msisdn]: 'MANUAL' });
    expect(await listEvents(account, msisdn)).toHaveLength(1);
  });

  test('of several who remove the same at the same time, one does; the others are told that it is gone', async () => {
    const account = await createAccount(db.pool);
    const msisdns = Array.from({ length: 30 }, nextMsisdn);
    await addOptOuts(db.pool, account.scope, msisdns);
    const answers = await Promise.all(
      [msisdns, [...msisdns].reverse(), msisdns].map((order) => removeOptOuts(db.pool, account.scope, order)),
    );
    const results = answers.flat();
    expect(results.filter(({ ok }) => ok)).toHaveLength(30);
    expect(results.filter((result) => !result.ok && result.reason === 'not-there')).toHaveLength(60);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(0);
    for (const msisdn of msisdns) expect(await listEvents(account, msisdn)).toHaveLength(2);
  });

  test('meets a “Stop” that is being received: the recipient wins', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    let removal: unknown;
    await holdOpen(
      // what receiveReplies does to the entry, in a transaction that is not through yet
      (client) =>
        client.query(`update opt_out set kind = 'REPLY' where account_id = $1 and msisdn = $2`, [
          account.id,
          msisdn,
        ]),
      async () => (removal = await removeOptOut(db.pool, account.scope, msisdn)),
    );
    expect(removal).toMatchObject({ ok: false, reason: 'made-by-reply' });
    expect(await listKinds(account)).toEqual({ [msisdn]: 'REPLY' });
  });

  test('is met by a “Stop”: the number is blocked again, in an episode of its own', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await addOptOuts(db.pool, account.scope, [msisdn]);
    const stop = await stopBy(account, msisdn);
    await holdOpen(
      (client) =>
        client.query(`delete from opt_out where account_id = $1 and msisdn = $2`, [account.id, msisdn]),
      stop,
    );
    expect(await listKinds(account)).toEqual({ [msisdn]: 'REPLY' });
    expect(await removeOptOut(db.pool, account.scope, msisdn)).toMatchObject({ reason: 'made-by-reply' });
  });

  test('races “Stop” any number of times: the number always ends blocked by the reply', async () => {
    const account = await createAccount(db.pool);
    const msisdns = Array.from({ length: 40 }, nextMsisdn);
    await addOptOuts(db.pool, account.scope, msisdns);
    const stops = await Promise.all(msisdns.map((msisdn) => stopBy(account, msisdn)));
    await Promise.all([
      ...stops.map((stop) => stop()),
      ...msisdns.map((msisdn) => removeOptOut(db.pool, account.scope, msisdn)),
      removeOptOuts(db.pool, account.scope, [...msisdns].reverse()),
    ]);
    expect(Object.values(await listKinds(account))).toEqual(msisdns.map(() => 'REPLY'));
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(msisdns.length);
  });
});
