import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { blockedReason, trialReason } from '@/lib/opt-outs/gate';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  createSenderNumber,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { watchStatements } from '@/testing/watch-statements';
import { receiveReplies } from '@/lib/replies/commands';
import { acceptMessages } from './commands';
import type { SendInput, SendResult } from './schema';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

function accept(account: TestAccount, input: Partial<SendInput>): Promise<SendResult> {
  return acceptMessages(db.pool, account.scope, {
    recipients: [nextMsisdn()],
    text: 'Our spring sale begins on Monday',
    idempotencyKey: randomUUID(),
    ...input,
  });
}

async function acceptOk(
  account: TestAccount,
  input: Partial<SendInput>,
): Promise<Extract<SendResult, { ok: true }>> {
  const result = await accept(account, input);
  if (!result.ok) throw new Error(`Refused: ${result.reason}`);
  return result;
}

async function listStored(account: TestAccount) {
  const { rows } = await db.pool.query<{
    msisdn: string;
    sender_number: string;
    status: string;
    cost: number;
    reason: string | null;
    queued: boolean;
  }>(
    `select msisdn, sender_number, status, cost, reason, next_attempt_at is not null as queued
     from message where account_id = $1 order by id`,
    [account.id],
  );
  return rows;
}

describe('what it costs', () => {
  test('with one number to send from nobody asks who wrote to whom; with several, one look', async () => {
    const account = await createAccount(db.pool);
    const recipients = [nextMsisdn(), nextMsisdn()];
    const asksOf = (sent: string[]) => sent.filter((text) => /from conversation\b/.test(text)).length;
    const one = await watchStatements(() => acceptOk(account, { recipients }));
    // the sender numbers; and a transaction: whose opt-outs count, the messages, the conversations
    expect(one).toHaveLength(6);
    expect(asksOf(one)).toBe(0);

    await createSenderNumber(db.pool, { accountId: account.id });
    const several = await watchStatements(() => acceptOk(account, { recipients }));
    expect(several).toHaveLength(7);
    expect(asksOf(several)).toBe(1);
  });
});

describe('what is accepted', () => {
  test('stores, charges and queues one message for each recipient', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const recipients = [nextMsisdn(), nextMsisdn()];
    const result = await acceptOk(account, { recipients, text: 'a'.repeat(161) });

    expect(result).toMatchObject({
      queued: 2,
      blocked: 0,
      invalid: 0,
      duplicates: 0,
      creditsCharged: 4,
      creditsLeft: 6,
    });
    expect(result.recipients.map(({ outcome }) => outcome)).toEqual(['queued', 'queued']);
    expect(await listStored(account)).toEqual(
      recipients.map((msisdn) => ({
        msisdn,
        sender_number: account.senderNumber,
        status: 'QUEUED',
        cost: 2,
        reason: null,
        queued: true,
      })),
    );
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(6));
  });

  test('takes one number in several spellings once, and says so', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    const local = `0${msisdn.slice(2)}`;
    const spaced = `+27 (0)${msisdn.slice(2, 4)} ${msisdn.slice(4, 7)} ${msisdn.slice(7)}`;
    const result = await acceptOk(account, { recipients: [local, msisdn, spaced, `00${msisdn}`] });

    expect(result.recipients.map(({ input, msisdn: read, outcome }) => [input, read, outcome])).toEqual([
      [local, msisdn, 'queued'],
      [msisdn, msisdn, 'duplicate'],
      [spaced, msisdn, 'duplicate'],
      [`00${msisdn}`, msisdn, 'duplicate'],
    ]);
    expect(await listStored(account)).toHaveLength(1);
  });

  test('reports a landline and what is no number at all, and sends to the others', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    const result = await acceptOk(account, { recipients: ['011 555 1234', 'Thandi', msisdn] });

    expect(result).toMatchObject({ queued: 1, invalid: 2 });
    expect(result.recipients[0]?.reason).toMatch(/landline|mobile/);
    expect(result.recipients[1]?.reason).toMatch(/not a phone number/);
    expect((await listStored(account)).map((row) => row.msisdn)).toEqual([msisdn]);
  });

  test('a blocked recipient is stored as BLOCKED, costs nothing and stops nobody', async () => {
    const account = await createAccount(db.pool, { credits: 2 });
    const [first, blocked, last] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, blocked);
    const result = await acceptOk(account, { recipients: [first, blocked, last] });

    expect(result).toMatchObject({ queued: 2, blocked: 1, creditsCharged: 2, creditsLeft: 0 });
    expect(result.recipients[1]).toEqual({
      input: blocked,
      msisdn: blocked,
      outcome: 'blocked',
      reason: blockedReason,
    });
    expect((await listStored(account))[1]).toMatchObject({
      status: 'BLOCKED',
      cost: 0,
      reason: blockedReason,
      queued: false,
    });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });

  test('a trial sends to its own number alone; others are stored as BLOCKED, with the reason, and cost nothing', async () => {
    const own = nextMsisdn();
    const account = await createAccount(db.pool, { credits: 10, trialMsisdn: own });
    const [stranger, optedOut] = [nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, optedOut);
    const input = { recipients: [stranger, own, optedOut], idempotencyKey: randomUUID() };
    const result = await acceptOk(account, input);
    expect(result).toMatchObject({ queued: 1, blocked: 2, creditsCharged: 1, creditsLeft: 9 });
    const outcomes = result.recipients.map(({ msisdn, outcome, reason }) => [msisdn, outcome, reason]);
    expect(outcomes).toEqual([
      [stranger, 'blocked', trialReason],
      [own, 'queued', null],
      [optedOut, 'blocked', blockedReason],
    ]);
    expect(trialReason).toMatch(/^TRIALNOT2SELF: .+\.$/);
    expect((await listStored(account)).map(({ status, reason }) => [status, reason])).toEqual([
      ['BLOCKED', trialReason],
      ['QUEUED', null],
      ['BLOCKED', blockedReason],
    ]);
    // the same again under its key is a look at the first result
    expect((await acceptOk(account, input)).recipients.map(({ reason }) => reason)).toEqual([
      trialReason,
      null,
      blockedReason,
    ]);
    await createManualOptOut(db.pool, account, own);
    expect((await acceptOk(account, { recipients: [own] })).recipients[0]).toMatchObject({
      outcome: 'blocked',
      reason: blockedReason,
    });
  });

  test('an account without credits may send to blocked recipients alone: nothing is charged', async () => {
    const account = await createAccount(db.pool, { credits: 0 });
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    expect(await acceptOk(account, { recipients: [msisdn] })).toMatchObject({
      blocked: 1,
      creditsCharged: 0,
    });
  });

  test('an opt-out of one account does not block another', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    expect(await acceptOk(account, { recipients: [msisdn] })).toMatchObject({ blocked: 1, queued: 0 });
    expect(await acceptOk(other, { recipients: [msisdn] })).toMatchObject({ blocked: 0, queued: 1 });
  });

  test('1,000 recipients go together', async () => {
    const account = await createAccount(db.pool, { credits: 1000 });
    const result = await acceptOk(account, { recipients: Array.from({ length: 1000 }, nextMsisdn) });
    expect(result).toMatchObject({ queued: 1000, creditsLeft: 0 });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(0));
  });

  test('what a database cannot hold is left out of the text', async () => {
    const account = await createAccount(db.pool);
    await acceptOk(account, { text: 'one\r\ntwo\0\ud800' });
    const { rows } = await db.pool.query('select text from message where account_id = $1', [account.id]);
    expect(rows).toEqual([{ text: 'one\ntwo\ufffd' }]);
  });
});

describe('what is refused leaves nothing behind', () => {
  const msisdn = nextMsisdn();
  const refusals: [string, Partial<SendInput>, string][] = [
    ['no recipients', { recipients: [] }, 'no-recipients'],
    ['1,001 recipients', { recipients: Array.from({ length: 1001 }, nextMsisdn) }, 'too-many-recipients'],
    ['an empty text', { text: '' }, 'empty-text'],
    ['a text of white space', { text: ' \n\t' }, 'empty-text'],
    ['919 characters', { text: 'x'.repeat(919) }, 'text-too-long'],
    ['only landlines', { recipients: ['011 555 1234'] }, 'no-valid-recipients'],
    ['more than the credits', { recipients: [msisdn, nextMsisdn()] }, 'insufficient-credits'],
  ];

  test.each(refusals)('%s', async (_, input, reason) => {
    const account = await createAccount(db.pool, { credits: 1 });
    const result = await accept(account, input);
    expect(result).toMatchObject({ ok: false, reason });
    expect(!result.ok && result.message).toMatch(/\.$/);

    const { rows } = await db.pool.query(
      `select (select count(*)::int from message where account_id = $1) as messages,
        (select count(*)::int from message_batch where account_id = $1) as batches,
        (select count(*)::int from conversation where account_id = $1) as conversations`,
      [account.id],
    );
    expect(rows).toEqual([{ messages: 0, batches: 0, conversations: 0 }]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('918 characters are not too many', async () => {
    const account = await createAccount(db.pool);
    expect(await acceptOk(account, { text: 'x'.repeat(918) })).toMatchObject({
      queued: 1,
      creditsCharged: 6,
    });
  });

  test('an account without a balance accepts nothing, instead of sending free of charge', async () => {
    const account = await createAccount(db.pool, { credits: null });
    await expect(accept(account, {})).rejects.toMatchObject({ code: 'no-credit-balance' });
    expect(await listStored(account)).toEqual([]);
  });

  test('an account without a sender number is told so', async () => {
    const account = await createAccount(db.pool, { sender: 'shared' });
    await db.pool.query('update sender_number set enabled = false where account_id is null');
    await expect(accept(account, {})).rejects.toMatchObject({ code: 'no-sender-number' });
    expect(await listStored(account)).toEqual([]);
  });

  test('the key of a refused batch can be used again', async () => {
    const account = await createAccount(db.pool, { credits: 1 });
    const idempotencyKey = randomUUID();
    const recipients = [nextMsisdn(), nextMsisdn()];
    expect(await accept(account, { idempotencyKey, recipients })).toMatchObject({ ok: false });
    expect(await acceptOk(account, { idempotencyKey, recipients: recipients.slice(0, 1) })).toMatchObject({
      queued: 1,
    });
  });
});

describe('what it is for', () => {
  const readPurposes = async (account: TestAccount) =>
    (
      await db.pool.query<{ kind: string; purpose: string | null; status: string }>(
        'select kind, purpose, status from message where account_id = $1 order by id',
        [account.id],
      )
    ).rows;

  test('is kept with each message, blocked ones too; left out, it is the account’s default', async () => {
    const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
    const usual = await createAccount(db.pool, { defaultPurpose: 'SERVICE' });
    const blocked = nextMsisdn();
    await createManualOptOut(db.pool, account, blocked);
    await acceptOk(account, { recipients: [nextMsisdn(), blocked], purpose: 'SERVICE' });
    await acceptOk(account, {});
    await acceptOk(usual, {});
    await acceptOk(usual, { purpose: 'MARKETING' });
    expect(await readPurposes(account)).toEqual([
      { kind: 'NORMAL', purpose: 'SERVICE', status: 'QUEUED' },
      { kind: 'NORMAL', purpose: 'SERVICE', status: 'BLOCKED' },
      { kind: 'NORMAL', purpose: 'MARKETING', status: 'QUEUED' },
    ]);
    expect((await readPurposes(usual)).map(({ purpose }) => purpose)).toEqual(['SERVICE', 'MARKETING']);
  });

  test('nobody says of a confirmation: it has none, and the database keeps it so', async () => {
    const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
    const number = nextMsisdn();
    await acceptOk(account, { recipients: [number] });
    await receiveReplies(db.pool, [
      composeReply({ from: number, to: account.senderNumber as string, text: 'Stop' }),
    ]);
    expect(await readPurposes(account)).toMatchObject([
      { kind: 'NORMAL', purpose: 'MARKETING' },
      { kind: 'CONFIRMATION', purpose: null },
    ]);
    await expect(
      db.pool.query(
        `update message set purpose = 'MARKETING' where account_id = $1 and kind = 'CONFIRMATION'`,
        [account.id],
      ),
    ).rejects.toThrow(/message_purpose_check/);
  });

  test('the same again that says nothing of it is the same, whatever the default is by now', async () => {
    const account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
    const input = { idempotencyKey: randomUUID(), recipients: [nextMsisdn()] };
    const first = await acceptOk(account, input);
    await db.pool.query(`update account set default_purpose = 'SERVICE' where id = $1`, [account.id]);
    expect(await acceptOk(account, input)).toEqual(first);
    expect(await accept(account, { ...input, purpose: 'SERVICE' })).toMatchObject({ reason: 'key-used' });
    expect(await readPurposes(account)).toMatchObject([{ purpose: 'MARKETING' }]);
  });
});

describe('the same idempotency key again', () => {
  test('returns the first result and sends nothing', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const [free, blocked] = [nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, blocked);
    const input = { idempotencyKey: randomUUID(), recipients: [free, blocked] };
    const first = await acceptOk(account, input);
    expect(await acceptOk(account, input)).toEqual(first);
    expect(await listStored(account)).toHaveLength(2);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
  });

  test('ten times at the same moment', async () => {
    const account = await createAccount(db.pool, { credits: 10 });
    const input = { idempotencyKey: randomUUID(), recipients: [nextMsisdn()] };
    const results = await Promise.all(Array.from({ length: 10 }, () => acceptOk(account, input)));
    expect(new Set(results.map(({ batchId }) => batchId)).size).toBe(1);
    expect(new Set(results.map(({ creditsCharged }) => creditsCharged))).toEqual(new Set([1]));
    expect(await listStored(account)).toHaveLength(1);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(9));
  });

  test.each([
    ['another text', (sent: string[]) => ({ text: 'Our winter sale begins on Monday', recipients: sent })],
    ['one recipient more', (sent: string[]) => ({ recipients: [...sent, nextMsisdn()] })],
    ['one recipient fewer', (sent: string[]) => ({ recipients: sent.slice(1) })],
    ['another recipient', (sent: string[]) => ({ recipients: [...sent.slice(1), nextMsisdn()] })],
    ['another purpose', (sent: string[]) => ({ recipients: sent, purpose: 'MARKETING' as const })],
  ])('with %s is refused, and nothing is sent or charged', async (_, change) => {
    const account = await createAccount(db.pool, { credits: 10 });
    const sent = [nextMsisdn(), nextMsisdn()];
    const idempotencyKey = randomUUID();
    const first = await acceptOk(account, { idempotencyKey, recipients: sent });
    expect(await accept(account, { idempotencyKey, ...change(sent) })).toMatchObject({
      ok: false,
      reason: 'key-used',
      message: expect.stringContaining('Nothing was sent now') as string,
    });
    // the same again, in another order and another writing, is the same
    const again = { idempotencyKey, recipients: [...sent].reverse().map((msisdn) => `+${msisdn}`) };
    expect(await acceptOk(account, again)).toMatchObject({ batchId: first.batchId });
    expect(await listStored(account)).toHaveLength(2);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
  });

  test('of another account is another key', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const input = { idempotencyKey: randomUUID(), recipients: [nextMsisdn()] };
    await acceptOk(account, input);
    await acceptOk(other, input);
    expect(await listStored(account)).toHaveLength(1);
    expect(await listStored(other)).toHaveLength(1);
  });
});

test('batches that together cost more than the balance: what is paid for goes, the rest is refused', async () => {
  const account = await createAccount(db.pool, { credits: 7 });
  const results = await Promise.all(
    Array.from({ length: 5 }, () => accept(account, { recipients: [nextMsisdn(), nextMsisdn()] })),
  );
  expect(results.filter(({ ok }) => ok)).toHaveLength(3);
  expect(results.filter((result) => !result.ok && result.reason === 'insufficient-credits')).toHaveLength(2);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  expect(await listStored(account)).toHaveLength(6);
});

describe('sender numbers', () => {
  test('an account keeps its number for a recipient, and another account gets another one', async () => {
    const numbers = [await createSenderNumber(db.pool), await createSenderNumber(db.pool)];
    const [account, other] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const msisdn = nextMsisdn();
    await acceptOk(account, { recipients: [msisdn] });
    await acceptOk(other, { recipients: [msisdn] });
    await acceptOk(account, { recipients: [msisdn] });

    const ours = (await listStored(account)).map((row) => row.sender_number);
    const theirs = (await listStored(other)).map((row) => row.sender_number);
    expect(new Set(ours).size).toBe(1);
    expect(new Set([...ours, ...theirs])).toEqual(new Set(numbers));
    expect(theirs).not.toContain(ours[0]);
  });

  test('a conversation older than the attribution window holds a number for nobody', async () => {
    await db.pool.query('update sender_number set enabled = false where account_id is null');
    const number = await createSenderNumber(db.pool);
    const [account, other] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const msisdn = nextMsisdn();
    await createConversation(db.pool, other, { msisdn, senderNumber: number, daysAgo: 31 });
    await acceptOk(account, { recipients: [msisdn] });
    expect((await listStored(account))[0]?.sender_number).toBe(number);
  });

  test('of two batches at the same moment, the later one is the last message, whichever commits last', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    const earlier = await db.pool.connect();
    try {
      await earlier.query('begin; select now()');
      await acceptOk(account, { recipients: [msisdn] });
      const { rows: before } = await db.pool.query('select * from conversation where msisdn = $1', [msisdn]);
      // its own beginning finds the transaction there, and its commit ends it
      const slow = {
        options: db.pool.options,
        query: earlier.query.bind(earlier),
        connect: () =>
          Promise.resolve({
            query: earlier.query.bind(earlier),
            on: earlier.on.bind(earlier),
            off: earlier.off.bind(earlier),
            release: () => undefined,
          }),
      } as unknown as Pool;
      await acceptMessages(slow, account.scope, {
        recipients: [msisdn],
        text: 'slow',
        idempotencyKey: randomUUID(),
      });
      expect(before).toHaveLength(1);
      const { rows: after } = await db.pool.query('select * from conversation where msisdn = $1', [msisdn]);
      expect(after).toEqual(before);
    } finally {
      earlier.release(true);
    }
    expect(await listStored(account)).toHaveLength(2);
  });

  test('a blocked message begins no conversation', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    await acceptOk(account, { recipients: [msisdn] });
    const { rows } = await db.pool.query('select from conversation where account_id = $1', [account.id]);
    expect(rows).toEqual([]);
  });
});
