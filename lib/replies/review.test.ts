import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintAccountScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch } from '@/lib/messages/claim';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import {
  composeReply,
  createAccount,
  createUser,
  createConversation,
  createManualOptOut,
  nextMsisdn,
  type AccountOptions,
  type TestAccount,
} from '@/testing/factories';
import { isSomebodyWaiting } from '@/testing/lock-waits';
import { waitUntil } from '@/testing/poll';
import { createWatchedPool } from '@/testing/watched-pool';
import { receiveReplies } from './commands';
import { countRepliesToReview, listRecentDecisions, listRepliesToReview, recentMs } from './review-queries';
import { dismissReviewedReply, optOutReviewedReply, undoMs, undoReview } from './review-commands';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

interface Setting {
  account: TestAccount;
  msisdn: string;
  replyId: string;
  messageId: string;
}

/** An account to which a recipient has answered "Stop please". */
async function receiveUncertainReply(options: AccountOptions = {}): Promise<Setting> {
  const account = await createAccount(db.pool, options);
  const msisdn = nextMsisdn();
  const messageId = await createConversation(db.pool, account, {
    msisdn,
    senderNumber: account.senderNumber as string,
  });
  await reply(account, msisdn, 'Stop please');
  const [waiting] = await listRepliesToReview(db.pool, account.scope);
  return { account, msisdn, replyId: waiting?.id ?? '', messageId };
}

async function reply(account: TestAccount, msisdn: string, text: string): Promise<void> {
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to: account.senderNumber as string, text })]);
}

async function createColleague(account: TestAccount): Promise<TestAccount> {
  const userId = await createUser(db.pool, { name: 'Sipho Dube', accountId: account.id });
  return { ...account, userId, scope: mintAccountScope(account.id, { userId }) };
}

async function readOptOut(account: TestAccount, msisdn: string) {
  const { rows } = await db.pool.query<{ id: string; kind: string; reply_id: string; rule: string }>(
    'select id, kind, reply_id, rule from opt_out where account_id = $1 and msisdn = $2',
    [account.id, msisdn],
  );
  return rows[0];
}

async function readConfirmations(account: TestAccount, msisdn: string) {
  const { rows } = await db.pool.query<{ status: string; reason: string | null; wait: number | null }>(
    `select status, reason, extract(epoch from next_attempt_at - created_at)::int as wait from message
     where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION' order by id`,
    [account.id, msisdn],
  );
  return rows;
}

async function readEvents(account: TestAccount, msisdn: string) {
  const { rows } = await db.pool.query<{
    kind: string;
    actor: string;
    reason: string | null;
    evidence: Record<string, unknown>;
  }>(
    'select kind, actor, reason, evidence from opt_out_event where account_id = $1 and msisdn = $2 order by id',
    [account.id, msisdn],
  );
  return rows;
}

/** Lets the wait of the confirmation be over. */
async function makeDue(account: TestAccount): Promise<void> {
  await db.pool.query(
    `update message set next_attempt_at = now() where account_id = $1 and next_attempt_at is not null`,
    [account.id],
  );
}

const claim = (account: TestAccount) => claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });

test('a reply that may be an opt-out waits with what it answered; nothing is blocked', async () => {
  const { account, msisdn } = await receiveUncertainReply();
  await reply(account, msisdn, 'Thank you');
  expect(await listRepliesToReview(db.pool, account.scope)).toEqual([
    expect.objectContaining({
      msisdn,
      text: 'Stop please',
      rule: 'review:keyword-with-words',
      canOptOut: true,
      answered: expect.objectContaining({ text: 'Our spring sale begins on Monday' }),
    }),
  ]);
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(1);
  expect(await readOptOut(account, msisdn)).toBeUndefined();
});

test('another account neither sees nor decides it', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  const stranger = await createAccount(db.pool);
  expect(await listRepliesToReview(db.pool, stranger.scope)).toEqual([]);
  expect(await countRepliesToReview(db.pool, stranger.scope)).toBe(0);
  for (const result of [
    await optOutReviewedReply(db.pool, stranger.scope, replyId),
    await dismissReviewedReply(db.pool, stranger.scope, replyId),
    await undoReview(db.pool, stranger.scope, replyId, 'OPTED_OUT'),
  ]) {
    expect(result).toMatchObject({ ok: false, reason: 'not-there' });
  }
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(1);
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toMatchObject({ ok: true });
  expect(await undoReview(db.pool, stranger.scope, replyId, 'OPTED_OUT')).toMatchObject({ ok: false });
  expect(await readOptOut(account, msisdn)).toBeDefined();
});

test('an id that is none, or that of a reply without doubt, is not there', async () => {
  const { account, msisdn } = await receiveUncertainReply();
  await reply(account, msisdn, 'Thank you');
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from reply where account_id = $1 and verdict = 'NONE'`,
    [account.id],
  );
  expect(rows).toHaveLength(1);
  for (const id of [rows[0]?.id ?? '', '', 'one', '-1', '9'.repeat(19), "1' or true"]) {
    expect(await optOutReviewedReply(db.pool, account.scope, id)).toMatchObject({ reason: 'not-there' });
    expect(await dismissReviewedReply(db.pool, account.scope, id)).toMatchObject({ reason: 'not-there' });
  }
});

test('opting out blocks, with the reply as evidence; its confirmation waits as long as it can be undone', async () => {
  const { account, msisdn, replyId, messageId } = await receiveUncertainReply();
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toEqual({ ok: true, toldInMs: undoMs });
  expect(await readOptOut(account, msisdn)).toMatchObject({
    kind: 'REPLY',
    reply_id: replyId,
    rule: 'review:keyword-with-words',
  });
  expect(await readEvents(account, msisdn)).toEqual([
    expect.objectContaining({
      kind: 'OPTED_OUT',
      actor: `user:${account.userId}`,
      evidence: expect.objectContaining({
        text: 'Stop please',
        verdict: 'REVIEW',
        replyId: Number(replyId),
        messageId: Number(messageId),
      }),
    }),
  ]);
  expect(await readConfirmations(account, msisdn)).toEqual([
    { status: 'QUEUED', reason: null, wait: undoMs / 1000 },
  ]);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(0);
  expect((await claim(account)).messages).toEqual([]);
  await makeDue(account);
  expect((await claim(account)).messages).toMatchObject([{ msisdn }]);
});

test('undone in time, it is as if nothing had been decided, but for the history', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({ ok: true });
  expect(await readOptOut(account, msisdn)).toBeUndefined();
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(0);
  expect((await readEvents(account, msisdn)).map(({ kind, reason }) => ({ kind, reason }))).toEqual([
    { kind: 'OPTED_OUT', reason: null },
    { kind: 'REMOVED', reason: 'Undone before the confirmation was sent' },
  ]);
  expect(await readConfirmations(account, msisdn)).toEqual([
    { status: 'BLOCKED', reason: 'Undone before it was sent.', wait: null },
  ]);
  await makeDue(account);
  expect((await claim(account)).taken).toBe(0);
  expect(await listRepliesToReview(db.pool, account.scope)).toMatchObject([{ id: replyId }]);

  // and may be decided anew, with a confirmation of its own
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toEqual({ ok: true, toldInMs: undoMs });
  expect((await readConfirmations(account, msisdn)).map(({ status }) => status)).toEqual([
    'BLOCKED',
    'QUEUED',
  ]);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
});

test('it cannot be undone once the confirmation is with the network, nor when a hand-over was tried', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  await makeDue(account);
  expect((await claim(account)).messages).toHaveLength(1);
  for (const status of ['SENDING', 'QUEUED', 'DELIVERED']) {
    await db.pool.query(
      `update message set status = $2::message_status where account_id = $1 and kind = 'CONFIRMATION'`,
      [account.id, status],
    );
    expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT'), status).toMatchObject({
      ok: false,
      reason: 'told',
      message: expect.stringContaining('YES'),
    });
  }
  expect(await readOptOut(account, msisdn)).toBeDefined();
  expect(await readEvents(account, msisdn)).toHaveLength(1);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
});

test('of an undo and the dispatcher that meet, exactly one wins', async () => {
  for (let round = 0; round < 20; round++) {
    const { account, msisdn, replyId } = await receiveUncertainReply();
    await optOutReviewedReply(db.pool, account.scope, replyId);
    await makeDue(account);
    const undo = () => undoReview(db.pool, account.scope, replyId, 'OPTED_OUT');
    const [undone, { messages }] =
      round % 2
        ? await Promise.all([undo(), claim(account)])
        : await Promise.all([claim(account), undo()]).then(([claimed, result]) => [result, claimed] as const);
    expect(undone.ok).toBe(messages.length === 0);
    expect((await readOptOut(account, msisdn)) === undefined).toBe(undone.ok);
  }
});

test('a dispatcher that is about to claim makes the undo wait, and lose', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  const dispatcher = await db.pool.connect();
  await dispatcher.query('begin');
  await dispatcher.query(
    `update message set status = 'SENDING', attempts = 1 where account_id = $1 and kind = 'CONFIRMATION'`,
    [account.id],
  );
  const undone = undoReview(db.pool, account.scope, replyId, 'OPTED_OUT');
  await untilSomebodyWaits();
  await dispatcher.query('commit');
  dispatcher.release();
  expect(await undone).toMatchObject({ ok: false, reason: 'told' });
  expect(await readOptOut(account, msisdn)).toBeDefined();
});

test('a "Stop" since makes the block the recipient’s own: no undo', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  await reply(account, msisdn, 'Stop');
  expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({
    ok: false,
    reason: 'wished-since',
  });
  expect(await readOptOut(account, msisdn)).toMatchObject({ reply_id: replyId });
  expect(await readConfirmations(account, msisdn)).toHaveLength(1);
});

test('a "Stop" that is just being received when the undo begins is seen by it', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  // what receiveReplies does to the entry and the replies, held open in between
  const receiving = await db.pool.connect();
  await receiving.query('begin');
  await receiving.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     values ($1, $2, $3, 'Stop', 'OPT_OUT', 'test', 'held', now())`,
    [account.id, msisdn, account.senderNumber],
  );
  await receiving.query(
    `insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'REPLY')
     on conflict (account_id, msisdn) do update set kind = excluded.kind
       where opt_out.kind not in ('REPLY', 'SHARED_SENDER')`,
    [account.id, msisdn],
  );
  const undone = undoReview(db.pool, account.scope, replyId, 'OPTED_OUT');
  await untilSomebodyWaits();
  await receiving.query('commit');
  receiving.release();
  expect(await undone).toMatchObject({ ok: false, reason: 'wished-since' });
  expect(await readOptOut(account, msisdn)).toBeDefined();
});

test('a "Stop" that meets an undo under way blocks anew, with a confirmation', async () => {
  for (let round = 0; round < 10; round++) {
    const { account, msisdn, replyId } = await receiveUncertainReply();
    await optOutReviewedReply(db.pool, account.scope, replyId);
    const [undone] = await Promise.all([
      undoReview(db.pool, account.scope, replyId, 'OPTED_OUT'),
      reply(account, msisdn, 'Stop'),
    ]);
    expect(await readOptOut(account, msisdn)).toBeDefined();
    const waiting = (await readConfirmations(account, msisdn)).filter(({ status }) => status === 'QUEUED');
    expect(waiting).toHaveLength(1);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
    if (undone.ok) expect(await readEvents(account, msisdn)).toHaveLength(3);
  }
});

test('of two people who decide at once one decides, and the other is told who', async () => {
  for (let round = 0; round < 10; round++) {
    const { account, msisdn, replyId } = await receiveUncertainReply();
    const colleague = await createColleague(account);
    const [optedOut, dismissed] = await Promise.all([
      optOutReviewedReply(db.pool, account.scope, replyId),
      dismissReviewedReply(db.pool, colleague.scope, replyId),
    ]);
    expect([optedOut.ok, dismissed.ok].sort()).toEqual([false, true]);
    expect((await readOptOut(account, msisdn)) !== undefined).toBe(optedOut.ok);
    if (!optedOut.ok) expect(optedOut.message).toBe('Sipho Dube has already decided: not an opt-out.');
    if (!dismissed.ok) expect(dismissed.message).toBe(`${account.username} has already decided: an opt-out.`);
  }
});

test('one’s own second press is told apart from somebody else’s', async () => {
  const { account, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toMatchObject({
    ok: false,
    reason: 'decided',
    message: 'You have already decided: an opt-out.',
  });
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
});

test('dismissed, it leaves the queue and blocks nobody; undone, it is back', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  expect(await dismissReviewedReply(db.pool, account.scope, replyId)).toEqual({ ok: true, toldInMs: null });
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(0);
  expect(await readOptOut(account, msisdn)).toBeUndefined();
  expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({ reason: 'decided' });
  expect(await undoReview(db.pool, account.scope, replyId, 'DISMISSED')).toMatchObject({ ok: true });
  expect(await undoReview(db.pool, account.scope, replyId, 'DISMISSED')).toMatchObject({
    reason: 'not-decided',
  });
  expect(await listRepliesToReview(db.pool, account.scope)).toMatchObject([{ id: replyId }]);
});

test('a number that is blocked already is only marked, and keeps its entry when that is undone', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  const episode = await createManualOptOut(db.pool, account, msisdn);
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(0);
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toEqual({ ok: true, toldInMs: null });
  expect(await readOptOut(account, msisdn)).toMatchObject({ id: episode, kind: 'MANUAL' });
  expect(await readConfirmations(account, msisdn)).toEqual([]);
  expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({ ok: true });
  expect(await readOptOut(account, msisdn)).toMatchObject({ id: episode });
});

test('who opted out since and was let back in is not blocked by an old page', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  const episode = await createManualOptOut(db.pool, account, msisdn);
  await db.pool.query('delete from opt_out where account_id = $1 and msisdn = $2', [account.id, msisdn]);
  await db.pool.query(
    `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
     values ($1, $2, $3, 'REMOVED', 'user:1', '{}')`,
    [account.id, msisdn, episode],
  );
  expect(await listRepliesToReview(db.pool, account.scope)).toEqual([]);
  expect(await optOutReviewedReply(db.pool, account.scope, replyId)).toEqual({ ok: true, toldInMs: null });
  expect(await readOptOut(account, msisdn)).toBeUndefined();
});

test('an entry that its decision made and that has been lifted since is not undone', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await optOutReviewedReply(db.pool, account.scope, replyId);
  await db.pool.query('delete from opt_out where account_id = $1 and msisdn = $2', [account.id, msisdn]);
  expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({ reason: 'told' });
});

describe('what was decided a moment ago', () => {
  const list = (account: TestAccount, ...ids: string[]) => listRecentDecisions(db.pool, account.scope, ids);

  test('is listed with how long it can be undone, the latest first', async () => {
    const { account, msisdn, replyId } = await receiveUncertainReply();
    const other = nextMsisdn();
    await createConversation(db.pool, account, {
      msisdn: other,
      senderNumber: account.senderNumber as string,
    });
    await reply(account, other, 'please stop this');
    const otherId = (await listRepliesToReview(db.pool, account.scope))[1]?.id ?? '';
    expect(await list(account, replyId, otherId)).toEqual([]);
    await optOutReviewedReply(db.pool, account.scope, replyId);
    await dismissReviewedReply(db.pool, account.scope, otherId);

    const [dismissed, optedOut] = await list(account, replyId, otherId);
    expect(dismissed).toEqual({
      replyId: otherId,
      msisdn: other,
      text: 'please stop this',
      decision: 'DISMISSED',
      canUndo: true,
      toldInMs: null,
    });
    expect(optedOut).toMatchObject({ replyId, msisdn, decision: 'OPTED_OUT', canUndo: true });
    expect(optedOut?.toldInMs).toBeGreaterThanOrEqual(0);
    expect(optedOut?.toldInMs).toBeLessThanOrEqual(undoMs);
    expect(await list(account, otherId)).toHaveLength(1);
    expect(await list(account)).toEqual([]);

    await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT');
    expect(await list(account, replyId)).toEqual([]);
  });

  test('cannot be undone once the recipient is being told', async () => {
    const { account, replyId } = await receiveUncertainReply();
    await optOutReviewedReply(db.pool, account.scope, replyId);
    await makeDue(account);
    expect((await claim(account)).messages).toHaveLength(1);
    expect(await list(account, replyId)).toMatchObject([{ canUndo: false, toldInMs: null }]);
    expect(await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT')).toMatchObject({ reason: 'told' });
  });

  test('and blocked nobody can be undone, but is not listed for long', async () => {
    const { account, msisdn, replyId } = await receiveUncertainReply();
    await createManualOptOut(db.pool, account, msisdn);
    await optOutReviewedReply(db.pool, account.scope, replyId);
    expect(await list(account, replyId)).toMatchObject([{ canUndo: true, toldInMs: null }]);
    await db.pool.query(
      `update reply set reviewed_at = now() - make_interval(secs => $3 / 1000.0) where account_id = $1 and id = $2`,
      [account.id, replyId, recentMs],
    );
    expect(await list(account, replyId)).toEqual([]);
  });

  test('is nobody else’s: not another account’s, not a colleague’s', async () => {
    const { account, replyId } = await receiveUncertainReply();
    await dismissReviewedReply(db.pool, account.scope, replyId);
    expect(await list(await createAccount(db.pool), replyId)).toEqual([]);
    expect(await list(await createColleague(account), replyId)).toEqual([]);
    expect(await list(account, replyId)).toHaveLength(1);
  });
});

test('two replies of one number: one entry, one confirmation; the first cannot be undone behind the second', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply();
  await reply(account, msisdn, 'please stop this');
  const waiting = await listRepliesToReview(db.pool, account.scope);
  expect(waiting.map(({ id }) => id)[0]).toBe(replyId);
  const secondId = waiting[1]?.id ?? '';
  const results = await Promise.all([
    optOutReviewedReply(db.pool, account.scope, replyId),
    optOutReviewedReply(db.pool, account.scope, secondId),
  ]);
  expect(results.map((result) => result.ok)).toEqual([true, true]);
  expect(results.filter((result) => result.ok && result.toldInMs !== null)).toHaveLength(1);
  expect(await readConfirmations(account, msisdn)).toHaveLength(1);
  const first = (await readOptOut(account, msisdn))?.reply_id ?? '';
  expect(await undoReview(db.pool, account.scope, first, 'OPTED_OUT')).toMatchObject({
    reason: 'wished-since',
  });
  expect(await readOptOut(account, msisdn)).toBeDefined();
});

test('a network’s own name can be dismissed but not opted out', async () => {
  const account = await createAccount(db.pool);
  await reply(account, 'MTN', 'Stop please');
  const [waiting] = await listRepliesToReview(db.pool, account.scope);
  expect(waiting).toMatchObject({ msisdn: 'MTN', canOptOut: false });
  expect(await optOutReviewedReply(db.pool, account.scope, waiting?.id ?? '')).toMatchObject({
    ok: false,
    reason: 'no-number',
  });
  expect(await dismissReviewedReply(db.pool, account.scope, waiting?.id ?? '')).toMatchObject({ ok: true });
});

test('an account that blocks at once has nothing to review', async () => {
  const { account, msisdn, replyId } = await receiveUncertainReply({ reviewPolicy: 'BLOCK' });
  expect(replyId).toBe('');
  expect(await readOptOut(account, msisdn)).toBeDefined();
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(0);
});

test('those that have waited longest come first; the count stops at 100', async () => {
  const account = await createAccount(db.pool);
  await db.pool.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, rule, carrier, carrier_message_id, received_at)
     select $1, '278300' || (10000 + n), $2, 'stop it ' || n, 'REVIEW', 'review:keyword-with-words', 'test', 'many-' || n,
       now() - n * interval '1 minute'
     from generate_series(1, 120) as n`,
    [account.id, account.senderNumber],
  );
  expect(await countRepliesToReview(db.pool, account.scope)).toBe(100);
  const waiting = await listRepliesToReview(db.pool, account.scope, 3);
  expect(waiting.map(({ text }) => text)).toEqual(['stop it 120', 'stop it 119', 'stop it 118']);
});

test('the queue and its count read the index of what waits, not all replies', async () => {
  const account = await createAccount(db.pool);
  await db.pool.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     select $1, '278400' || (10000 + n), $2, 'Thank you', 'NONE', 'test', 'plenty-' || n, now()
     from generate_series(1, 20000) as n`,
    [account.id, account.senderNumber],
  );
  await reply(account, nextMsisdn(), 'Stop please');
  await db.owner.query('analyze reply');
  const statements: string[] = [];
  const watched = createWatchedPool(db.url, {
    rewrite: (_, text) => {
      statements.push(text);
      return text;
    },
  });
  expect(await countRepliesToReview(watched, account.scope)).toBe(1);
  expect(await listRepliesToReview(watched, account.scope)).toHaveLength(1);
  await watched.end();
  expect(statements).toHaveLength(2);
  for (const statement of statements) {
    const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(
      `explain ${statement.replaceAll('$1', String(account.id)).replaceAll('$2', '50')}`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('reply_review_idx');
    expect(plan).not.toMatch(/Seq Scan on reply\b/);
  }
});

/** Resolves when a connection of this database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  await waitUntil('somebody waits', () => isSomebodyWaiting(db.owner));
}
