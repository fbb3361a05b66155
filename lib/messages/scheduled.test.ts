import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockedReason } from '@/lib/opt-outs/gate';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  createManualOptOut,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, findAccountsWithDueMessages, recordHandover } from './claim';
import { acceptBatch, acceptMessages } from './commands';
import { cancelScheduled, changeScheduled, listScheduledBatches, listScheduledMessages } from './scheduled';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const text = 'Our spring sale begins on Monday';
const inAnHour = () => new Date(Date.now() + 3_600_000);

async function schedule(account: TestAccount, recipients: string[], sendAt = inAnHour()) {
  const key = randomUUID();
  const result = await acceptBatch(db.pool, account.scope, { recipients, text, idempotencyKey: key, sendAt });
  if (!result.ok) throw new Error(result.message);
  const ids = result.recipients.map(({ messageId }) => Number(messageId));
  return { batchId: result.batchId, ids, key };
}

/** As if its time had come. */
async function bringForward(account: TestAccount) {
  await db.pool.query(
    `update message set scheduled_at = now(), next_attempt_at = now() where account_id = $1 and scheduled_at is not null
       and status = 'QUEUED'`,
    [account.id],
  );
}

/** The first of them alone. */
async function bringForwardOne(account: TestAccount) {
  await db.pool.query(
    `update message set scheduled_at = now(), next_attempt_at = now() where account_id = $1
       and id = (select min(id) from message where account_id = $1)`,
    [account.id],
  );
}

const claim = (account: TestAccount) => claimBatch(db.pool, account.id, { limit: 100, leaseMs: 60_000 });
const list = (account: TestAccount) =>
  listScheduledMessages(db.pool, account.scope, { offset: 0, limit: 100 });

async function listStatuses(account: TestAccount) {
  const { rows } = await db.pool.query<{ status: string; reason: string | null; cost: number }>(
    'select status, reason, cost from message where account_id = $1 order by id',
    [account.id],
  );
  return rows;
}

describe('what is scheduled', () => {
  test('is charged at once, and nothing claims it before its time', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const [first, second] = [nextMsisdn(), nextMsisdn()];
    const sendAt = inAnHour();
    await schedule(account, [first, second], sendAt);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
    expect(await findAccountsWithDueMessages(db.pool)).not.toContain(account.id);
    expect((await claim(account)).taken).toBe(0);
    expect(await list(account)).toMatchObject({
      total: 2,
      messages: [
        { msisdn: first, scheduledAt: sendAt, cost: 1 },
        { msisdn: second, scheduledAt: sendAt, cost: 1 },
      ],
    });
    await bringForward(account);
    expect(await findAccountsWithDueMessages(db.pool)).toContain(account.id);
    expect((await claim(account)).messages.map(({ msisdn }) => msisdn).sort()).toEqual(
      [first, second].sort(),
    );
    expect(await list(account)).toEqual({ total: 0, messages: [] });
  });

  test('meets the gate again when it leaves, and is given back once', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const [stays, goes] = [nextMsisdn(), nextMsisdn()];
    await schedule(account, [stays, goes]);
    await createManualOptOut(db.pool, account, stays);
    await bringForward(account);
    expect((await claim(account)).messages.map(({ msisdn }) => msisdn)).toEqual([goes]);
    expect(await listStatuses(account)).toEqual([
      { status: 'BLOCKED', reason: blockedReason, cost: 0 },
      { status: 'SENDING', reason: null, cost: 1 },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
  });

  test('to somebody blocked is blocked at once, and is no scheduled message', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    await schedule(account, [msisdn]);
    expect(await listStatuses(account)).toMatchObject([{ status: 'BLOCKED' }]);
    expect((await list(account)).total).toBe(0);
  });

  test('is what a reply answers only once it has left', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    const { ids } = await schedule(account, [msisdn]);
    const conversations = async () =>
      (
        await db.pool.query<{ id: string }>(
          'select last_message_id as id from conversation where msisdn = $1 and account_id = $2',
          [msisdn, account.id],
        )
      ).rows;
    expect(await conversations()).toEqual([]);
    await bringForward(account);
    const { messages } = await claim(account);
    expect(await conversations()).toEqual([{ id: String(ids[0]) }]);
    await recordHandover(db.pool, messages, [{ status: 'sent', carrierMessageId: 'c-1' }]);
    await receiveReplies(db.pool, [
      composeReply({ from: msisdn, to: account.senderNumber as string, text: 'Thanks' }),
    ]);
    const { rows } = await db.pool.query('select message_id from reply where account_id = $1', [account.id]);
    expect(rows).toEqual([{ message_id: String(ids[0]) }]);
  });

  test('of two to one number that leave together the later one is what a reply answers', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await schedule(account, [msisdn]);
    const { ids } = await schedule(account, [msisdn]);
    await bringForward(account);
    expect((await claim(account)).messages).toHaveLength(2);
    const { rows } = await db.pool.query('select last_message_id as id from conversation where msisdn = $1', [
      msisdn,
    ]);
    expect(rows).toEqual([{ id: String(ids[0]) }]);
  });

  test('again under the same key is one, and for another time is refused', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const recipients = [nextMsisdn()];
    const sendAt = inAnHour();
    const { key, ids } = await schedule(account, recipients, sendAt);
    const again = { recipients, text, idempotencyKey: key };
    expect(await acceptBatch(db.pool, account.scope, { ...again, sendAt })).toMatchObject({
      ok: true,
      recipients: [{ outcome: 'queued', messageId: String(ids[0]) }],
    });
    for (const other of [null, new Date(sendAt.getTime() + 60_000)]) {
      expect(await acceptMessages(db.pool, account.scope, { ...again, sendAt: other })).toMatchObject({
        ok: false,
        reason: 'key-used',
      });
    }
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
  });
});

describe('what is cancelled', () => {
  test('never leaves, and is given back once, whoever asks how often at the same time', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const { ids, batchId } = await schedule(account, [nextMsisdn(), nextMsisdn(), nextMsisdn()]);
    const [one, two] = ids as [number, number];
    const answers = await Promise.all([
      cancelScheduled(db.pool, account.scope, { ids: [one, two] }),
      cancelScheduled(db.pool, account.scope, { ids: [two, one, two] }),
      cancelScheduled(db.pool, account.scope, { batchId }),
    ]);
    expect(
      answers
        .flat()
        .map(({ id }) => Number(id))
        .sort(),
    ).toEqual([...ids].sort());
    expect(answers.flat().map(({ cost }) => cost)).toEqual([1, 1, 1]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(10));
    expect((await listStatuses(account)).map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'CANCELLED'),
    );
    await bringForward(account);
    expect((await claim(account)).taken).toBe(0);
  });

  test('is nothing that has left, was never scheduled, or is another account’s', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const other = await createAccount(db.pool);
    const { ids, batchId } = await schedule(account, [nextMsisdn()]);
    expect(await cancelScheduled(db.pool, other.scope, { ids })).toEqual([]);
    expect(await cancelScheduled(db.pool, other.scope, { batchId })).toEqual([]);
    expect(await changeScheduled(db.pool, other.scope, { batchId, sendAt: inAnHour() })).toEqual({
      ok: true,
      changed: 0,
      credits: 0,
    });

    const now = await acceptBatch(db.pool, account.scope, {
      recipients: [nextMsisdn()],
      text,
      idempotencyKey: randomUUID(),
    });
    const plain = Number(now.recipients[0]?.messageId);
    expect(await cancelScheduled(db.pool, account.scope, { ids: [plain] })).toEqual([]);
    await bringForward(account);
    await claim(account);
    expect(await cancelScheduled(db.pool, account.scope, { ids })).toEqual([]);
    expect(await changeScheduled(db.pool, account.scope, { batchId, sendAt: inAnHour() })).toEqual({
      ok: true,
      changed: 0,
      credits: 0,
    });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
  });

  test('or claimed, but never both: the two wait for each other', async () => {
    const account = await createAccount(db.pool, { credits: 100 });
    const { batchId } = await schedule(account, Array.from({ length: 50 }, nextMsisdn));
    await bringForward(account);
    const [cancelled, { messages }] = await Promise.all([
      cancelScheduled(db.pool, account.scope, { batchId }),
      claim(account),
    ]);
    expect(cancelled.length + messages.length).toBe(50);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(100 - messages.length));
  });
});

test('another time is the one that counts', async () => {
  const account = await createAccount(db.pool);
  const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()]);
  const sendAt = new Date(Date.now() + 7_200_000);
  expect(await changeScheduled(db.pool, account.scope, { batchId, sendAt })).toEqual({
    ok: true,
    changed: 2,
    credits: 0,
  });
  expect((await list(account)).messages.map(({ scheduledAt }) => scheduledAt)).toEqual([sendAt, sendAt]);
  await changeScheduled(db.pool, account.scope, { batchId, sendAt: new Date(Date.now() - 1000) });
  expect((await claim(account)).messages).toHaveLength(2);
});

test('another purpose is that of what still waits; a time alone leaves it as it is', async () => {
  const account = await createAccount(db.pool);
  const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()]);
  const readPurposes = async () =>
    (await listScheduledBatches(db.pool, account.scope, 'Africa/Johannesburg')).map(({ purpose }) => purpose);
  expect(await readPurposes()).toEqual(['SERVICE']);
  await bringForwardOne(account);
  await claim(account);
  await changeScheduled(db.pool, account.scope, { batchId, sendAt: inAnHour(), purpose: 'MARKETING' });
  await changeScheduled(db.pool, account.scope, { batchId, sendAt: inAnHour() });
  expect(await readPurposes()).toEqual(['MARKETING']);
  const { rows } = await db.pool.query<{ purpose: string }>(
    'select purpose from message where account_id = $1 order by id',
    [account.id],
  );
  expect(rows.map(({ purpose }) => purpose)).toEqual(['SERVICE', 'MARKETING']);
});

describe('another text', () => {
  const long = 'a'.repeat(161);
  const listTexts = async (account: TestAccount) =>
    (
      await db.pool.query<{ text: string; segments: number; cost: number }>(
        'select text, segments, cost from message where account_id = $1 order by id',
        [account.id],
      )
    ).rows;

  test('is charged for where it is longer, given back where it is shorter, and is what leaves', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()]);
    const sendAt = inAnHour();
    expect(await changeScheduled(db.pool, account.scope, { batchId, sendAt, text: long })).toEqual({
      ok: true,
      changed: 2,
      credits: 2,
    });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(6));
    expect(await listTexts(account)).toEqual([
      { text: long, segments: 2, cost: 2 },
      { text: long, segments: 2, cost: 2 },
    ]);
    await changeScheduled(db.pool, account.scope, { batchId, sendAt, text: 'Short\r\nagain' });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
    await bringForward(account);
    expect((await claim(account)).messages.map((message) => message.text)).toEqual([
      'Short\nagain',
      'Short\nagain',
    ]);
  });

  test('is that of what still waits alone', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()]);
    await bringForwardOne(account);
    await claim(account);
    expect(
      await changeScheduled(db.pool, account.scope, { batchId, sendAt: inAnHour(), text: long }),
    ).toEqual({ ok: true, changed: 1, credits: 1 });
    expect((await listTexts(account)).map(({ cost }) => cost)).toEqual([1, 2]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(7));
  });

  test.each([
    ['costs more than there is', 'b'.repeat(500), /too few credits for this text: 1 left/],
    ['is empty', ' \n', /Write a message/],
    ['is too long', 'c'.repeat(2000), /Shorten it/],
  ])('that %s changes nothing, the time neither', async (_what, refused, says) => {
    const account = await createAccount(db.pool, { credits: 3 });
    const sendAt = inAnHour();
    const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()], sendAt);
    const later = new Date(sendAt.getTime() + 3_600_000);
    const result = await changeScheduled(db.pool, account.scope, { batchId, sendAt: later, text: refused });
    expect(result).toMatchObject({ ok: false, fields: { text: expect.stringMatching(says) } });
    expect((await list(account)).messages).toMatchObject([{ scheduledAt: sendAt }, { scheduledAt: sendAt }]);
    expect((await listTexts(account)).map((message) => message.text)).toEqual([text, text]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('written twice at the same time, and cancelled, leaves a balance that adds up', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const { batchId } = await schedule(account, [nextMsisdn(), nextMsisdn()]);
    const sendAt = inAnHour();
    await Promise.all([
      changeScheduled(db.pool, account.scope, { batchId, sendAt, text: long }),
      changeScheduled(db.pool, account.scope, { batchId, sendAt, text: 'Short' }),
      changeScheduled(db.pool, account.scope, { batchId, sendAt, text: long }),
      cancelScheduled(db.pool, account.scope, { batchId }),
    ]);
    await cancelScheduled(db.pool, account.scope, { batchId });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(10));
  });
});

describe('credits that are too few for all', () => {
  test('are spent on the first of them where that is asked for', async () => {
    const account = await createAccount(db.pool, { credits: 5 });
    const blocked = nextMsisdn();
    await createManualOptOut(db.pool, account, blocked);
    const recipients = [nextMsisdn(), blocked, nextMsisdn(), nextMsisdn()];
    const input = { recipients, text: 'a'.repeat(161), idempotencyKey: randomUUID() };
    expect(await acceptMessages(db.pool, account.scope, input)).toMatchObject({
      ok: false,
      reason: 'insufficient-credits',
    });
    const result = await acceptBatch(db.pool, account.scope, input, { isPartial: true });
    expect(result.recipients.map(({ outcome }) => outcome)).toEqual([
      'queued',
      'blocked',
      'queued',
      'unaffordable',
    ]);
    expect(result).toMatchObject({ ok: true, creditsCharged: 4, creditsLeft: 1, creditsEach: 2 });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('by two batches at the same time are never overspent', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const results = await Promise.all(
      [1, 2, 3].map(() =>
        acceptBatch(
          db.pool,
          account.scope,
          { recipients: Array.from({ length: 7 }, nextMsisdn), text, idempotencyKey: randomUUID() },
          { isPartial: true },
        ),
      ),
    );
    const queued = results.flatMap(({ recipients }) =>
      recipients.filter(({ outcome }) => outcome === 'queued'),
    );
    expect(queued).toHaveLength(10);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });
});
