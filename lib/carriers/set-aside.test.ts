import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { env } from '@/lib/env';
import { forgetStopping, beginStopping } from '@/lib/http/stopping';
import { log } from '@/lib/log';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { answerMetrics } from '@/lib/metrics/exposition';
import { forgetQueues } from '@/lib/metrics/queues';
import { metrics } from '@/lib/metrics/registry';
import { Bearerbox } from '@/testing/bearerbox';
import { composeBoxSms } from '@/testing/box-sms';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { createStaff } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeReceiptUrl } from './kannel/addresses';
import { KannelBox } from './kannel/box';
import { BoxReader, type BoxSms } from './kannel/box-messages';
import { answerKannel, takeFromBox, type KannelRequest, type KannelTools } from './kannel/door';
import { composeReplyPassword } from './kannel/signatures';
import { takeFromCarrier } from './door';
import { createDoorTools } from './listener';
import { tryOver } from './set-aside';
import { noteSetAside, recordSetAside, recordSetAsideReplies } from './set-aside-commands';
import { countSetAsideReplies, listSetAside } from './set-aside-queries';

/*
 * A made-up fault of the database's: whatever has one of these words in its text it refuses, always. The
 * second, alone, is a certain opt-out.
 */
const poison = 'Poison';
const poisonedStop = 'Unsubscribe';

const carrier = 'mtn-1';

let db: TestDatabase;
let tools: KannelTools;
let staff: Awaited<ReturnType<typeof createStaff>>;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = await createStaff(db.pool);
  account = await createAccount(db.pool);
  tools = { ...createDoorTools(db.pool), pausesMs: [0, 0] };
  await db.pool.query(
    `insert into carrier (name, kind, rate_per_second, window_size, address, username, sealed_password, created_at)
     values ($1, 'KANNEL', 100, 10, 'http://127.0.0.1:13013/cgi-bin/sendsms', 'zone', 'sealed', now())`,
    [carrier],
  );
  await db.owner.query(`
    create function refuse_poison() returns trigger language plpgsql as $$
    begin
      if new.text ~ '${poison}|${poisonedStop}' then raise exception 'It says %', new.text; end if;
      return new;
    end $$`);
});
afterAll(() => db.close());

async function refuse(...tables: string[]): Promise<void> {
  for (const table of tables) {
    await db.owner.query(
      `create trigger refuse_poison before insert on ${table} for each row execute function refuse_poison()`,
    );
  }
}

afterEach(async () => {
  vi.restoreAllMocks();
  forgetStopping();
  for (const table of ['reply', 'unowned_reply', 'set_aside_reply'])
    await db.owner.query(`drop trigger if exists refuse_poison on ${table}`);
  await db.pool.query('delete from set_aside_reply');
});

let serial = 0;

function composeSms(
  text: string,
  { from = nextMsisdn(), to = account.senderNumber as string, secondsAgo = 30 } = {},
): BoxSms {
  const time = Math.floor(Date.now() / 1000) - secondsAgo;
  const bytes = composeBoxSms({ id: `mo-${(serial += 1)}`, sender: from, receiver: to, text, time });
  const [message] = new BoxReader().read(bytes);
  if (message?.kind !== 'sms') throw new Error('It is no SMS.');
  return message.sms;
}

function callWith(
  text: string,
  { from = nextMsisdn(), to = account.senderNumber as string } = {},
): KannelRequest {
  const password = composeReplyPassword(carrier, env.CARRIER_SECRET);
  const fields = { id: `mo-${(serial += 1)}`, from, to, text, coding: '0', charset: 'UTF-8' };
  return {
    kind: 'reply',
    carrier,
    address: null,
    authorization: `Basic ${Buffer.from(`kannel:${password}`).toString('base64')}`,
    query: new URLSearchParams(fields).toString(),
  };
}

interface Row {
  door: string;
  content: Buffer;
  msisdn: string | null;
  text: string | null;
  verdict: string;
  fault: string;
  attempts: number;
}

const listRows = async () =>
  (await db.pool.query<Row>('select * from set_aside_reply where decided_at is null order by id')).rows;

async function readReplies(msisdn: string) {
  const { rows } = await db.pool.query<{ text: string; verdict: string; arrived_at: Date | null }>(
    'select text, verdict, arrived_at from reply where msisdn = $1 order by id',
    [msisdn],
  );
  return rows;
}

const isBlocked = async (msisdn: string) =>
  (await db.pool.query('select from opt_out where account_id = $1 and msisdn = $2', [account.id, msisdn]))
    .rowCount === 1;

describe('one that the database refuses each time', () => {
  test('is set aside with all its bytes; those of its batch are recorded, and all are acknowledged', async () => {
    await refuse('reply', 'unowned_reply');
    const bearerbox = await Bearerbox.start();
    const take = vi.fn((sms: BoxSms, signal: AbortSignal) => takeFromBox(tools, carrier, sms, signal));
    const box = new KannelBox({ host: '127.0.0.1', port: bearerbox.port, take, pauseMs: 1 });
    box.start();
    try {
      await waitUntil('the box is there', () => (bearerbox.connections[0]?.said.length ?? 0) > 0);
      const recipients = Array.from({ length: 40 }, nextMsisdn);
      const texts = recipients.map((_, place) => (place === 17 ? `Stop. ${poison} \u{1F600}` : 'Stop'));
      const to = account.senderNumber as string;
      const time = Math.floor(Date.now() / 1000);
      const write = (place: number) =>
        composeBoxSms({
          id: `batch-${place}`,
          sender: recipients[place],
          receiver: to,
          text: texts[place],
          time,
        });
      bearerbox.connections[0]?.socket.write(Buffer.concat(recipients.map((_, place) => write(place))));
      await waitUntil('all are acknowledged', () => bearerbox.connections[0]?.said.length === 41);
      expect(bearerbox.connections).toHaveLength(1);

      const bad = recipients[17] as string;
      for (const msisdn of recipients.filter((each) => each !== bad))
        expect(await isBlocked(msisdn)).toBe(true);
      expect(await isBlocked(bad)).toBe(false);
      const rows = await listRows();
      expect(rows).toMatchObject([
        {
          door: 'BOX',
          msisdn: bad,
          text: `Stop. ${poison} \u{1F600}`,
          verdict: 'REVIEW',
          fault: 'SQLSTATE P0001',
          attempts: 3,
        },
      ]);
      const kept = JSON.parse(String(rows[0]?.content)) as { id: string; content: string };
      expect(kept).toMatchObject({ id: 'batch-17', sender: bad, receiver: to, time });
      expect(Buffer.from(kept.content, 'base64').toString()).toBe(`Stop. ${poison} \u{1F600}`);

      // Its acknowledgement was lost: it comes again, and is kept once.
      bearerbox.connections[0]?.socket.write(write(17));
      await waitUntil('it is acknowledged again', () => bearerbox.connections[0]?.said.length === 42);
      expect(await listRows()).toHaveLength(1);
    } finally {
      await box.stop();
      await bearerbox.stop();
    }
  });

  test('is set aside by HTTP as well, and Kannel told that it is taken', async () => {
    await refuse('reply', 'unowned_reply');
    const [good, bad] = [nextMsisdn(), nextMsisdn()];
    const request = callWith(`Stop ${poison}`, { from: bad });
    const answers = await Promise.all(
      [callWith('Stop', { from: good }), request].map((each) => answerKannel(tools, each)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await isBlocked(good)).toBe(true);
    const rows = await listRows();
    expect(rows).toMatchObject([{ door: 'KANNEL', msisdn: bad, text: `Stop ${poison}`, attempts: 3 }]);
    expect(String(rows[0]?.content)).toBe(request.query);
  });

  test('is set aside of any other carrier, too, with its body', async () => {
    await refuse('reply', 'unowned_reply');
    const body = Buffer.from(
      JSON.stringify({ id: 'x', from: nextMsisdn(), to: account.senderNumber, text: poison }),
    );
    const answer = await takeFromCarrier(tools, {
      kind: 'reply',
      carrier: 'simulator',
      address: null,
      authorization: null,
      contentType: 'application/json',
      readBody: () => Promise.resolve(body),
    });
    expect(answer).toMatchObject({ status: 200, body: { status: 'set-aside' } });
    expect(await listRows()).toMatchObject([{ door: 'CARRIER', content: body, verdict: 'NONE' }]);
  });

  test('is told to the staff as an opt-out without an owner is, in figures, and not in the log', async () => {
    await refuse('unowned_reply');
    const said = vi.spyOn(log, 'error');
    const heard: string[] = [];
    const listener = await db.pool.connect();
    try {
      listener.on('notification', ({ payload = '' }) => heard.push(payload));
      await listener.query('listen account_changed');
      metrics.replies.reset();
      const from = nextMsisdn();
      await takeFromBox(tools, carrier, composeSms(`STOP ${poison}`, { from, to: '99999' }));
      await takeFromBox(tools, carrier, composeSms(`Good day ${poison}`, { to: '99999' }));
      await waitUntil('the staff’s pages hear it', () => heard.length === 2);
      expect(heard).toEqual(['0:unowned-replies', '0:unowned-replies']);
      expect(await countSetAsideReplies(db.pool, staff)).toEqual({ waiting: 2, wishes: 1 });
      expect(await listSetAside(db.pool, staff)).toMatchObject([
        { msisdn: from, text: `STOP ${poison}`, isCut: false, senderNumber: '99999', carrier },
        { verdict: 'NONE' },
      ]);

      expect(said.mock.calls.length).toBe(2);
      expect(JSON.stringify(said.mock.calls)).not.toMatch(new RegExp(`${poison}|${from}`));
      forgetQueues();
      env.METRICS_TOKEN = 'a-token-of-prometheus-that-guards-nothing';
      const { body } = await answerMetrics(`Bearer ${env.METRICS_TOKEN}`, { main: db.pool });
      expect(body).toContain('client_zone_replies_set_aside 2\n');
      expect(body).toContain('client_zone_replies_total{verdict="set_aside"} 2\n');
    } finally {
      env.METRICS_TOKEN = undefined;
      forgetQueues();
      await listener.query('unlisten account_changed');
      listener.release();
    }
  });

  test('stays with Kannel when it cannot be set aside either', async () => {
    await refuse('reply', 'unowned_reply', 'set_aside_reply');
    await expect(takeFromBox(tools, carrier, composeSms(poison))).rejects.toThrow('It says');
    expect(await answerKannel(tools, callWith(poison))).toMatchObject({ status: 503 });
    expect(await listRows()).toEqual([]);
  });

  test('stays with Kannel when the process stops, or the box leaves, before it has been tried often enough', async () => {
    await refuse('reply', 'unowned_reply');
    const patient = { ...tools, pausesMs: [3_600_000] };
    const leaving = new AbortController();
    const taking = takeFromBox(patient, carrier, composeSms(poison), leaving.signal);
    const failed = expect(taking).rejects.toThrow('It says');
    leaving.abort();
    await failed;
    const asked = answerKannel(patient, callWith(poison));
    beginStopping();
    expect(await asked).toMatchObject({ status: 503 });
    expect(await listRows()).toEqual([]);
  });
});

test('one that nobody can read is kept as what may be a wish', async () => {
  // As a reader of ours that is wrong would have it.
  const unreadable = { ...composeSms('Stop'), sender: null as unknown as string };
  await takeFromBox(tools, carrier, unreadable);
  expect(await listRows()).toMatchObject([
    { msisdn: null, text: null, verdict: 'REVIEW', fault: 'TypeError', attempts: 3 },
  ]);
});

test('a database that is away, or takes nothing, is waited for: nothing is set aside', async () => {
  const away = { connect: () => Promise.reject(new Error('away')) } as unknown as typeof db.pool;
  const failing = { ...createDoorTools(away), pool: db.pool, pausesMs: [0] };
  await expect(takeFromBox(failing, carrier, composeSms('Stop'))).rejects.toThrow('away');

  await db.owner.query(`
    create or replace function be_read_only() returns trigger language plpgsql as $$
    begin raise read_only_sql_transaction; end $$`);
  await db.owner.query(
    'create trigger be_read_only before insert on carrier_receipt execute function be_read_only()',
  );
  try {
    await expect(takeFromBox(tools, carrier, composeSms('Stop'))).rejects.toMatchObject({ code: '25006' });
    expect(await answerKannel(tools, callWith('Stop'))).toMatchObject({ status: 503 });
  } finally {
    await db.owner.query('drop trigger be_read_only on carrier_receipt');
  }
  expect(await listRows()).toEqual([]);
});

test('one that failed for a moment is recorded after all', async () => {
  let calls = 0;
  const record = () => {
    calls += 1;
    return calls < 3
      ? Promise.reject(Object.assign(new Error('It collides'), { code: '23505' }))
      : Promise.resolve('recorded');
  };
  expect(await tryOver(record, { pausesMs: [0, 0] })).toEqual({ ok: true, value: 'recorded' });
  calls = -10;
  expect(await tryOver(record, { pausesMs: [0, 0] })).toMatchObject({ ok: false, attempts: 3 });
  expect(calls).toBe(-7);
});

test('of many that fail, twenty wait to be tried again; the others hold up nobody', async () => {
  const record = () => Promise.reject(Object.assign(new Error('It says no'), { code: 'P0001' }));
  const leaving = new AbortController();
  const tried = Array.from({ length: 25 }, () =>
    tryOver(record, { pausesMs: [3_600_000], signal: leaving.signal }),
  );
  const ended: unknown[] = [];
  for (const each of tried)
    each.then(
      (outcome) => ended.push(outcome),
      (error: unknown) => ended.push(error),
    );
  await waitUntil('those beyond twenty have ended', () => ended.length === 5);
  expect(ended).toEqual(Array.from({ length: 5 }, () => expect.objectContaining({ ok: false, attempts: 1 })));
  leaving.abort();
  const rest = await Promise.allSettled(tried);
  expect(rest.filter(({ status }) => status === 'rejected')).toHaveLength(20);

  // Their places are free again.
  expect(await tryOver(record, { pausesMs: [0] })).toMatchObject({ ok: false, attempts: 2 });
});

describe('tried again', () => {
  const letTimePass = () =>
    db.pool.query(`update set_aside_reply set tried_at = tried_at - interval '10 minutes'`);
  const findId = async () => (await listSetAside(db.pool, staff))[0]?.id ?? '';

  test('by a member of staff, in vain and then not: the block is in force, once', async () => {
    await refuse('reply');
    const from = nextMsisdn();
    const sms = composeSms(poisonedStop, { from });
    await takeFromBox(tools, carrier, sms);
    const id = await findId();
    expect(await recordSetAside(db.pool, staff, { id })).toMatchObject({
      ok: false,
      message: expect.stringContaining('SQLSTATE P0001') as string,
    });
    expect(await listRows()).toMatchObject([{ attempts: 4 }]);
    expect(await isBlocked(from)).toBe(false);

    await db.owner.query('drop trigger refuse_poison on reply');
    expect(await recordSetAside(db.pool, staff, { id })).toEqual({ ok: true });
    expect(await listRows()).toEqual([]);
    // As of when it arrived at the gateway, and not of when it was recorded.
    expect(await readReplies(from)).toEqual([
      { text: poisonedStop, verdict: 'OPT_OUT', arrived_at: new Date(sms.time * 1000) },
    ]);
    expect(await isBlocked(from)).toBe(true);
    const { rows } = await db.pool.query(
      `select action, user_id from audit_entry where details ->> 'setAsideId' = $1`,
      [id],
    );
    expect(rows).toEqual([{ action: 'reply.record', user_id: staff.userId }]);

    expect(await recordSetAside(db.pool, staff, { id })).toMatchObject({ ok: false });
    await takeFromBox(tools, carrier, sms);
    expect(await readReplies(from)).toHaveLength(1);
  });

  test('after its recipient was asked and said YES: it blocks nobody again, and a person looks at it', async () => {
    await refuse('reply');
    const from = nextMsisdn();
    await takeFromBox(tools, carrier, composeSms(poisonedStop, { from, secondsAgo: 3_600 }));
    await queueMessages(db.pool, account, [from]);
    await takeFromBox(tools, carrier, composeSms('YES', { from }));
    await db.pool.query(
      `insert into removal_request (account_id, msisdn, episode_id, permission_text, permission_at, state, finished_at,
         consent_message_id, answer_reply_id)
       select $1, $2, 1, 'They asked', now(), 'REMOVED', now(), message.id, reply.id
       from message join reply using (account_id, msisdn) where account_id = $1 and msisdn = $2`,
      [account.id, from],
    );
    await db.owner.query('drop trigger refuse_poison on reply');
    expect(await recordSetAside(db.pool, staff, { id: await findId() })).toEqual({ ok: true });
    expect(await readReplies(from)).toMatchObject([
      { text: 'YES', verdict: 'NONE' },
      { text: poisonedStop, verdict: 'REVIEW' },
    ]);
    expect(await isBlocked(from)).toBe(false);
  });

  test('by the worker, whatever door they came by; what fails still waits', async () => {
    await refuse('reply');
    const [byBox, byHttp, byBody, still] = [nextMsisdn(), nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await takeFromBox(tools, carrier, composeSms(poisonedStop, { from: byBox }));
    await answerKannel(tools, callWith(poisonedStop, { from: byHttp }));
    const fields = { id: 'again', from: byBody, to: account.senderNumber, text: poisonedStop };
    await takeFromCarrier(tools, {
      kind: 'reply',
      carrier: 'simulator',
      address: null,
      authorization: null,
      contentType: 'application/json',
      readBody: () => Promise.resolve(Buffer.from(JSON.stringify(fields))),
    });
    await takeFromBox(tools, carrier, composeSms(poisonedStop, { from: still }));
    await db.pool.query(`update set_aside_reply set content = 'not JSON' where msisdn = $1`, [still]);
    // Just now they were tried.
    await recordSetAsideReplies(db.pool);
    expect((await listRows()).map(({ attempts }) => attempts)).toEqual([3, 3, 3, 3]);
    await letTimePass();
    await recordSetAsideReplies(db.pool);
    expect((await listRows()).map(({ attempts }) => attempts)).toEqual([4, 4, 4, 4]);

    await db.owner.query('drop trigger refuse_poison on reply');
    await letTimePass();
    await recordSetAsideReplies(db.pool);
    expect(await listRows()).toMatchObject([{ msisdn: still, fault: 'SyntaxError', attempts: 5 }]);
    for (const msisdn of [byBox, byHttp, byBody]) expect(await isBlocked(msisdn)).toBe(true);
  });

  test('all of them by the worker, however many there are', async () => {
    await db.pool.query(
      `insert into set_aside_reply (carrier, door, content, content_hash, verdict, received_at, fault, attempts, tried_at)
       select 'mtn-1', 'BOX', 'not JSON', md5(place::text)::uuid, 'REVIEW', now(), 'TypeError', 3, now() - interval '10 minutes'
       from generate_series(1, 201) as place`,
    );
    await recordSetAsideReplies(db.pool);
    expect(new Set((await listRows()).map(({ attempts }) => attempts))).toEqual(new Set([4]));
  });

  test('no more, once a member of staff has written why', async () => {
    await refuse('reply');
    await takeFromBox(tools, carrier, composeSms(poison));
    const id = await findId();
    expect(await noteSetAside(db.pool, staff, { id, reason: '  ' })).toMatchObject({ ok: false });
    expect(await noteSetAside(db.pool, staff, { id, reason: 'Done by hand' })).toEqual({ ok: true });
    expect(await noteSetAside(db.pool, staff, { id, reason: 'Twice' })).toMatchObject({ ok: false });
    expect(await recordSetAside(db.pool, staff, { id })).toMatchObject({ ok: false });
    expect(await countSetAsideReplies(db.pool, staff)).toEqual({ waiting: 0, wishes: 0 });
    await letTimePass();
    await recordSetAsideReplies(db.pool);
    const { rows } = await db.pool.query('select attempts, decided_by, decision_reason from set_aside_reply');
    expect(rows).toEqual([{ attempts: 3, decided_by: staff.userId, decision_reason: 'Done by hand' }]);
  });
});

test('a receipt that can never be recorded is passed over, and counted; others of its batch are recorded', async () => {
  await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 2, leaseMs: 60_000 });
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `network-${id}` })),
  );
  const [bad, good] = messages.map(({ id }) => id) as [string, string];
  await db.owner.query(`
    create function refuse_message() returns trigger language plpgsql as $$
    begin raise exception 'Not this one'; end $$`);
  await db.owner.query(
    `create trigger refuse_message before update on message for each row when (new.id = ${bad}) execute function refuse_message()`,
  );
  metrics.receiptsRefused.reset();
  try {
    const take = (id: string) => {
      const url = composeReceiptUrl({
        listener: 'http://127.0.0.1:3001',
        carrier,
        message: { accountId: account.id, id },
      });
      const bytes = composeBoxSms({ id: `dlr-${id}`, receipt: { status: 1, url } });
      const [message] = new BoxReader().read(bytes);
      if (message?.kind !== 'sms') throw new Error('It is no SMS.');
      return takeFromBox(tools, carrier, message.sms);
    };
    await Promise.all([bad, good].map(take));
  } finally {
    await db.owner.query('drop trigger refuse_message on message');
  }
  const { rows } = await db.pool.query(
    'select id, status from message where account_id = $1 and id = any ($2) order by id',
    [account.id, [bad, good]],
  );
  expect(rows).toEqual(
    [
      { id: bad, status: 'SENT' },
      { id: good, status: 'DELIVERED' },
    ].sort((a, b) => Number(a.id) - Number(b.id)),
  );
  expect((await metrics.receiptsRefused.get()).values).toMatchObject([
    { labels: { because: 'fault' }, value: 1 },
  ]);
});
