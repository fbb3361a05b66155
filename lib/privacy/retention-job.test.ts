import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { addOptOuts } from '@/lib/opt-outs/commands';
import { createAccount, createUser, nextMsisdn, type TestAccount } from '@/testing/factories';
import { endWaiting } from '@/testing/lock-waits';
import { isOnCluster } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { liftHold, setHold } from './holds';
import { applyRetention } from './retention-job';
import { readRetentionSettings, saveRetentionSettings } from './retention-settings';

let db: TestDatabase;
let staff: StaffScope;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
});
afterAll(() => db.close());

beforeEach(async () => {
  account = await createAccount(db.pool);
});

const now = new Date('2026-11-29T01:00:00Z');
const long = '2020-01-01 10:00:00+02';
const young = '2026-11-01 10:00:00+02';
const words = 'Text erased on 29 November 2026 under the provider’s retention rules.';

async function addMessage(msisdn: string, at = long, episodeId: number | null = null): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at, kind, episode_id)
     values ($1, $2, '27600100200', 'Our offer', 1, 0, 'DELIVERED', $3, $4, $5) returning id`,
    [account.id, msisdn, at, episodeId === null ? 'NORMAL' : 'CONFIRMATION', episodeId],
  );
  return rows[0]?.id ?? '';
}

async function addReply(msisdn: string, messageId: string | null, at = long): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into reply (account_id, msisdn, sender_number, text, raw, verdict, message_id, carrier, carrier_message_id, received_at)
     values ($1, $2, '27600100200', 'Stop it', 'x', 'OPT_OUT', $3, 'simulator', gen_random_uuid(), $4) returning id`,
    [account.id, msisdn, messageId, at],
  );
  return rows[0]?.id ?? '';
}

/** A block that a reply of long ago began, with its event and its confirmation SMS. */
async function addBlock(msisdn: string, { endedAt }: { endedAt?: string } = {}) {
  const answered = await addMessage(msisdn);
  const replyId = await addReply(msisdn, answered);
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into opt_out (account_id, msisdn, kind, reply_id, reply_text, rule, created_at)
     values ($1, $2, 'REPLY', $3, 'Stop it', 'exact:stop', $4) returning id`,
    [account.id, msisdn, replyId, long],
  );
  const episodeId = Number(rows[0]?.id);
  const event = (kind: string, at: string) =>
    db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       values ($1, $2, $3, $4::opt_out_event_kind, 'recipient',
         jsonb_build_object('text', 'Stop it', 'replyId', $5::bigint, 'verdict', 'OPT_OUT'), $6)`,
      [account.id, msisdn, episodeId, kind, replyId, at],
    );
  await event('OPTED_OUT', long);
  const confirmation = await addMessage(msisdn, long, episodeId);
  if (endedAt !== undefined) {
    await db.pool.query('delete from opt_out where account_id = $1 and msisdn = $2', [account.id, msisdn]);
    await event('REMOVED', endedAt);
  }
  return { answered, replyId, confirmation };
}

async function readTexts(table: 'message' | 'reply', msisdn: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ text: string }>(
    `select text from ${table} where account_id = $1 and msisdn = $2 order by id`,
    [account.id, msisdn],
  );
  return rows.map(({ text }) => text);
}

const readEvents = async (msisdn: string) =>
  (
    await db.pool.query<{ text: string }>(
      `select evidence ->> 'text' as text from opt_out_event where account_id = $1 and msisdn = $2 order by id`,
      [account.id, msisdn],
    )
  ).rows.map(({ text }) => text);

const readAudit = async () =>
  (
    await db.pool.query<{ details: { erased: Record<string, number> } }>(
      `select details from audit_entry where action = 'retention.erase' and target_account_id = $1 order by id`,
      [account.id],
    )
  ).rows.map(({ details }) => details.erased);

describe('at night', () => {
  test('what is old and proves nothing is written over, with its day; what is young stays', async () => {
    const [old, fresh] = [nextMsisdn(), nextMsisdn()];
    await addReply(old, await addMessage(old));
    await addReply(fresh, await addMessage(fresh, young), young);
    await db.pool.query(
      `insert into activity (account_id, user_id, kind, address, details, created_at) values ($1, 1, 'sign-in', '192.0.2.7', '{}', $2)`,
      [account.id, long],
    );
    await applyRetention(db.pool, now);
    expect([...(await readTexts('message', old)), ...(await readTexts('reply', old))]).toEqual([
      words,
      words,
    ]);
    expect([...(await readTexts('message', fresh)), ...(await readTexts('reply', fresh))]).toEqual([
      'Our offer',
      'Stop it',
    ]);
    const { rows } = await db.pool.query('select raw, text_erased_at from reply where msisdn = $1', [old]);
    expect(rows).toEqual([{ raw: null, text_erased_at: now }]);
    const { rows: activity } = await db.pool.query('select address from activity where account_id = $1', [
      account.id,
    ]);
    expect(activity).toEqual([{ address: words.replace('Text', 'Address') }]);
    expect(await readAudit()).toEqual([{ message: 1, reply: 1, activity: 1 }]);
    // Once more finds nothing, and says nothing.
    await applyRetention(db.pool, now);
    expect(await readAudit()).toHaveLength(1);
  });

  test('what proves a block stays as long as the block, however old', async () => {
    const msisdn = nextMsisdn();
    await addBlock(msisdn);
    await addReply(msisdn, null);
    await applyRetention(db.pool, now);
    expect(await readTexts('message', msisdn)).toEqual(['Our offer', 'Our offer']);
    expect(await readTexts('reply', msisdn)).toEqual(['Stop it', words]);
    expect(await readEvents(msisdn)).toEqual(['Stop it']);
  });

  test('and for its term after; then it goes, and the event says that it went', async () => {
    const [ended, endedLong] = [nextMsisdn(), nextMsisdn()];
    // In the order in which they happened, as ids are given out.
    await addBlock(endedLong, { endedAt: '2023-06-01 10:00:00+02' });
    await addBlock(ended, { endedAt: '2024-06-01 10:00:00+02' });
    await applyRetention(db.pool, now);
    expect(await readEvents(ended)).toEqual(['Stop it', 'Stop it']);
    expect(await readTexts('reply', ended)).toEqual(['Stop it']);
    expect(await readEvents(endedLong)).toEqual([words, words]);
    expect([...(await readTexts('reply', endedLong)), ...(await readTexts('message', endedLong))]).toEqual([
      words,
      words,
      words,
    ]);
    const { rows } = await db.pool.query(
      `select cardinality(row_ids) as rows, words from erasure_event where account_id = $1 and history = 'opt_out_event'`,
      [account.id],
    );
    expect(rows).toEqual([{ rows: 2, words }]);
  });

  test('a proof goes once its term is over, though its row was passed before', async () => {
    const msisdn = nextMsisdn();
    await addBlock(msisdn, { endedAt: '2024-06-01 10:00:00+02' });
    await applyRetention(db.pool, now);
    expect(await readEvents(msisdn)).toEqual(['Stop it', 'Stop it']);
    await applyRetention(db.pool, new Date('2027-07-01T00:00:00Z'));
    expect((await readEvents(msisdn)).every((text) => text.startsWith('Text erased on 1 July 2027'))).toBe(
      true,
    );
  });

  test.each(['account', 'number'] as const)(
    'a hold on the %s keeps everything until it is lifted',
    async (what) => {
      const msisdn = nextMsisdn();
      await addMessage(msisdn);
      const subject = what === 'account' ? `W${account.id}` : `+${msisdn}`;
      const hold = await setHold(db.pool, staff, { subject, reason: 'Case 17' });
      if (!hold.ok) throw new Error(hold.message);
      await db.pool.query(
        `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id) values ($1, '27600100200', $2, $3, 1)`,
        [msisdn, account.id, long],
      );
      await applyRetention(db.pool, now);
      expect(await readTexts('message', msisdn)).toEqual(['Our offer']);
      expect(await liftHold(db.pool, staff, { id: hold.id, reason: 'Settled' })).toEqual({ ok: true });
      expect(await liftHold(db.pool, staff, { id: hold.id, reason: 'Settled' })).toMatchObject({ ok: false });
      await applyRetention(db.pool, now);
      expect(await readTexts('message', msisdn)).toEqual([words]);
      const { rows } = await db.pool.query<{ entry: string }>(
        `select target || details::text as entry from audit_entry where action like 'hold.%'`,
      );
      expect(rows.filter(({ entry }) => entry.includes(msisdn))).toEqual([]);
    },
  );

  test('a hold that is set while the job runs keeps what it has not come to', async () => {
    const msisdn = nextMsisdn();
    await addMessage(msisdn);
    const query = db.pool.query.bind(db.pool) as (...given: unknown[]) => Promise<unknown>;
    let holdId = 0;
    const holding = Object.assign(Object.create(db.pool) as typeof db.pool, {
      query: async (...given: unknown[]) => {
        if (holdId === 0 && (given[0] as { name?: string }).name === 'erase-old-message') {
          const hold = await setHold(db.pool, staff, { subject: `W${account.id}`, reason: 'Case 20' });
          holdId = hold.ok ? hold.id : -1;
        }
        return query(...given);
      },
    });
    await applyRetention(holding, now);
    expect(holdId).toBeGreaterThan(0);
    expect(await readTexts('message', msisdn)).toEqual(['Our offer']);
    await liftHold(db.pool, staff, { id: holdId, reason: 'Settled' });
    await applyRetention(db.pool, now);
    expect(await readTexts('message', msisdn)).toEqual([words]);
  });

  test('notices go as e-mails do; those that name a number on hold stay', async () => {
    const held = nextMsisdn();
    const shown = `+27 ${held.slice(2, 4)} ${held.slice(4, 7)} ${held.slice(7)}`;
    for (const text of ['About nobody', `About ${shown}`]) {
      await db.pool.query(
        `insert into notice (account_id, event_key, title, text, path, created_at) values ($1, gen_random_uuid(), 'A title', $2, '/x', $3)`,
        [account.id, text, long],
      );
      await db.pool.query(
        `insert into email (account_id, event_key, recipient, subject, text, html, state, next_attempt_at, created_at)
         values ($1, gen_random_uuid(), 'owner@example.com', 'A subject', $2, $2, 'SENT', null, $3)`,
        [account.id, text, long],
      );
    }
    const hold = await setHold(db.pool, staff, { subject: `+${held}`, reason: 'Case 21' });
    await applyRetention(db.pool, now);
    const { rows: notices } = await db.pool.query(
      'select title, text, path from notice where account_id = $1 order by id',
      [account.id],
    );
    expect(notices).toEqual([
      { title: words, text: words, path: null },
      { title: 'A title', text: `About ${shown}`, path: '/x' },
    ]);
    const { rows: emails } = await db.pool.query(
      'select subject, text, html from email where account_id = $1 order by id',
      [account.id],
    );
    expect(emails).toEqual([
      { subject: words, text: words, html: words },
      { subject: 'A subject', text: `About ${shown}`, html: `About ${shown}` },
    ]);
    expect(await readAudit()).toEqual([{ email: 1, notice: 1 }]);
    if (hold.ok) await liftHold(db.pool, staff, { id: hold.id, reason: 'Settled' });
  });

  test('a run that is cut short goes on where it was, and all it did is told', async () => {
    const msisdns = Array.from({ length: 7 }, () => nextMsisdn());
    for (const msisdn of msisdns) await addMessage(msisdn);
    const stop = new AbortController();
    let batches = 0;
    // The worker is stopped during its third batch of messages.
    const query = db.pool.query.bind(db.pool) as (...given: unknown[]) => Promise<unknown>;
    const counting = Object.assign(Object.create(db.pool) as typeof db.pool, {
      query: (...given: unknown[]) => {
        if ((given[0] as { name?: string }).name === 'erase-old-message' && ++batches === 3) stop.abort();
        return query(...given);
      },
    });
    const { rows: others } = await db.pool.query<{ id: number }>('select id from account where id <> $1', [
      account.id,
    ]);
    for (const { id } of others) {
      await db.pool.query(
        `insert into legal_hold (held_account_id, reason, created_by, created_at) values ($1, 'another test', 1, now())`,
        [id],
      );
    }
    await applyRetention(counting, now, { signal: stop.signal, batch: 2 });
    const erased = async () =>
      (await Promise.all(msisdns.map((one) => readTexts('message', one))))
        .flat()
        .filter((text) => text === words).length;
    expect(await erased()).toBe(6);
    expect(await readAudit()).toEqual([]);
    await applyRetention(db.pool, now, { batch: 2 });
    expect(await erased()).toBe(7);
    expect(await readAudit()).toEqual([{ message: 7 }]);
    await db.pool.query(`delete from legal_hold where reason = 'another test'`);
  });
});

test('a connection that is killed in the middle of a batch leaves none of it, and the next run does all', async () => {
  const msisdns = Array.from({ length: 5 }, () => nextMsisdn());
  for (const msisdn of msisdns) await addMessage(msisdn);
  const blocker = await db.owner.connect();
  try {
    await blocker.query('begin');
    // The fourth: the batch has written over three when it comes to wait.
    await blocker.query('select from message where account_id = $1 and msisdn = $2 for update', [
      account.id,
      msisdns[3],
    ]);
    const killed = expect(applyRetention(db.pool, now)).rejects.toThrow();
    await expect.poll(() => endWaiting(db.owner, 'update message')).toBe(1);
    await killed;
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
  const read = async () => (await Promise.all(msisdns.map((one) => readTexts('message', one)))).flat();
  // a machine of a cluster may carry a batch out whole that the coordinator no longer waits for
  if (!isOnCluster) expect(await read()).toEqual(Array(5).fill('Our offer'));
  await applyRetention(db.pool, now);
  expect(await read()).toEqual(Array(5).fill(words));
  expect(await readAudit()).toEqual([{ message: 5 }]);
});

test('a block by hand whose reply is gone stays in force', async () => {
  const msisdn = nextMsisdn();
  await addOptOuts(db.pool, account.scope, [msisdn]);
  await applyRetention(db.pool, now);
  expect((await db.pool.query('select from opt_out where account_id = $1', [account.id])).rowCount).toBe(1);
});

describe('the settings', () => {
  test('are refused when they are too short, and written down when they change', async () => {
    const settings = await readRetentionSettings(db.pool);
    expect(settings).toEqual({
      messageTextMonths: 24,
      unownedReplyMonths: 12,
      emailMonths: 12,
      addressMonths: 12,
      proofMonths: 36,
    });
    expect(await saveRetentionSettings(db.pool, staff, { ...settings, messageTextMonths: 1 })).toMatchObject({
      ok: false,
      message: expect.stringContaining('6 to 240 months') as string,
    });
    expect(await saveRetentionSettings(db.pool, staff, { ...settings, messageTextMonths: 0 })).toEqual({
      ok: true,
    });
    const msisdn = nextMsisdn();
    await addMessage(msisdn);
    await applyRetention(db.pool, now);
    expect(await readTexts('message', msisdn)).toEqual(['Our offer']);
    await saveRetentionSettings(db.pool, staff, settings);
  });
});

describe('a history lets nothing through but its function', () => {
  test.each(['opt_out_event', 'activity', 'audit_entry', 'removal_request_event'])('%s', async (table) => {
    await expect(db.owner.query(`update ${table} set created_at = now()`)).rejects.toThrow(/append-only/);
    const client = await db.owner.connect();
    try {
      await client.query('begin');
      // as the function says it, to machines of a cluster too
      await client.query(`set local citus.propagate_set_commands = 'local'`);
      await client.query(`set local client_zone.erasing = '${table}'`);
      await client.query(
        `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence) values ($1, '27', 1, 'REMOVED', 'x', '{}')`,
        [account.id],
      );
      if (table === 'opt_out_event') {
        await expect(client.query(`update ${table} set actor = 'nobody'`)).rejects.toThrow(
          /only msisdn, reason, evidence can be erased/,
        );
      } else {
        await expect(client.query(`delete from ${table}`)).rejects.toThrow(/append-only/);
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('and no table of the caller’s own comes before those of its owner', async () => {
    const { rows } = await db.owner.query(
      `select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
         and not proconfig @> array['search_path=pg_catalog, public, pg_temp']`,
    );
    expect(rows).toEqual([]);
    const { id: accountId } = await createAccount(db.pool);
    const { rows: added } = await db.pool.query<{ id: string }>(
      `insert into activity (account_id, user_id, kind, address, details, created_at)
       values ($1, 1, 'sign-in', '192.0.2.7', '{}', now()) returning id`,
      [accountId],
    );
    const client = await db.pool.connect();
    try {
      await client.query('create temporary table erasure_event (like public.erasure_event including all)');
      // in a transaction of its own: another user has written the traces
      await client.query('begin');
      await client.query(`select erase_history('activity', $1, array[$2::bigint], 'x', false)`, [
        accountId,
        added[0]?.id,
      ]);
      await client.query('commit');
      const traces = await client.query('select from public.erasure_event where account_id = $1', [
        accountId,
      ]);
      expect(traces.rowCount).toBe(1);
    } finally {
      // with its table
      client.release(true);
    }
  });

  test('and the function only what it knows', async () => {
    await expect(db.pool.query(`select erase_history('credit_entry', 1, '{1}', 'x', false)`)).rejects.toThrow(
      /no history "credit_entry"/,
    );
  });
});
