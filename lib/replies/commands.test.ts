import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { log } from '@/lib/log';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  createSenderNumber,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { createWatchedPool } from '@/testing/watched-pool';
import { maxRepliesPerBatch, receiveReplies } from './commands';
import type { IncomingReply } from './schema';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A recipient to whom these accounts have written from one shared number, the last one last. */
async function createShared(
  ...accounts: TestAccount[]
): Promise<{ msisdn: string; senderNumber: string; messageIds: string[] }> {
  const place = { msisdn: nextMsisdn(), senderNumber: await createSenderNumber(db.pool) };
  const messageIds: string[] = [];
  for (const [index, account] of accounts.entries()) {
    messageIds.push(
      await createConversation(db.pool, account, { ...place, daysAgo: accounts.length - index }),
    );
  }
  return { ...place, messageIds };
}

/** One account, one recipient, their conversation, and a reply from that recipient. */
async function createAnswered(text: string, options: Parameters<typeof createAccount>[1] = {}) {
  const account = await createAccount(db.pool, options);
  const msisdn = nextMsisdn();
  const senderNumber = account.senderNumber as string;
  const messageId = await createConversation(db.pool, account, { msisdn, senderNumber });
  return {
    account,
    msisdn,
    senderNumber,
    messageId,
    reply: composeReply({ from: msisdn, to: senderNumber, text }),
  };
}

async function listReplies(account: TestAccount) {
  const { rows } = await db.pool.query<{
    id: string;
    msisdn: string;
    text: string;
    raw: Buffer | null;
    verdict: string;
    rule: string | null;
    message_id: string | null;
  }>('select id, msisdn, text, raw, verdict, rule, message_id from reply where account_id = $1 order by id', [
    account.id,
  ]);
  return rows;
}

async function listOptOuts(account: TestAccount) {
  const { rows } = await db.pool.query<{
    id: string;
    msisdn: string;
    kind: string;
    reply_text: string | null;
    rule: string | null;
    reply_id: string | null;
    sender_number: string | null;
  }>(
    'select id, msisdn, kind, reply_text, rule, reply_id, sender_number from opt_out where account_id = $1 order by id',
    [account.id],
  );
  return rows;
}

async function listEvents(account: TestAccount) {
  const { rows } = await db.pool.query<{
    episode_id: string;
    kind: string;
    actor: string;
    evidence: Record<string, unknown>;
  }>('select episode_id, kind, actor, evidence from opt_out_event where account_id = $1 order by id', [
    account.id,
  ]);
  return rows;
}

async function listConfirmations(account: TestAccount) {
  const { rows } = await db.pool.query<{
    msisdn: string;
    sender_number: string;
    text: string;
    cost: number;
    status: string;
    priority: number;
    episode_id: string;
  }>(
    `select msisdn, sender_number, text, cost, status, priority, episode_id from message
     where account_id = $1 and kind = 'CONFIRMATION' order by id`,
    [account.id],
  );
  return rows;
}

async function countUnowned(msisdn: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    'select count(*)::int as count from unowned_reply where msisdn = $1',
    [msisdn],
  );
  return rows[0]?.count as number;
}

describe('a reply that says stop', () => {
  test('is stored, opts out, leaves its evidence and queues one confirmation', async () => {
    const { account, msisdn, senderNumber, messageId, reply } = await createAnswered(' STOP! ');
    expect(await receiveReplies(db.pool, [reply])).toEqual([
      { status: 'accepted', accountIds: [account.id], verdict: 'opt-out' },
    ]);

    const [stored] = await listReplies(account);
    expect(stored).toMatchObject({
      msisdn,
      text: ' STOP! ',
      raw: null,
      verdict: 'OPT_OUT',
      rule: 'exact:stop',
      message_id: messageId,
    });
    const optOuts = await listOptOuts(account);
    expect(optOuts).toEqual([
      {
        id: expect.any(String),
        msisdn,
        kind: 'REPLY',
        reply_text: ' STOP! ',
        rule: 'exact:stop',
        reply_id: stored?.id,
        sender_number: senderNumber,
      },
    ]);
    expect(await listEvents(account)).toEqual([
      {
        episode_id: optOuts[0]?.id,
        kind: 'OPTED_OUT',
        actor: 'recipient',
        evidence: {
          text: ' STOP! ',
          rule: 'exact:stop',
          verdict: 'OPT_OUT',
          replyId: Number(stored?.id),
          messageId: Number(messageId),
          senderNumber,
          candidates: null,
          receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      },
    ]);
    expect(await listConfirmations(account)).toEqual([
      {
        msisdn,
        sender_number: senderNumber,
        text: `You have been opted out and will receive no further SMSs from ${account.name}.`,
        cost: 0,
        status: 'QUEUED',
        priority: 0,
        episode_id: optOuts[0]?.id,
      },
    ]);
  });

  test('the confirmation is the account’s own text when it has one', async () => {
    const { account, reply } = await createAnswered('Stop', { confirmationText: 'Totsiens van Account.' });
    await receiveReplies(db.pool, [reply]);
    expect((await listConfirmations(account)).map(({ text }) => text)).toEqual(['Totsiens van Account.']);
  });

  test('a reply that says anything else opts nobody out', async () => {
    const { account, reply } = await createAnswered('We have got to STOP this terrible bill');
    expect(await receiveReplies(db.pool, [reply])).toMatchObject([
      { accountIds: [account.id], verdict: 'none' },
    ]);
    expect(await listReplies(account)).toMatchObject([{ verdict: 'NONE', rule: null }]);
    expect(await listOptOuts(account)).toEqual([]);
    expect(await listEvents(account)).toEqual([]);
    expect(await listConfirmations(account)).toEqual([]);
  });

  test('a second stop of the same number is stored and changes nothing else', async () => {
    const { account, msisdn, senderNumber, reply } = await createAnswered('Stop');
    await receiveReplies(db.pool, [reply]);
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Unsubscribe' })]);
    expect((await listReplies(account)).map(({ rule }) => rule)).toEqual(['exact:stop', 'exact:unsubscribe']);
    expect((await listOptOuts(account)).map(({ rule }) => rule)).toEqual(['exact:stop']);
    expect(await listEvents(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('two stops of one number in a batch: the first is the cause', async () => {
    const { account, msisdn, senderNumber, reply } = await createAnswered('END');
    const second = composeReply({ from: msisdn, to: senderNumber, text: 'Stop' });
    await receiveReplies(db.pool, [reply, second]);
    expect(await listReplies(account)).toHaveLength(2);
    expect(await listOptOuts(account)).toMatchObject([{ rule: 'exact:end', reply_text: 'END' }]);
    expect(await listEvents(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });
});

describe('duplicates', () => {
  test('in one batch', async () => {
    const { account, reply } = await createAnswered('Stop');
    const outcomes = await receiveReplies(db.pool, [reply, reply, reply]);
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(await listReplies(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('across batches', async () => {
    const { account, reply } = await createAnswered('Stop');
    await receiveReplies(db.pool, [reply]);
    expect(await receiveReplies(db.pool, [reply])).toEqual([{ status: 'duplicate' }]);
    expect(await listReplies(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('ten at the same moment', async () => {
    const { account, reply } = await createAnswered('Stop');
    const outcomes = (
      await Promise.all(Array.from({ length: 10 }, () => receiveReplies(db.pool, [reply])))
    ).flat();
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(await listReplies(account)).toHaveLength(1);
    expect(await listOptOuts(account)).toHaveLength(1);
    expect(await listEvents(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('ten different stops of one number at the same moment: one opt-out, one event, one confirmation', async () => {
    const { account, msisdn, senderNumber } = await createAnswered('Stop');
    await Promise.all(
      Array.from({ length: 10 }, () =>
        receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop' })]),
      ),
    );
    expect(await listReplies(account)).toHaveLength(10);
    expect(await listOptOuts(account)).toHaveLength(1);
    expect(await listEvents(account)).toHaveLength(1);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('an id that the carrier gives again, to a "Stop": stored, acted upon, and logged without number and text', async () => {
    const { account, msisdn, reply } = await createAnswered('Hi');
    const stop = { ...reply, text: 'STOP' };
    const warn = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
    await receiveReplies(db.pool, [reply]);
    expect(warn).not.toHaveBeenCalled();
    expect(await receiveReplies(db.pool, [stop])).toMatchObject([{ status: 'accepted', verdict: 'opt-out' }]);
    expect((await listReplies(account)).map(({ text }) => text)).toEqual(['Hi', 'STOP']);
    expect(await listOptOuts(account)).toMatchObject([{ msisdn, reply_text: 'STOP' }]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toEqual({
      carrier: reply.carrier,
      carrierMessageId: reply.carrierMessageId,
    });
    warn.mockRestore();

    expect(await receiveReplies(db.pool, [stop, reply])).toEqual([
      { status: 'duplicate' },
      { status: 'duplicate' },
    ]);
    expect(await listReplies(account)).toHaveLength(2);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('an id that stands in one batch with two contents, one of them twice', async () => {
    const { account, reply } = await createAnswered('Hi');
    const warn = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
    const outcomes = await receiveReplies(db.pool, [reply, { ...reply, text: 'Stop' }, reply]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'duplicate']);
    expect((await listReplies(account)).map(({ text }) => text)).toEqual(['Hi', 'Stop']);
    expect(await listOptOuts(account)).toHaveLength(1);
  });

  test('a carrier that counts anew, in a large batch: all is kept and acted upon, and the log names some', async () => {
    const { account, reply } = await createAnswered('Hi');
    const earlier = Array.from({ length: 50 }, (_, n) => ({ ...reply, carrierMessageId: `again-${n}` }));
    await receiveReplies(db.pool, earlier);
    const warn = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
    // one of them, in the middle, the same as before
    const again = earlier.map((one, n) => (n === 25 ? one : { ...one, text: 'Stop' }));
    const outcomes = await receiveReplies(db.pool, again);
    const named = warn.mock.calls.length;
    warn.mockRestore();
    expect(outcomes.map(({ status }) => status)).toEqual(
      again.map((_, n) => (n === 25 ? 'duplicate' : 'accepted')),
    );
    expect(await listReplies(account)).toHaveLength(99);
    expect(await listOptOuts(account)).toHaveLength(1);
    expect(named).toBeGreaterThan(0);
    expect(named).toBeLessThan(50);
  });

  test('the same text under the same id to another sender number is another reply', async () => {
    const { account, msisdn, reply } = await createAnswered('Stop');
    const other = await createAccount(db.pool);
    await createConversation(db.pool, other, { msisdn, senderNumber: other.senderNumber as string });
    await receiveReplies(db.pool, [reply]);
    const [outcome] = await receiveReplies(db.pool, [{ ...reply, to: other.senderNumber! }]);
    expect(outcome).toMatchObject({ status: 'accepted', accountIds: [other.id] });
    expect([await listOptOuts(account), await listOptOuts(other)]).toMatchObject([
      [{ msisdn }],
      [{ msisdn }],
    ]);
  });

  test('a receipt from before there were hashes: what is handed in again counts', async () => {
    const { account, reply } = await createAnswered('Stop');
    await db.pool.query(
      'insert into carrier_receipt (msisdn, carrier, carrier_message_id) values ($1, $2, $3)',
      [reply.from, reply.carrier, reply.carrierMessageId],
    );
    expect(await receiveReplies(db.pool, [reply])).toMatchObject([{ status: 'accepted' }]);
    expect(await receiveReplies(db.pool, [reply])).toEqual([{ status: 'duplicate' }]);
    expect(await listOptOuts(account)).toHaveLength(1);
  });

  test('the same id of another carrier, or from another number, is another reply', async () => {
    const { account, reply } = await createAnswered('hello');
    const other = nextMsisdn();
    const outcomes = await receiveReplies(db.pool, [
      reply,
      { ...reply, carrier: 'kannel' },
      { ...reply, from: other },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await listReplies(account)).toHaveLength(3);
  });
});

describe('a reply that is probably a stop', () => {
  test('asks a person by default', async () => {
    const { account, reply } = await createAnswered('stop please');
    expect(await receiveReplies(db.pool, [reply])).toMatchObject([{ verdict: 'review' }]);
    expect(await listReplies(account)).toMatchObject([
      { verdict: 'REVIEW', rule: 'review:keyword-with-words' },
    ]);
    expect(await listOptOuts(account)).toEqual([]);
    expect(await listConfirmations(account)).toEqual([]);
  });

  test('blocks at once for an account that chose so', async () => {
    const { account, reply } = await createAnswered('stop please', { reviewPolicy: 'BLOCK' });
    await receiveReplies(db.pool, [reply]);
    expect(await listOptOuts(account)).toMatchObject([{ kind: 'REPLY', rule: 'review:keyword-with-words' }]);
    expect(await listEvents(account)).toMatchObject([{ evidence: { verdict: 'REVIEW' } }]);
    expect(await listConfirmations(account)).toHaveLength(1);
  });
});

describe('own keywords', () => {
  test.each([
    ['EXACT', 'Genoeg!', true, 'own:exact:genoeg'],
    ['EXACT', 'genoeg gehad', false, null],
    ['PREFIX', 'genoeg gehad', true, 'own:prefix:genoeg'],
    ['PREFIX', 'nie genoeg nie', false, null],
  ] as const)('%s, "%s"', async (match, text, blocks, rule) => {
    const { account, reply } = await createAnswered(text, { keywords: [{ word: 'genoeg', match }] });
    await receiveReplies(db.pool, [reply]);
    expect(await listReplies(account)).toMatchObject([{ rule }]);
    expect(await listOptOuts(account)).toHaveLength(blocks ? 1 : 0);
  });

  test('a keyword of one of two candidates blocks for that one alone', async () => {
    const plain = await createAccount(db.pool, { sender: 'shared' });
    const ownWords = await createAccount(db.pool, {
      sender: 'shared',
      keywords: [{ word: 'koffie', match: 'EXACT' }],
    });
    const { msisdn, senderNumber, messageIds } = await createShared(ownWords, plain);
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Koffie' })]);

    // the last to have written reads it; the one whose keyword it is is told as well
    expect(await listReplies(plain)).toMatchObject([
      { verdict: 'NONE', rule: null, message_id: messageIds[1] },
    ]);
    expect(await listReplies(ownWords)).toMatchObject([{ verdict: 'OPT_OUT', message_id: messageIds[0] }]);
    expect(await listOptOuts(plain)).toEqual([]);
    expect(await listOptOuts(ownWords)).toMatchObject([{ kind: 'SHARED_SENDER', rule: 'own:exact:koffie' }]);
    expect(await listConfirmations(plain)).toEqual([]);
    expect(await listConfirmations(ownWords)).toHaveLength(1);
  });

  test('a keyword of the account does not count for another account', async () => {
    await createAccount(db.pool, { keywords: [{ word: 'genoeg', match: 'EXACT' }] });
    const { account, reply } = await createAnswered('genoeg');
    await receiveReplies(db.pool, [reply]);
    expect(await listOptOuts(account)).toEqual([]);
  });
});

describe('whose reply it is', () => {
  test('on a shared sender number a stop blocks every candidate, with the candidates as evidence', async () => {
    const [first, second] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const bystander = await createAccount(db.pool, { sender: 'shared' });
    const { msisdn, senderNumber, messageIds } = await createShared(first, second);
    await createConversation(db.pool, bystander, { msisdn, senderNumber: await createSenderNumber(db.pool) });
    const outcomes = await receiveReplies(db.pool, [
      composeReply({ from: msisdn, to: senderNumber, text: 'Stop' }),
    ]);

    expect(outcomes).toEqual([{ status: 'accepted', accountIds: [second.id, first.id], verdict: 'opt-out' }]);
    for (const [index, account] of [first, second].entries()) {
      expect(await listOptOuts(account)).toMatchObject([{ kind: 'SHARED_SENDER', msisdn }]);
      expect(await listEvents(account)).toMatchObject([
        { evidence: { candidates: [second.id, first.id], messageId: Number(messageIds[index]) } },
      ]);
      expect(await listConfirmations(account)).toHaveLength(1);
    }
    expect(await listReplies(bystander)).toEqual([]);
    expect(await listOptOuts(bystander)).toEqual([]);
  });

  test('any other reply goes to the account that wrote last', async () => {
    const [first, last] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const { msisdn, senderNumber } = await createShared(first, last);
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'hello' })]);
    expect(await listReplies(first)).toEqual([]);
    expect(await listReplies(last)).toHaveLength(1);
  });

  test('a probable stop on a shared number is the last account’s to judge', async () => {
    const [first, last] = [
      await createAccount(db.pool, { sender: 'shared', reviewPolicy: 'BLOCK' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const { msisdn, senderNumber } = await createShared(first, last);
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'stop please' })]);
    expect(await listReplies(first)).toEqual([]);
    expect(await listReplies(last)).toMatchObject([{ verdict: 'REVIEW' }]);
    expect(await listOptOuts(first)).toEqual([]);
  });

  test('a dedicated sender number belongs to its account, also without a conversation', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await receiveReplies(db.pool, [
      composeReply({ from: msisdn, to: account.senderNumber as string, text: 'Stop' }),
    ]);
    expect(await listReplies(account)).toMatchObject([{ message_id: null, verdict: 'OPT_OUT' }]);
    expect(await listOptOuts(account)).toMatchObject([{ kind: 'REPLY', msisdn }]);
    expect(await listConfirmations(account)).toHaveLength(1);
  });

  test('a number that has become dedicated no longer answers to those who shared it', async () => {
    const [former, owner] = [await createAccount(db.pool), await createAccount(db.pool)];
    const { msisdn, senderNumber } = await createShared(former);
    await db.pool.query('update sender_number set account_id = $1 where number = $2', [
      owner.id,
      senderNumber,
    ]);
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop' })]);
    expect(await listOptOuts(former)).toEqual([]);
    expect(await listOptOuts(owner)).toHaveLength(1);
  });

  test('outside the attribution window the last account to have written still owns it', async () => {
    const [first, last] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const place = { msisdn: nextMsisdn(), senderNumber: await createSenderNumber(db.pool) };
    await createConversation(db.pool, first, { ...place, daysAgo: 90 });
    await createConversation(db.pool, last, { ...place, daysAgo: 60 });
    await receiveReplies(db.pool, [
      composeReply({ from: place.msisdn, to: place.senderNumber, text: 'Stop' }),
    ]);
    expect(await listOptOuts(first)).toEqual([]);
    expect(await listOptOuts(last)).toMatchObject([{ kind: 'REPLY' }]);
  });

  test('a reply of nobody’s is kept for staff and blocks nobody', async () => {
    const msisdn = nextMsisdn();
    const to = await createSenderNumber(db.pool);
    const reply = composeReply({ from: msisdn, to, text: 'Stop' });
    const outcomes = await receiveReplies(db.pool, [
      reply,
      composeReply({ from: msisdn, to: '99999', text: 'hello' }),
    ]);
    expect(outcomes).toEqual([
      { status: 'accepted', accountIds: [], verdict: 'opt-out' },
      { status: 'accepted', accountIds: [], verdict: 'none' },
    ]);
    const { rows } = await db.pool.query(
      'select sender_number, text, verdict, rule, carrier_message_id from unowned_reply where msisdn = $1 order by id',
      [msisdn],
    );
    expect(rows).toEqual([
      {
        sender_number: to,
        text: 'Stop',
        verdict: 'OPT_OUT',
        rule: 'exact:stop',
        carrier_message_id: reply.carrierMessageId,
      },
      {
        sender_number: '99999',
        text: 'hello',
        verdict: 'NONE',
        rule: null,
        carrier_message_id: expect.any(String),
      },
    ]);
    expect(await receiveReplies(db.pool, [reply])).toEqual([{ status: 'duplicate' }]);
    expect(await countUnowned(msisdn)).toBe(2);
  });

  test('a reply from the network itself ("MTN") is kept; there is nobody to block or confirm to', async () => {
    const account = await createAccount(db.pool);
    const to = account.senderNumber as string;
    await receiveReplies(db.pool, [composeReply({ from: 'MTN', to, text: 'Stop' })]);
    expect(await listReplies(account)).toMatchObject([{ msisdn: 'MTN', text: 'Stop' }]);
    expect(await listOptOuts(account)).toEqual([]);
    expect(await listConfirmations(account)).toEqual([]);
  });
});

describe('an entry that no reply made', () => {
  test.each(['MANUAL', 'IMPORT', 'API', 'STAFF'] as const)(
    '%s becomes the recipient’s own with their stop: same episode, and now its confirmation',
    async (kind) => {
      const { account, msisdn, senderNumber, reply } = await createAnswered('Stop');
      const episode = await createManualOptOut(db.pool, account, msisdn, kind);
      expect(await listConfirmations(account)).toEqual([]);
      await receiveReplies(db.pool, [reply]);

      const [stored] = await listReplies(account);
      expect(await listOptOuts(account)).toEqual([
        {
          id: episode,
          msisdn,
          kind: 'REPLY',
          reply_text: 'Stop',
          rule: 'exact:stop',
          reply_id: stored?.id,
          sender_number: senderNumber,
        },
      ]);
      expect((await listEvents(account)).map((event) => [event.kind, event.actor, event.episode_id])).toEqual(
        [
          ['OPTED_OUT', account.scope.actor, episode],
          ['CONFIRMED_BY_REPLY', 'recipient', episode],
        ],
      );
      expect((await listConfirmations(account)).map(({ episode_id }) => episode_id)).toEqual([episode]);

      await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'STOP' })]);
      expect(await listConfirmations(account)).toHaveLength(1);
      expect(await listEvents(account)).toHaveLength(2);
    },
  );
});

describe('all or nothing', () => {
  test('when the transaction fails, nothing of the batch has been recorded, and it can come again', async () => {
    const { account, reply } = await createAnswered('Stop');
    const unknown = composeReply({ from: nextMsisdn(), to: '99999', text: 'hello' });
    // a conversation of an account that does not exist: its reply cannot be stored
    const poison = composeReply({ from: nextMsisdn(), to: await createSenderNumber(db.pool), text: 'Stop' });
    await db.pool.query(
      `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
       values ($1, $2, 9, now(), 1)`,
      [poison.from, poison.to],
    );
    await expect(receiveReplies(db.pool, [reply, unknown, poison])).rejects.toMatchObject({ code: '23503' });
    expect(await listReplies(account)).toEqual([]);
    expect(await listOptOuts(account)).toEqual([]);
    expect(await countUnowned(unknown.from)).toBe(0);

    const outcomes = await receiveReplies(db.pool, [reply, unknown]);
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(await listOptOuts(account)).toHaveLength(1);
  });

  test('no replies, no transaction; more than a batch takes is refused', async () => {
    expect(await receiveReplies(db.pool, [])).toEqual([]);
    const replies = Array.from({ length: maxRepliesPerBatch + 1 }, () =>
      composeReply({ from: nextMsisdn(), to: '99999', text: 'hello' }),
    );
    await expect(receiveReplies(db.pool, replies)).rejects.toThrow(RangeError);
    const outcomes = await receiveReplies(db.pool, replies.slice(1));
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(1000);
  });

  test('20 overlapping batches at once, in opposite orders: no deadlock, nothing twice', async () => {
    const accounts = await Promise.all(Array.from({ length: 3 }, () => createAccount(db.pool)));
    const recipients = Array.from({ length: 60 }, nextMsisdn);
    const replies = accounts.flatMap((account) =>
      recipients.map((from) => composeReply({ from, to: account.senderNumber as string, text: 'Stop' })),
    );
    // a deadlock would be mended by a retry: it is looked for in what the server says
    const errors: unknown[] = [];
    const pool = createWatchedPool(db.url, { onError: ({ code }) => errors.push(code) }, 20);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const batch = replies.filter((_, position) => (position + index) % 3 > 0);
        return receiveReplies(pool, index % 2 === 0 ? batch : batch.reverse());
      }),
    );
    await pool.end();
    expect(errors).toEqual([]);
    expect(outcomes.flat().filter(({ status }) => status === 'accepted')).toHaveLength(replies.length);
    for (const account of accounts) {
      expect(await listReplies(account)).toHaveLength(60);
      expect(await listOptOuts(account)).toHaveLength(60);
      expect(await listEvents(account)).toHaveLength(60);
      expect(await listConfirmations(account)).toHaveLength(60);
    }
  });
});

describe('texts', () => {
  test('a megabyte is stored whole; lists get its beginning', async () => {
    const text = `stop send ${'é'.repeat(500_000)}`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
    const { account, reply } = await createAnswered(text);
    await receiveReplies(db.pool, [reply]);
    expect((await listReplies(account))[0]?.text).toBe(text);
    expect((await listOptOuts(account))[0]?.reply_text).toBe(text.slice(0, 1000));
    expect((await listEvents(account))[0]?.evidence['text']).toBe(text);
  });

  test.each([
    '',
    ' ',
    '\u200b',
    '🛑',
    "'; drop table reply; --",
    '\\x00',
    '{"a":[1,null]}',
    'NULL',
    '{}',
    '"',
    'a,b',
    'مرحبا\nבוקר',
  ])('is stored as it came: %j', async (text) => {
    const { account, reply } = await createAnswered(text);
    await receiveReplies(db.pool, [reply]);
    expect((await listReplies(account)).map((stored) => stored.text)).toEqual([text]);
  });

  test('the carrier’s bytes are kept beside a text that could not hold them', async () => {
    const { account, reply } = await createAnswered('caf\ufffd');
    const raw = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const withRaw: IncomingReply = { ...reply, raw };
    await receiveReplies(db.pool, [withRaw, composeReply({ from: 'X', to: '99999', text: '', raw })]);
    expect((await listReplies(account))[0]?.raw).toEqual(raw);
    const { rows } = await db.pool.query<{ raw: Buffer }>(`select raw from unowned_reply where msisdn = 'X'`);
    expect(rows.map((row) => row.raw)).toEqual([raw]);
  });
});

describe('who is told', () => {
  test('the account, of what changed; the dispatcher, of the confirmation', async () => {
    const { account, reply } = await createAnswered('Stop');
    const { account: other, reply: hello } = await createAnswered('hello');
    const heard: string[] = [];
    const client = await db.pool.connect();
    try {
      client.on('notification', ({ channel, payload }) => heard.push(`${channel} ${payload}`));
      await client.query('listen account_changed; listen urgent_message_queued');
      await receiveReplies(db.pool, [reply, hello]);
      await client.query('select');
    } finally {
      client.release(true);
    }
    expect(heard.sort()).toEqual(
      [
        `account_changed ${account.id}:replies,opt-outs,messages`,
        `urgent_message_queued ${account.id}`,
        `account_changed ${other.id}:replies`,
      ].sort(),
    );
  });
});

test('an opt-out that has been acknowledged holds for what is accepted next, for that account alone', async () => {
  const { account, msisdn, reply } = await createAnswered('Stop');
  const other = await createAccount(db.pool);
  await receiveReplies(db.pool, [reply]);
  await queueMessages(db.pool, account, [msisdn]);
  await queueMessages(db.pool, other, [msisdn]);
  const { rows } = await db.pool.query(
    `select account_id, status from message where msisdn = $1 and batch_id is not null order by id`,
    [msisdn],
  );
  expect(rows).toEqual([
    { account_id: account.id, status: 'BLOCKED' },
    { account_id: other.id, status: 'QUEUED' },
  ]);
});
