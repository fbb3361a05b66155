import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { listPhones, keepPhoneText, readPhone } from '@/lib/carriers/simulator-phones';
import { shownTextLength } from '@/lib/db/cut-text';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { readList } from '@/lib/lists/read-list';
import { optOutList } from '@/lib/opt-outs/list';
import { receiveReplies } from '@/lib/replies/commands';
import { replyList } from '@/lib/replies/list';
import { listRepliesToReview, listWaitingReplies } from '@/lib/replies/review-queries';
import {
  composeReply,
  createAccount,
  createConversation,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { readStory } from '@/lib/stories/queries';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { session: unknown } => ({ session: null }));
vi.mock('@/lib/auth/gates', () => ({
  findCustomer: async () => signedIn.session,
  requireStaff: async () => ({ scope: mintStaffScope(1) }),
}));
const { GET } = await import('./[kind]/[id]/route');
const { GET: getForStaff } = await import('@/app/api/admin/texts/[kind]/[accountId]/[id]/route');
const { GET: getUnowned } = await import('@/app/api/admin/texts/unowned/[msisdn]/[id]/route');

let db: TestDatabase;
let account: TestAccount;
let stranger: TestAccount;
const kept = globalThis as { clientZoneDatabase?: unknown };
const msisdn = nextMsisdn();
const staff = mintStaffScope(1);

const replies = 20;
const length = 100_000;
/** Two bytes each, three when escaped. */
const long = (beginning: string) => beginning + 'é '.repeat(length / 2).slice(beginning.length);
const optOut = long('Stop sending me these ');

beforeAll(async () => {
  db = await createTestDatabase();
  kept.clientZoneDatabase = db;
  [account, stranger] = [await createAccount(db.pool), await createAccount(db.pool)];
  const to = account.senderNumber as string;
  await createConversation(db.pool, account, { msisdn, senderNumber: to });
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to, text: optOut })]);
  for (let count = 1; count < replies; count += 1) {
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to, text: long(`Hello ${count} `) })]);
  }
  const doubtful = nextMsisdn();
  await createConversation(db.pool, account, { msisdn: doubtful, senderNumber: to });
  for (let count = 0; count < replies; count += 1) {
    await receiveReplies(db.pool, [composeReply({ from: doubtful, to, text: 'stop please' })]);
  }
  await db.pool.query(`update reply set text = $2 where account_id = $1 and verdict = 'REVIEW'`, [
    account.id,
    long('stop please '),
  ]);
  await receiveReplies(db.pool, [composeReply({ from: nextMsisdn(), to: '00000', text: long('Nobody’s ') })]);
  for (let count = 0; count < replies; count += 1) {
    await keepPhoneText(db.pool, { msisdn, senderNumber: to, text: long('Simulated ') });
  }
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const filter = {
  search: '',
  verdicts: [],
  kinds: [],
  rule: null,
  from: null,
  to: null,
  sort: 'newest',
} as const;
const zone = 'Africa/Johannesburg';

describe('what a page is made of stays small, however long the replies are', () => {
  test.each([
    [
      'the list of replies',
      () => readList(db.pool, replyList, account.scope, { ...filter, verdicts: [] }, null, zone),
    ],
    [
      'the list of opt-outs',
      () => readList(db.pool, optOutList, account.scope, { ...filter, kinds: [] }, null, zone),
    ],
    ['replies to review', () => listRepliesToReview(db.pool, account.scope)],
    ['what waits, for staff', () => listWaitingReplies(db.pool, staff)],
    ['the story of a number', () => readStory(db.pool, account.scope, msisdn)],
    ['a phone of the simulator', () => readPhone(db.pool, msisdn, null)],
    ['its shelf', () => listPhones(db.pool)],
  ] as const)('%s', async (_, read) => {
    const page = JSON.stringify(await read());
    expect(page).toMatch(/Stop sending|Hello|stop please|Nobody|Simulated/);
    // fifty texts at most in any of them, two bytes a character, and what stands around them
    expect(Buffer.byteLength(page)).toBeLessThan(50 * shownTextLength * 2 + 50_000);
  });

  test('and says how long each is; a short one is all there', async () => {
    const { rows } = await readList(
      db.pool,
      replyList,
      account.scope,
      { ...filter, verdicts: [] },
      null,
      zone,
    );
    expect(rows[0]).toMatchObject({ wholeLength: length, text: expect.stringMatching(/^.{1000}$/su) });
    const story = await readStory(db.pool, account.scope, msisdn);
    expect(story?.block?.evidence).toMatchObject({ wholeLength: length, text: optOut.slice(0, 1000) });
    const event = story?.items.find((item) => item.type === 'event');
    expect(event).toMatchObject({ reply: { wholeLength: length, text: optOut.slice(0, 1000) } });
    const [entry] = (await readList(db.pool, optOutList, account.scope, { ...filter, kinds: [] }, null, zone))
      .rows;
    expect(entry).toMatchObject({ replyWholeLength: length, replyText: optOut.slice(0, 1000) });

    const short = nextMsisdn();
    await createConversation(db.pool, account, {
      msisdn: short,
      senderNumber: account.senderNumber as string,
    });
    await receiveReplies(db.pool, [
      composeReply({ from: short, to: account.senderNumber as string, text: 'Stop' }),
    ]);
    const own = await readStory(db.pool, account.scope, short);
    expect(own?.block?.evidence).toMatchObject({ text: 'Stop', wholeLength: null });
    const list = await readList(
      db.pool,
      optOutList,
      account.scope,
      { ...filter, search: short, kinds: [] },
      null,
      zone,
    );
    expect(list.rows).toMatchObject([{ replyText: 'Stop', replyWholeLength: null }]);
  });
});

describe('the whole text, as a file', () => {
  const ask = (of: TestAccount | null, kind: string, id: string) => {
    signedIn.session = of && { account: { id: of.id }, scope: of.scope };
    return GET(new Request('http://localhost/'), { params: Promise.resolve({ kind, id }) });
  };

  async function findIds(): Promise<Record<string, string>> {
    const story = await readStory(db.pool, account.scope, msisdn);
    const reply = story?.items.findLast((item) => item.type === 'reply');
    const event = story?.items.find((item) => item.type === 'event');
    return { reply: reply!.id, event: event!.id, 'opt-out': story!.block!.id };
  }

  test.each(['reply', 'event', 'opt-out'])('of a %s: for its own account, and nobody else', async (kind) => {
    const id = (await findIds())[kind] as string;
    const own = await ask(account, kind, id);
    expect([own.status, own.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(own.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(await own.text()).toBe(optOut);
    expect((await ask(stranger, kind, id)).status).toBe(404);
    expect((await ask(null, kind, id)).status).toBe(401);

    const key = (accountId: number) => ({
      params: Promise.resolve({ kind, accountId: String(accountId), id }),
    });
    const request = new Request('http://localhost/');
    expect(await (await getForStaff(request, key(account.id))).text()).toBe(optOut);
    expect((await getForStaff(request, key(stranger.id))).status).toBe(404);
  });

  test('of a reply without an owner: for staff', async () => {
    const { rows } = await db.pool.query<{ msisdn: string; id: string }>(
      'select msisdn, id from unowned_reply',
    );
    const [key] = rows as [{ msisdn: string; id: string }];
    const askUnowned = (of: { msisdn: string; id: string }) =>
      getUnowned(new Request('http://localhost/'), { params: Promise.resolve(of) });
    const answer = await askUnowned(key);
    expect((await askUnowned({ ...key, msisdn: '27820000000' })).status).toBe(404);
    expect(await answer.text()).toBe(long('Nobody’s '));
  });

  test.each([
    ['nothing', '1'],
    ['reply', '0'],
    ['reply', '99999999999999999999'],
    ['reply', "1' or true"],
    ['event', '-1'],
  ])('there is none of %s %s', async (kind, id) => {
    expect((await ask(account, kind, id)).status).toBe(404);
  });
});
