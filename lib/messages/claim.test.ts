import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { blockedElsewhereReason, blockedReason, trialReason } from '@/lib/opt-outs/gate';
import { honourFamilyOptOuts } from '@/lib/people/sub-account-commands';
import {
  createAccount,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import {
  claimBatch,
  findAccountsWithDueMessages,
  recordHandover,
  releaseClaim,
  type HandoverResult,
} from './claim';
import { recordReceipts } from './receipts';
import { divideRoutes } from './routes';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const leaseMs = 60_000;
const sent: HandoverResult = { status: 'sent', carrierMessageId: 'carrier-1' };
const refused: HandoverResult = { status: 'failed', reason: 'The network refused this number.' };
const busy: HandoverResult = { status: 'retry', reason: 'The network was busy.', retryDelayMs: 15_000 };

function claim(account: TestAccount, limit = 100) {
  return claimBatch(db.pool, account.id, { limit, leaseMs });
}

async function endLeases(account: TestAccount): Promise<void> {
  await db.pool.query(
    `update message set next_attempt_at = now() where account_id = $1 and status = 'SENDING'`,
    [account.id],
  );
}

async function listStored(account: TestAccount) {
  const { rows } = await db.pool.query<{
    status: string;
    attempts: number;
    cost: number;
    reason: string | null;
    carrier_message_id: string | null;
    waits: boolean;
    was_sent: boolean;
    finished: boolean;
  }>(
    `select status, attempts, cost, reason, carrier_message_id, next_attempt_at is not null as waits,
       sent_at is not null as was_sent, finished_at is not null as finished
     from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

async function listDoubts(account: TestAccount) {
  const { rows } = await db.pool.query<{ status: string; was_doubted: boolean; waits: boolean }>(
    `select status, doubted_at is not null as was_doubted, next_attempt_at is not null as waits
     from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

/** A queued confirmation SMS of an opt-out, as receiveReplies leaves it. */
async function queueConfirmation(account: TestAccount, msisdn: string, episodeId: string): Promise<void> {
  await db.pool.query(
    `insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
       next_attempt_at, episode_id)
     values ($1, 'CONFIRMATION', $2, $3, 'You have been opted out.', 1, 0, 'QUEUED', 0, now(), $4)`,
    [account.id, msisdn, account.senderNumber, episodeId],
  );
}

describe('claiming', () => {
  test('leases what is due, oldest first, at most the limit', async () => {
    const account = await createAccount(db.pool);
    const recipients = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, account, recipients);
    const first = await claim(account, 2);
    expect(first.taken).toBe(2);
    expect(first.messages.map(({ msisdn }) => msisdn).sort()).toEqual(recipients.slice(0, 2));
    expect(first.messages[0]).toMatchObject({ accountId: account.id, attempt: 1, cost: 1 });
    expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual(recipients.slice(2));
    expect(await claim(account)).toEqual({ messages: [], taken: 0 });
  });

  test('the gate: an opt-out after acceptance blocks at dispatch, with a refund', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const [blocked, free] = [nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, account, [blocked, free], 'a'.repeat(161));
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(6));
    await createManualOptOut(db.pool, account, blocked);

    const { messages, taken } = await claim(account);
    expect(taken).toBe(2);
    expect(messages.map(({ msisdn }) => msisdn)).toEqual([free]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
    expect((await listStored(account))[0]).toMatchObject({
      status: 'BLOCKED',
      cost: 0,
      attempts: 0,
      reason: blockedReason,
      waits: false,
      finished: true,
    });
  });

  test('the gate: what a trial may no longer write to is blocked at dispatch, with a refund; its confirmations pass', async () => {
    const [own, next, replier] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    const account = await createAccount(db.pool, { credits: 10, trialMsisdn: own });
    await queueMessages(db.pool, account, [own]);
    // its owner has another number now
    await db.pool.query('update account set trial_msisdn = $2 where id = $1', [account.id, next]);
    const episodeId = await createManualOptOut(db.pool, account, replier);
    await queueConfirmation(account, replier, episodeId);
    await queueMessages(db.pool, account, [next]);
    expect((await claim(account)).messages.map(({ msisdn }) => msisdn).sort()).toEqual(
      [next, replier].sort(),
    );
    expect((await listStored(account))[0]).toMatchObject({ status: 'BLOCKED', cost: 0, reason: trialReason });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
    // and a full account writes to everybody
    await db.pool.query('update account set trial_msisdn = null where id = $1', [account.id]);
    await queueMessages(db.pool, account, [own]);
    expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual([own]);
  });

  test('the gate: confirmation and consent SMSs pass the opt-outs of the other accounts of a family', async () => {
    const main = await createAccount(db.pool, { credits: 10 });
    const sub = await createAccount(db.pool, { credits: 10, parentAccountId: main.id });
    const [msisdn, waiting] = [nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, sub, [waiting]);
    await createManualOptOut(db.pool, main, msisdn);
    await createManualOptOut(db.pool, main, waiting);
    await honourFamilyOptOuts(db.pool, main.scope, { honoursAll: true });
    const episodeId = await createManualOptOut(db.pool, sub, msisdn);
    await queueConfirmation(sub, msisdn, episodeId);
    await db.pool.query(
      `update message set kind = 'CONSENT' where account_id = $1 and kind = 'CONFIRMATION'`,
      [sub.id],
    );
    await queueConfirmation(sub, msisdn, episodeId);
    const wednesday = new Date('2026-11-25T10:00:00+02:00');
    const { messages } = await claimBatch(db.pool, sub.id, { limit: 10, leaseMs, now: wednesday });
    expect(messages.map((message) => message.msisdn)).toEqual([msisdn, msisdn]);
    expect((await listStored(sub))[0]).toMatchObject({
      status: 'BLOCKED',
      cost: 0,
      reason: blockedElsewhereReason,
    });
    expect(await readLedger(db.pool, sub.id)).toEqual(ledgerOf(10));
  });

  test('the gate: an opt-out between two attempts blocks the second', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    const { messages } = await claim(account);
    await recordHandover(db.pool, messages, [{ ...busy, retryDelayMs: 0 }]);
    await createManualOptOut(db.pool, account, msisdn);
    expect((await claim(account)).messages).toEqual([]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('an opt-out of one account does not block what another has queued', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    await queueMessages(db.pool, other, [msisdn]);
    await createManualOptOut(db.pool, account, msisdn);
    expect((await claim(account)).messages).toEqual([]);
    expect((await claim(other)).messages).toHaveLength(1);
  });

  test('a confirmation passes the block it announces, and goes first; one of an earlier episode does not pass', async () => {
    const account = await createAccount(db.pool);
    const [msisdn, other, free] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, account, [free]);
    const episode = await createManualOptOut(db.pool, account, msisdn);
    const earlier = await createManualOptOut(db.pool, account, other);
    await db.pool.query('delete from opt_out where account_id = $1 and msisdn = $2', [account.id, other]);
    await createManualOptOut(db.pool, account, other);
    await queueConfirmation(account, msisdn, episode);
    await queueConfirmation(account, other, earlier);

    expect((await claim(account, 1)).messages.map((message) => message.msisdn)).toEqual([msisdn]);
    expect((await claim(account)).messages.map((message) => message.msisdn)).toEqual([free]);
    expect((await listStored(account)).map(({ status }) => status)).toEqual([
      'SENDING',
      'SENDING',
      'BLOCKED',
    ]);
  });

  test('a suspended account: its messages wait, its confirmations go', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]);
    expect(await claim(account)).toEqual({ messages: [], taken: 0 });
    expect(await findAccountsWithDueMessages(db.pool)).not.toContain(account.id);

    const msisdn = nextMsisdn();
    await queueConfirmation(account, msisdn, await createManualOptOut(db.pool, account, msisdn));
    expect(await findAccountsWithDueMessages(db.pool)).toContain(account.id);
    expect((await claim(account)).messages.map((message) => message.msisdn)).toEqual([msisdn]);

    await db.pool.query(`update account set status = 'ACTIVE' where id = $1`, [account.id]);
    expect((await claim(account)).messages).toHaveLength(1);
  });

  test('what a dead process claimed is due again when its lease ends, not before', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const first = await claim(account);
    expect((await claim(account)).messages).toEqual([]);
    expect(await findAccountsWithDueMessages(db.pool)).not.toContain(account.id);

    await endLeases(account);
    expect(await findAccountsWithDueMessages(db.pool)).toContain(account.id);
    const second = await claim(account);
    expect(second.messages.map(({ id }) => id)).toEqual(first.messages.map(({ id }) => id));
    expect(second.messages[0]?.attempt).toBe(2);
  });

  test('what a dead process claimed is marked as in doubt when it is sent again, and only that', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    await claim(account, 1);
    await endLeases(account);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    expect((await claim(account)).messages).toHaveLength(2);
    expect((await listDoubts(account)).map(({ was_doubted }) => was_doubted)).toEqual([true, false]);
  });

  test('held for a person, it is not sent again: neither by a claim nor after its late answer', async () => {
    const account = await createAccount(db.pool, { credits: 3 });
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn(), nextMsisdn()]);
    await db.owner.query(`update platform_setting set doubt_policy = 'HOLD'`);
    try {
      const { messages } = await claim(account);
      await endLeases(account);
      expect(await claim(account)).toEqual({ messages: [], taken: 3 });
      expect(await claim(account)).toEqual({ messages: [], taken: 0 });
      expect((await listDoubts(account)).map(({ status, waits }) => [status, waits])).toEqual([
        ['IN_DOUBT', false],
        ['IN_DOUBT', false],
        ['IN_DOUBT', false],
      ]);
      // the process was not dead, only slow
      await recordHandover(db.pool, messages, [sent, refused, { status: 'doubt', detail: 'Timed out.' }]);
      expect((await listDoubts(account)).map(({ status, waits }) => [status, waits])).toEqual([
        ['SENT', false],
        ['FAILED', false],
        ['IN_DOUBT', false],
      ]);
      expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
    } finally {
      await db.owner.query(`update platform_setting set doubt_policy = 'SEND_AGAIN'`);
    }
  });

  test('an opt-out that came meanwhile blocks what would be sent again', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    await claim(account);
    await createManualOptOut(db.pool, account, msisdn);
    await endLeases(account);
    expect(await claim(account)).toEqual({ messages: [], taken: 1 });
    expect((await listStored(account))[0]).toMatchObject({ status: 'BLOCKED', cost: 0 });
  });

  test('for a carrier: only its part of the messages, and its name stands with them', async () => {
    const account = await createAccount(db.pool);
    const others = [nextMsisdn(), nextMsisdn()].map((msisdn) => msisdn.replace(/^2782/, '2783'));
    const own = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await queueMessages(db.pool, account, [others[0], own[0], own[1], others[1], own[2]] as string[]);
    const whole = { fromShare: 0, belowShare: 1000 };
    const options = { limit: 2, leaseMs, carrier: 'first' };
    const parts = [
      { fromNumber: '', belowNumber: '2783', ...whole },
      { fromNumber: '2784', belowNumber: ':', ...whole },
    ];
    const claimOwn = async () =>
      (await claimBatch(db.pool, account.id, { ...options, parts })).messages.map(({ msisdn }) => msisdn);
    expect(await claimOwn()).toEqual([own[0], own[1]]);
    expect(await claimOwn()).toEqual([own[2]]);
    expect(await claimOwn()).toEqual([]);
    const { rows } = await db.pool.query<{ carrier: string | null }>(
      'select carrier from message where account_id = $1 order by id',
      [account.id],
    );
    expect(rows.map(({ carrier }) => carrier)).toEqual([null, 'first', 'first', null, 'first']);
  });

  test('every message is in the parts of exactly one of those who share, as routes.ts says', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, Array.from({ length: 100 }, nextMsisdn));
    const routes = ['a', 'b', 'c'].map((carrier, index) => ({
      prefix: '',
      carrier,
      priority: 1,
      weight: 1 + index,
    }));
    const counts: number[] = [];
    for (const parts of divideRoutes(routes, new Set(['a', 'b', 'c'])).values()) {
      const { taken } = await claimBatch(db.pool, account.id, { limit: 100, leaseMs, parts });
      counts.push(taken);
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
    // 17, 33 and 50 of a hundred in a row, more or less
    for (const [index, share] of [16.7, 33.3, 50].entries()) {
      expect(Math.abs((counts[index] ?? 0) - share)).toBeLessThan(5);
    }
  });

  test('given back, it is due at once and not in doubt', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    await releaseClaim(db.pool, (await claim(account)).messages);
    expect(await listDoubts(account)).toMatchObject([{ status: 'QUEUED', was_doubted: false, waits: true }]);
    expect((await claim(account)).messages).toHaveLength(1);
  });

  test('ten at once hand nothing out twice', async () => {
    const account = await createAccount(db.pool);
    const recipients = Array.from({ length: 200 }, nextMsisdn);
    await queueMessages(db.pool, account, recipients);
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(account, 50)));
    const claimed = claims.flatMap(({ messages }) => messages.map(({ msisdn }) => msisdn));
    // whoever came while all were locked took nothing
    claimed.push(...(await claim(account, 200)).messages.map(({ msisdn }) => msisdn));
    expect(claimed.sort()).toEqual(recipients.sort());
  });
});

describe('recording what the carrier said', () => {
  test('sent, refused for good, and not now', async () => {
    const account = await createAccount(db.pool, { credits: 3 });
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn(), nextMsisdn()]);
    const { messages } = await claim(account);
    await recordHandover(db.pool, messages, [sent, refused, busy]);

    expect(await listStored(account)).toEqual([
      {
        status: 'SENT',
        attempts: 1,
        cost: 1,
        reason: null,
        carrier_message_id: 'carrier-1',
        waits: false,
        was_sent: true,
        finished: false,
      },
      {
        status: 'FAILED',
        attempts: 1,
        cost: 0,
        reason: 'The network refused this number.',
        carrier_message_id: null,
        waits: false,
        was_sent: false,
        finished: true,
      },
      {
        status: 'QUEUED',
        attempts: 1,
        cost: 1,
        reason: 'The network was busy.',
        carrier_message_id: null,
        waits: true,
        was_sent: false,
        finished: false,
      },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
    // not due before its delay is over
    expect(await claim(account)).toEqual({ messages: [], taken: 0 });
  });

  test('twice, because the answer to the first time was lost, changes nothing the second time', async () => {
    const account = await createAccount(db.pool, { credits: 3 });
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn(), nextMsisdn()]);
    const { messages } = await claim(account);
    await recordHandover(db.pool, messages, [sent, refused, busy]);
    const stored = await listStored(account);
    await recordHandover(db.pool, messages, [sent, refused, busy]);
    expect(await listStored(account)).toEqual(stored);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('the fence: what an earlier attempt came to counts for nothing once the message was claimed again', async () => {
    const account = await createAccount(db.pool, { credits: 2 });
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
    const slow = await claim(account);
    await endLeases(account);
    const second = await claim(account);
    await recordHandover(db.pool, slow.messages, [refused, { ...busy, retryDelayMs: 0 }]);
    expect((await listStored(account)).map(({ status }) => status)).toEqual(['SENDING', 'SENDING']);
    expect((await claim(account)).messages).toEqual([]);

    await recordHandover(db.pool, second.messages, [sent, sent]);
    expect((await listStored(account)).map(({ status }) => status)).toEqual(['SENT', 'SENT']);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });

  test('a lease that has ended, but was not claimed again, still takes the answer', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claim(account);
    await endLeases(account);
    await recordHandover(db.pool, messages, [sent]);
    expect((await listStored(account))[0]).toMatchObject({ status: 'SENT', waits: false });
    expect((await claim(account)).messages).toEqual([]);
  });

  test('a delivery receipt that was faster is kept', async () => {
    const account = await createAccount(db.pool, { credits: 2 });
    await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
    const { messages } = await claim(account);
    await recordReceipts(
      db.pool,
      messages.map(({ id }, index) => ({
        accountId: account.id,
        messageId: id,
        ...(index === 0
          ? { status: 'delivered' as const, reason: null }
          : { status: 'failed' as const, reason: 'The phone could not be reached.' }),
      })),
    );
    await recordHandover(db.pool, messages, [sent, sent]);
    expect(await listStored(account)).toMatchObject([
      { status: 'DELIVERED', carrier_message_id: 'carrier-1', waits: false, was_sent: true, finished: true },
      { status: 'FAILED', reason: 'The phone could not be reached.', cost: 1, waits: false, was_sent: true },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });

  test('a failed receipt and a refusal of the same message are not refunded beyond its cost', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claim(account);
    await recordReceipts(db.pool, [
      { accountId: account.id, messageId: messages[0]?.id as string, status: 'failed', reason: 'Gone.' },
    ]);
    await recordHandover(db.pool, messages, [refused]);
    const { balance, entries, toppedUpLessCosts } = await readLedger(db.pool, account.id);
    expect(entries).toBe(balance);
    expect(toppedUpLessCosts).toBe(balance);
  });

  test('nothing claimed, nothing recorded', async () => {
    await expect(recordHandover(db.pool, [], [])).resolves.toBeUndefined();
  });
});
