import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { recordReceipts } from '@/lib/messages/receipts';
import { removeOptOut } from '@/testing/remove-opt-out';
import { receiveReplies } from '@/lib/replies/commands';
import { listRepliesToReview } from '@/lib/replies/review-queries';
import { dismissReviewedReply, optOutReviewedReply, undoReview } from '@/lib/replies/review-commands';
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
import { readNumberSegment } from './canonical-number';
import { formatDuration } from './labels';
import { readStory } from './queries';
import type { NumberStory } from './schema';
import { decodeStoryCursor, encodeStoryCursor } from './story-cursor';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function write(account: TestAccount, msisdn: string): Promise<string> {
  return createConversation(db.pool, account, { msisdn, senderNumber: account.senderNumber as string });
}

async function reply(account: TestAccount, msisdn: string, text: string): Promise<void> {
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to: account.senderNumber as string, text })]);
}

/** Hands over what is due and has it delivered. */
async function deliver(account: TestAccount): Promise<void> {
  const { messages } = await claimBatch(db.pool, account.id, { limit: 100, leaseMs: 60_000 });
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `carrier-${id}` })),
  );
  await recordReceipts(
    db.pool,
    messages.map(({ id }) => ({ accountId: account.id, messageId: id, status: 'delivered', reason: null })),
  );
}

async function read(account: TestAccount, msisdn: string): Promise<NumberStory> {
  const story = await readStory(db.pool, account.scope, msisdn);
  if (!story) throw new Error('There is no story.');
  return story;
}

const outline = (story: NumberStory) =>
  story.items.map((item) => (item.type === 'reply' ? 'reply' : `${item.type} ${item.kind}`));

describe('a story', () => {
  test('tells a Stop: what it answered, the block, the confirmation, and how long each took', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    await reply(account, msisdn, 'Stop');
    await deliver(account);
    const story = await read(account, msisdn);
    expect(outline(story)).toEqual(['message CONFIRMATION', 'event OPTED_OUT', 'reply', 'message NORMAL']);
    expect(story.block).toMatchObject({
      kind: 'REPLY',
      startedBy: 'the recipient',
      evidence: {
        text: 'Stop',
        rule: 'exact:stop',
        senderNumber: account.senderNumber,
        sharedWith: 0,
        answered: { text: 'Our spring sale begins on Monday' },
      },
      end: null,
      confirmation: { status: 'DELIVERED' },
    });
    const { blockedMs, confirmationSentMs, confirmationDeliveredMs } = story.block?.honoured ?? {};
    expect(blockedMs).toBeGreaterThanOrEqual(0);
    expect(confirmationSentMs).toBeGreaterThanOrEqual(blockedMs as number);
    expect(confirmationDeliveredMs).toBeGreaterThanOrEqual(confirmationSentMs as number);
    expect(story.items[2]).toMatchObject({
      verdict: 'OPT_OUT',
      answered: { text: 'Our spring sale begins on Monday' },
    });
    expect(story.earlier).toBeNull();
  });

  test('is another one for another account, and none where there is no trace', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    await reply(account, msisdn, 'Stop');
    expect(await readStory(db.pool, other.scope, msisdn)).toBeNull();
    expect(await readStory(db.pool, other.scope, nextMsisdn())).toBeNull();
    await write(other, msisdn);
    const story = await read(other, msisdn);
    expect(outline(story)).toEqual(['message NORMAL']);
    expect(story.block).toBeNull();
    expect((await read(account, msisdn)).block).not.toBeNull();
  });

  test('of a number on the list alone tells who put it there', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    const story = await read(account, msisdn);
    expect(story.block).toMatchObject({
      kind: 'MANUAL',
      startedBy: account.username,
      evidence: null,
      confirmation: null,
      honoured: null,
    });
  });

  test('groups earlier episodes, each with how it began and ended', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    expect(await removeOptOut(db.pool, account.scope, msisdn)).toEqual({ ok: true });
    await write(account, msisdn);
    await reply(account, msisdn, 'Stop');
    const story = await read(account, msisdn);
    expect(story.block?.kind).toBe('REPLY');
    expect(story.earlierEpisodes).toMatchObject([
      { kind: 'MANUAL', startedBy: account.username, end: { by: account.username, wasUndone: false } },
    ]);
  });

  test('of a manual entry that a reply confirmed: one episode, blocked before the reply came', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    await createManualOptOut(db.pool, account, msisdn);
    await reply(account, msisdn, 'Stop');
    const story = await read(account, msisdn);
    expect(story.earlierEpisodes).toEqual([]);
    expect(story.block).toMatchObject({
      kind: 'REPLY',
      startedBy: account.username,
      evidence: { text: 'Stop' },
      honoured: { blockedMs: 0 },
    });
    expect(outline(story).slice(0, 2)).toEqual(['message CONFIRMATION', 'event CONFIRMED_BY_REPLY']);
  });

  test('names the list of an import, staff as the house, and a system as such', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    const { rows } = await db.pool.query<{ id: string }>(
      `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates)
       values ($1, 'IMPORT', 'DONE', 'old-customers.csv', 10, 0, 0) returning id`,
      [account.id],
    );
    const listId = rows[0]?.id as string;
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, reason, evidence)
       values ($1, $2, 1, 'OPTED_OUT', $3, null, jsonb_build_object('list', $4::bigint, 'line', 7)),
         ($1, $2, 1, 'CORRECTED', 'staff:1', 'It was about the appointment.', '{}'),
         ($1, $2, 2, 'OPTED_OUT', 'system', null, '{"source": "a.example/unsubscribe"}')`,
      [account.id, msisdn, account.scope.actor, listId],
    );
    const story = await read(account, msisdn);
    expect(story.items).toMatchObject([
      { who: 'one of your systems', source: 'a.example/unsubscribe' },
      { kind: 'CORRECTED', who: 'The provider’s staff', reason: 'It was about the appointment.' },
      { who: account.username, list: { id: listId, name: 'old-customers.csv', line: 7 } },
    ]);
    expect(story.earlierEpisodes).toMatchObject([
      { kind: 'API' },
      { kind: 'IMPORT', end: { by: 'The provider’s staff' } },
    ]);
  });

  test('never shows another account’s users or lists, whatever an event says', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    const { rows } = await db.pool.query<{ id: string }>(
      `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates)
       values ($1, 'IMPORT', 'DONE', 'secret.csv', 10, 0, 0) returning id`,
      [other.id],
    );
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
       values ($1, $2, 1, 'OPTED_OUT', $3, jsonb_build_object('list', $4::bigint))`,
      [account.id, msisdn, other.scope.actor, rows[0]?.id],
    );
    const story = await read(account, msisdn);
    expect(story.items).toMatchObject([
      { who: 'a former user', list: { name: 'a list that is no longer kept' } },
    ]);
  });

  test('says what a person decided about a reply, and that it was undone', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    await reply(account, msisdn, 'Stop please');
    const replyId = (await listRepliesToReview(db.pool, account.scope))[0]?.id ?? '';
    await optOutReviewedReply(db.pool, account.scope, replyId);
    expect((await read(account, msisdn)).block).toMatchObject({
      kind: 'REPLY',
      startedBy: account.username,
      evidence: { text: 'Stop please' },
      confirmation: { status: 'QUEUED', sentAt: null },
    });
    await undoReview(db.pool, account.scope, replyId, 'OPTED_OUT');
    await dismissReviewedReply(db.pool, account.scope, replyId);
    const story = await read(account, msisdn);
    expect(story.block).toBeNull();
    expect(story.earlierEpisodes).toMatchObject([{ kind: 'REPLY', end: { wasUndone: true } }]);
    expect(story.items.find(({ type }) => type === 'reply')).toMatchObject({
      review: { decision: 'DISMISSED', by: account.username },
    });
  });

  test('of a shared sender number says how many other accounts were meant', async () => {
    const sender = await createSenderNumber(db.pool);
    const [account, other] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const msisdn = nextMsisdn();
    for (const { id } of [account, other]) {
      await createConversation(db.pool, { ...account, id }, { msisdn, senderNumber: sender });
    }
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: sender, text: 'Stop' })]);
    expect((await read(account, msisdn)).block).toMatchObject({
      kind: 'SHARED_SENDER',
      evidence: { sharedWith: 1 },
    });
  });
});

describe('a long story', () => {
  test('is read page by page, each thing once, the latest first', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await db.pool.query(
      `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at)
       select $1, $2, $3, 'Message ' || n, 1, 1, 'DELIVERED', now() - (250 - n) * interval '1 hour'
       from generate_series(1, 250) as n order by n`,
      [account.id, msisdn, account.senderNumber],
    );
    await db.pool.query(
      `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
       select $1, $2, $3, 'Reply ' || n, 'NONE', 'test', 'long-' || $2 || n, now() - (250 - n * 2) * interval '1 hour' + interval '1 minute'
       from generate_series(1, 120) as n order by n`,
      [account.id, msisdn, account.senderNumber],
    );
    await createManualOptOut(db.pool, account, msisdn);

    const seen: NumberStory['items'] = [];
    const sizes: number[] = [];
    let before: string | undefined;
    do {
      const story = await readStory(db.pool, account.scope, msisdn, { before });
      expect(story?.block).not.toBeNull();
      seen.push(...(story?.items ?? []));
      sizes.push(story?.items.length ?? 0);
      before = story?.earlier ?? undefined;
    } while (before);
    expect(sizes).toEqual([100, 100, 100, 71]);
    expect(new Set(seen.map(({ type, id }) => `${type} ${id}`)).size).toBe(371);
    expect(seen.map(({ at }) => at)).toEqual(
      seen
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  });

  test('reads its pages by index, not the account’s messages', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await db.pool.query(
      `insert into message (account_id, msisdn, sender_number, text, segments, cost, status)
       select $1, '27830' || n, $2, 'Other', 1, 1, 'DELIVERED' from generate_series(100000, 120000) as n`,
      [account.id, account.senderNumber],
    );
    await queueMessages(db.pool, account, [msisdn]);
    await db.owner.query('analyze message');
    const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(
      `explain select id from message where account_id = ${account.id} and msisdn = '${msisdn}' and id < 999999999 order by id desc limit 101`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('message_account_id_msisdn_id_idx');
    expect(plan).not.toContain('Sort');
    expect(outline(await read(account, msisdn))).toEqual(['message NORMAL']);
  });
});

describe('a cursor', () => {
  test('comes back as it went', () => {
    const cursor = { messageId: '12', replyId: '0', eventId: '999999999999999999' };
    expect(decodeStoryCursor(encodeStoryCursor(cursor))).toEqual(cursor);
  });

  test.each([
    '',
    'x',
    '[1,2,3]',
    'a'.repeat(500),
    Buffer.from('["1","2"]').toString('base64url'),
    Buffer.from(`["1","2","3'"]`).toString('base64url'),
  ])('that was tampered with (%j) starts at the latest', async (before) => {
    expect(decodeStoryCursor(before)).toBeNull();
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    expect((await readStory(db.pool, account.scope, msisdn, { before }))?.items).toHaveLength(1);
  });

  test('beyond the end starts at the latest as well', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await write(account, msisdn);
    const before = encodeStoryCursor({ messageId: '0', replyId: '0', eventId: '0' });
    expect((await readStory(db.pool, account.scope, msisdn, { before }))?.items).toHaveLength(1);
  });
});

test.each([
  ['27821234567', '27821234567'],
  ['0821234567', '27821234567'],
  ['%2B27%2082%20123%204567', '27821234567'],
  ['+27821234567', '27821234567'],
  ['441632960961', '441632960961'],
  ['import', null],
  ['', null],
  ['%', null],
  ['%E0%A4%A', null],
  ["1' or true", null],
])('the address part %j stands for %j', (segment, msisdn) => {
  expect(readNumberSegment(segment)).toBe(msisdn);
});

test.each([
  [0, '0.0 s'],
  [1234, '1.2 s'],
  [42_400, '42 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 day 1 h'],
  [2 * 86_400_000, '2 days'],
])('%i ms is said as %j', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
