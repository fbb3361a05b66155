import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { providerAccountId } from '@/lib/auth/provider-account';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import { classifyReply } from '@/lib/opt-outs/matcher';
import type { IncomingReply } from '@/lib/replies/schema';
import { receiveReplies } from '@/lib/replies/commands';
import { listRepliesToReview } from '@/lib/replies/review-queries';
import { optOutReviewedReply, undoReview } from '@/lib/replies/review-commands';
import { readStory } from '@/lib/stories/queries';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { createStaff } from '@/testing/removals';
import { assignUnownedReply, noteUnownedReply } from './commands';
import { unownedList, type UnownedReply } from './list';
import { countWaitingUnowned, listLikelyAccounts, listUndecidedReplies } from './queries';
import { composeListFile } from '@/testing/list-file';

type UnownedFilter = ReturnType<typeof unownedList.readFilter>['filter'];

let db: TestDatabase;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = await createStaff(db.pool);
});
afterAll(() => db.close());

const everything: UnownedFilter = {
  search: '',
  states: [],
  verdicts: [],
  from: null,
  to: null,
  sort: 'newest',
};

const select = async <Row>(sql: string, values: unknown[]) =>
  (await db.pool.query(sql, values)).rows as Row[];

/** A reply to a number that nobody wrote from; answers with its key. */
async function receiveUnowned(text: string, from = nextMsisdn(), more: Partial<IncomingReply> = {}) {
  await receiveReplies(db.pool, [composeReply({ ...more, from, to: '99999', text })]);
  const [row] = await select<{ id: string }>(
    'select id from unowned_reply where msisdn = $1 order by id desc',
    [from],
  );
  return { msisdn: from, id: row!.id };
}

const listOptOuts = (account: TestAccount) =>
  select<{ msisdn: string; kind: string; id: string; reply_id: string | null }>(
    'select msisdn, kind, id, reply_id from opt_out where account_id = $1',
    [account.id],
  );
const listEvents = (account: TestAccount) =>
  select<{ kind: string; actor: string; reason: string | null; evidence: Record<string, unknown> }>(
    'select kind, actor, reason, evidence from opt_out_event where account_id = $1 order by id',
    [account.id],
  );
const listConfirmations = (account: TestAccount) =>
  select<{ msisdn: string; sender_number: string }>(
    `select msisdn, sender_number from message where account_id = $1 and kind = 'CONFIRMATION'`,
    [account.id],
  );
const assign = (
  key: { msisdn: string; id: string },
  account: { id: number },
  by = staff,
  { isOptOut = false } = {},
) =>
  assignUnownedReply(db.pool, by, {
    ...key,
    accountId: account.id,
    isOptOut,
    reason: 'They wrote from another number.',
  });

describe('a certain opt-out without an owner', () => {
  test('waits for the staff, who are told, and so does a likely one; an ordinary reply and a network’s own do not', async () => {
    const before = await countWaitingUnowned(db.pool, staff);
    const client = await db.pool.connect();
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await client.query('listen account_changed');
    await receiveUnowned('Stop');
    await receiveUnowned('hello');
    await receiveUnowned('Stop', 'MTN');
    await receiveUnowned('Please unsubscribe me', 'MTN');
    await receiveUnowned('Please unsubscribe me');
    await client.query('select 1');
    client.release(true);
    expect(heard).toEqual(['0:unowned-replies', '0:unowned-replies']);
    expect(await countWaitingUnowned(db.pool, staff)).toEqual({
      certain: before.certain + 1,
      unsure: before.unsure + 1,
    });
  });

  test('assigned to an account blocks there, by the code of every reply, with who assigned it and why', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    const messageId = await createConversation(db.pool, account, {
      msisdn,
      senderNumber: account.senderNumber as string,
    });
    const key = await receiveUnowned('Stop', msisdn);
    expect(await assign(key, account)).toEqual({ ok: true, outcome: 'blocked', accountName: account.name });

    expect(await listOptOuts(account)).toMatchObject([{ msisdn, kind: 'REPLY' }]);
    expect(await listOptOuts(other)).toEqual([]);
    expect(await listEvents(account)).toMatchObject([
      {
        kind: 'OPTED_OUT',
        actor: 'recipient',
        reason: expect.stringContaining('They wrote from another number.') as string,
        evidence: {
          text: 'Stop',
          rule: 'exact:stop',
          messageId: Number(messageId),
          senderNumber: '99999',
          assignedBy: staff.actor,
        },
      },
    ]);
    // from a number of the account's: the one that was replied to is none of ours
    expect(await listConfirmations(account)).toEqual([{ msisdn, sender_number: account.senderNumber }]);
    await queueMessages(db.pool, account, [msisdn]);
    expect(
      await select(`select status from message where account_id = $1 and batch_id is not null`, [account.id]),
    ).toEqual([{ status: 'BLOCKED' }]);
    expect(await select('select title from notice where account_id = $1', [account.id])).toHaveLength(1);
    expect(
      await select('select action, user_id from audit_entry where target_account_id = $1', [account.id]),
    ).toEqual([{ action: 'reply.assign', user_id: staff.userId }]);
  });

  test('two of the staff at once, to two accounts: one is told that the other was first', async () => {
    const accounts = [await createAccount(db.pool), await createAccount(db.pool)] as const;
    const colleague = await createStaff(db.pool);
    const key = await receiveUnowned('Stop');
    const results = await Promise.all([
      assign(key, accounts[0]),
      assign(key, accounts[1], colleague),
      noteUnownedReply(db.pool, colleague, { ...key, reason: 'Spam' }),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'decided')).toHaveLength(2);
    const blocked = (await Promise.all(accounts.map(listOptOuts))).flat();
    const confirmed = (await Promise.all(accounts.map(listConfirmations))).flat();
    expect(blocked).toHaveLength(results[2].ok ? 0 : 1);
    expect(confirmed).toHaveLength(blocked.length);
  });

  test('of a number that is blocked already: no second confirmation, and the block becomes the recipient’s own', async () => {
    const account = await createAccount(db.pool);
    const first = await receiveUnowned('Stop');
    await assign(first, account);
    const again = await receiveUnowned('STOP', first.msisdn);
    expect(await assign(again, account)).toMatchObject({ ok: true, outcome: 'already-blocked' });
    expect(await listConfirmations(account)).toHaveLength(1);
    expect(await listEvents(account)).toHaveLength(1);

    const manual = await receiveUnowned('Stop');
    const episode = await createManualOptOut(db.pool, account, manual.msisdn);
    expect(await assign(manual, account)).toMatchObject({ ok: true, outcome: 'already-blocked' });
    const [optOut] = (await listOptOuts(account)).filter(({ msisdn }) => msisdn === manual.msisdn);
    expect(optOut).toMatchObject({ id: episode, kind: 'REPLY' });
  });

  test('of a recipient who has said YES since stays in the history and blocks nobody', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned('Stop');
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       values ($1, $2, nextval('opt_out_id_seq'), 'REMOVED', 'staff:1', '{"requestId": 1}', now() + interval '1 minute')`,
      [account.id, key.msisdn],
    );
    expect(await assign(key, account)).toMatchObject({ ok: true, outcome: 'let-in-since' });
    expect(await listOptOuts(account)).toEqual([]);
    expect(await select('select text from reply where account_id = $1', [account.id])).toEqual([
      { text: 'Stop' },
    ]);
  });

  test('noted waits no more, with who and why', async () => {
    const key = await receiveUnowned('Stop');
    const before = await countWaitingUnowned(db.pool, staff);
    expect(await noteUnownedReply(db.pool, staff, { ...key, reason: ' ' })).toMatchObject({
      ok: false,
      reason: 'no-reason',
    });
    expect(await noteUnownedReply(db.pool, staff, { ...key, reason: 'Nobody wrote to them' })).toEqual({
      ok: true,
    });
    expect(await countWaitingUnowned(db.pool, staff)).toEqual({ ...before, certain: before.certain - 1 });
    const page = await readList(
      db.pool,
      unownedList,
      staff,
      { ...everything, search: key.msisdn },
      null,
      staffTimeZone,
    );
    expect(page.rows).toMatchObject([
      { state: 'NOTED', decision: { account: null, reason: 'Nobody wrote to them' } },
    ]);
    expect(await assign(key, await createAccount(db.pool))).toMatchObject({ ok: false, reason: 'decided' });
  });

  test('to an account that does not exist: it goes on waiting', async () => {
    const key = await receiveUnowned('Stop');
    for (const id of [9, providerAccountId]) {
      expect(await assign(key, { id })).toMatchObject({ ok: false, reason: 'no-account' });
    }
    const page = await readList(
      db.pool,
      unownedList,
      staff,
      { ...everything, search: key.msisdn },
      null,
      staffTimeZone,
    );
    expect(page.rows).toMatchObject([{ state: 'WAITING', decision: null }]);
    expect(await assign({ msisdn: '27820000000', id: '999999' }, await createAccount(db.pool))).toMatchObject(
      { ok: false, reason: 'not-there' },
    );
  });
});

describe('a reply without an owner that may be an opt-out', () => {
  const wish = 'Please unsubscribe me';
  const { rule } = classifyReply(wish);
  const listToReview = (account: TestAccount) => listRepliesToReview(db.pool, account.scope);
  const readReplies = (account: TestAccount) =>
    select<{ verdict: string; rule: string; review_decision: string | null; reviewed_by: number | null }>(
      'select verdict, rule, review_decision, reviewed_by from reply where account_id = $1',
      [account.id],
    );

  test('is taken for one by the staff: it blocks as any other, and the history says whose reading it was', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned(wish);
    expect(await assign(key, account, staff, { isOptOut: true })).toMatchObject({
      ok: true,
      outcome: 'blocked',
    });
    expect(await listOptOuts(account)).toMatchObject([{ msisdn: key.msisdn, kind: 'REPLY' }]);
    expect(await listConfirmations(account)).toEqual([
      { msisdn: key.msisdn, sender_number: account.senderNumber },
    ]);
    expect(await listEvents(account)).toMatchObject([
      {
        kind: 'OPTED_OUT',
        reason:
          'Our staff took this reply for an opt-out, meant for the account: They wrote from another number.',
        evidence: { text: wish, verdict: 'REVIEW', rule, assignedBy: staff.actor },
      },
    ]);
    expect(await readReplies(account)).toEqual([
      { verdict: 'REVIEW', rule, review_decision: 'OPTED_OUT', reviewed_by: staff.userId },
    ]);
    expect(await listToReview(account)).toEqual([]);
    const story = await readStory(db.pool, account.scope, key.msisdn);
    expect(story?.items.find(({ type }) => type === 'reply')).toMatchObject({
      review: { decision: 'OPTED_OUT', by: 'The provider’s staff' },
    });
  });

  test('is not the account’s to undo, even while its confirmation waits', async () => {
    const account = await createAccount(db.pool);
    await assign(await receiveUnowned(wish), account, staff, { isOptOut: true });
    const [optOut] = await listOptOuts(account);
    const undone = await undoReview(db.pool, account.scope, optOut?.reply_id ?? '', 'OPTED_OUT');
    expect(undone).toMatchObject({
      ok: false,
      reason: 'decided',
      message: 'Our staff have already decided: an opt-out.',
    });
    expect(await listOptOuts(account)).toHaveLength(1);
    // what the account decided itself it can undo
    const own = await receiveUnowned(wish);
    await assign(own, account);
    const [waiting] = await listToReview(account);
    await optOutReviewedReply(db.pool, account.scope, waiting?.id ?? '');
    expect(await undoReview(db.pool, account.scope, waiting?.id ?? '', 'OPTED_OUT')).toMatchObject({
      ok: true,
    });
  });

  test('is given to the account, whose people review it, or which blocks at once, as it has set', async () => {
    const asks = await createAccount(db.pool);
    const given = await receiveUnowned(wish);
    expect(await assign(given, asks)).toMatchObject({ ok: true, outcome: 'to-review' });
    expect(await listOptOuts(asks)).toEqual([]);
    expect(await listToReview(asks)).toMatchObject([{ msisdn: given.msisdn, text: wish }]);
    expect(await select('select title, path from notice where account_id = $1', [asks.id])).toMatchObject([
      { title: expect.stringContaining('waits for your decision') as string, path: '/messages/review' },
    ]);

    const blocks = await createAccount(db.pool, { reviewPolicy: 'BLOCK' });
    expect(await assign(await receiveUnowned(wish), blocks)).toMatchObject({ ok: true, outcome: 'blocked' });
    expect(await listOptOuts(blocks)).toHaveLength(1);
    expect(await readReplies(blocks)).toMatchObject([{ review_decision: null }]);
  });

  test('in a part alone stays uncertain, also where the account’s own word is in it', async () => {
    const account = await createAccount(db.pool, {
      keywords: [
        { word: 'genoeg', match: 'EXACT' },
        { word: 'piesang', match: 'EXACT' },
      ],
    });
    for (const text of ['Stop', 'genoeg', 'piesang']) {
      const key = await receiveUnowned(text, nextMsisdn(), { kind: 'part' });
      expect(await assign(key, account)).toMatchObject({ ok: true, outcome: 'to-review' });
    }
    expect(await listOptOuts(account)).toEqual([]);
    expect((await listToReview(account)).map(({ rule }) => rule)).toEqual([
      'review:lone-part',
      'review:lone-part',
      'review:lone-part',
    ]);
  });

  test('that a gateway kept until after the YES blocks nobody either', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned('Stop');
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       values ($1, $2, nextval('opt_out_id_seq'), 'REMOVED', 'staff:1', '{"requestId": 1}', now() - interval '1 minute')`,
      [account.id, key.msisdn],
    );
    await db.pool.query(`update unowned_reply set arrived_at = now() - interval '1 hour' where msisdn = $1`, [
      key.msisdn,
    ]);
    expect(await assign(key, account)).toMatchObject({ ok: true, outcome: 'let-in-since' });
  });

  test('of a recipient who has said YES since blocks nobody and asks nobody', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned(wish);
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       values ($1, $2, nextval('opt_out_id_seq'), 'REMOVED', 'staff:1', '{"requestId": 1}', now() + interval '1 minute')`,
      [account.id, key.msisdn],
    );
    expect(await assign(key, account, staff, { isOptOut: true })).toMatchObject({ outcome: 'let-in-since' });
    expect(await listOptOuts(account)).toEqual([]);
    expect(await listToReview(account)).toEqual([]);
  });

  test('of a network’s own name is nobody’s to take for one', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned(wish, 'MTN');
    expect(await assign(key, account, staff, { isOptOut: true })).toMatchObject({ ok: true });
    expect(await listOptOuts(account)).toEqual([]);
    expect(await readReplies(account)).toMatchObject([{ review_decision: null }]);
  });

  test('what is no wish blocks nobody, whatever a tampered page says', async () => {
    const account = await createAccount(db.pool);
    const key = await receiveUnowned('hello');
    expect(await assign(key, account, staff, { isOptOut: true })).toMatchObject({ outcome: 'given' });
    expect(await listOptOuts(account)).toEqual([]);
  });

  test('waits behind the certain ones, and of each the longest waiting comes first', async () => {
    const texts = [wish, 'Stop', wish, 'STOP', 'hello'];
    const msisdns = texts.map(() => nextMsisdn());
    await db.pool.query(`delete from unowned_reply where state in ('WAITING', 'UNSURE')`);
    await receiveReplies(
      db.pool,
      texts.map((text, index) => ({
        ...composeReply({ from: msisdns[index] as string, to: '99999', text }),
        receivedAt: new Date(Date.now() - (9 - index) * 60_000),
      })),
    );
    const list = async (limit: number) =>
      (await listUndecidedReplies(db.pool, staff, limit)).map(({ msisdn, state }) => [
        msisdns.indexOf(msisdn),
        state,
      ]);
    expect(await list(9)).toEqual([
      [1, 'WAITING'],
      [3, 'WAITING'],
      [0, 'UNSURE'],
      [2, 'UNSURE'],
    ]);
    expect(await list(3)).toEqual([
      [1, 'WAITING'],
      [3, 'WAITING'],
      [0, 'UNSURE'],
    ]);
  });

  test('is found by its state, in the list and in the file', async () => {
    const key = await receiveUnowned(wish);
    const filter: UnownedFilter = { ...everything, search: key.msisdn, states: ['UNSURE'] };
    const page = await readList(db.pool, unownedList, staff, filter, null, staffTimeZone);
    expect(page.rows).toMatchObject([{ state: 'UNSURE' }]);
    const file = await select(
      composeCsvSelect(composeListFile(unownedList, staff, filter, staffTimeZone, null)),
      [],
    );
    expect(file).toMatchObject([{ Number: key.msisdn, State: 'May want to opt out' }]);
  });
});

test('an ordinary reply is given to the account, which reads it by its own keywords', async () => {
  const account = await createAccount(db.pool, { keywords: [{ word: 'genoeg', match: 'EXACT' }] });
  expect(await assign(await receiveUnowned('hello'), account)).toMatchObject({ ok: true, outcome: 'given' });
  expect(await listOptOuts(account)).toEqual([]);
  expect(await assign(await receiveUnowned('Genoeg'), account)).toMatchObject({
    ok: true,
    outcome: 'blocked',
  });
  expect(await select('select text from reply where account_id = $1 order by id', [account.id])).toEqual([
    { text: 'hello' },
    { text: 'Genoeg' },
  ]);
});

test('likely are the accounts that wrote to the number, from wherever, the last first', async () => {
  const [early, late, stranger] = [
    await createAccount(db.pool),
    await createAccount(db.pool),
    await createAccount(db.pool),
  ];
  const key = await receiveUnowned('Stop');
  const from = (account: TestAccount, daysAgo: number) => ({
    msisdn: key.msisdn,
    senderNumber: account.senderNumber as string,
    daysAgo,
  });
  await createConversation(db.pool, early, from(early, 9));
  await createConversation(db.pool, late, from(late, 2));
  await createConversation(db.pool, stranger, { ...from(stranger, 1), msisdn: nextMsisdn() });
  await createManualOptOut(db.pool, early, key.msisdn);
  expect(await listLikelyAccounts(db.pool, staff, key)).toMatchObject([
    {
      accountId: late.id,
      senderNumber: late.senderNumber,
      isBlocked: false,
      text: expect.any(String) as string,
    },
    { accountId: early.id, senderNumber: early.senderNumber, isBlocked: true },
  ]);
});

test('the list is paged without an end, searched and filtered, and its file holds the same rows', async () => {
  const msisdn = nextMsisdn();
  const replies = Array.from({ length: 120 }, (_, n) =>
    composeReply({ from: msisdn, to: '99999', text: n % 3 === 0 ? 'Stop' : `Where are you, number ${n}?` }),
  );
  await receiveReplies(db.pool, replies);
  const listAll = async (filter: UnownedFilter) => {
    const rows: string[] = [];
    let cursor: string | null = null;
    do {
      const page: ListPage<UnownedReply> = await readList(
        db.pool,
        unownedList,
        staff,
        filter,
        cursor,
        staffTimeZone,
      );
      rows.push(...page.rows.map(({ text }) => text));
      cursor = page.older;
    } while (cursor);
    return rows;
  };
  expect(await listAll({ ...everything, search: msisdn })).toEqual(replies.map(({ text }) => text).reverse());
  expect(await listAll({ ...everything, search: `0${msisdn.slice(2)}`, states: ['WAITING'] })).toHaveLength(
    40,
  );
  expect(await listAll({ ...everything, search: 'number 118?' })).toEqual(['Where are you, number 118?']);
  const file = await select<Record<string, string>>(
    composeCsvSelect(
      composeListFile(
        unownedList,
        staff,
        { ...everything, search: msisdn, states: ['WAITING'] },
        staffTimeZone,
        null,
      ),
    ),
    [],
  );
  expect(file).toHaveLength(40);
  expect(file[0]).toMatchObject({ Number: msisdn, Reply: 'Stop', State: 'Needs a decision', Account: null });
});
