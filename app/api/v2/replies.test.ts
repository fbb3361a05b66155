import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { getPlaces } from '@/lib/http/shares';
import { receiveReplies } from '@/lib/replies/commands';
import { askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import {
  composeReply,
  createAccount,
  createConversation,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let strangersKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 1_000 });
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ secret: strangersKey } = await createApiKey(db.pool, await createAccount(db.pool)));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });
const type = (code: string) => expect.stringMatching(new RegExp(`#${code}$`));

const hour = (number: number) => new Date(Date.UTC(2026, 10, 20, number));

async function say(from: string, text: string, receivedAt: Date, to = account): Promise<void> {
  const sender = to.senderNumber as string;
  await createConversation(db.pool, to, { msisdn: from, senderNumber: sender });
  await receiveReplies(db.pool, [composeReply({ from, to: sender, text, receivedAt })]);
}

/** All pages of a list, a few rows at a time. */
async function readAll(url: string, order: string, secret = key): Promise<Record<string, string>[]> {
  const read: Record<string, string>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await ask(
      `${url}${url.includes('?') ? '&' : '?'}order=${order}&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      { key: secret },
    );
    expect(status).toBe(200);
    read.push(...body.data);
    cursor = body.next;
  }
  return read;
}

test('replies are read in their order, by each filter, each once, and by nobody else', async () => {
  const numbers = Array.from({ length: 8 }, nextMsisdn);
  for (const [index, number] of numbers.entries()) {
    await say(number, index === 2 ? 'Stop' : `Reply ${index}`, hour(index));
  }
  const texts = (rows: Record<string, string>[]) => rows.map(({ text }) => text);
  const inOrder = numbers.map((_, index) => (index === 2 ? 'Stop' : `Reply ${index}`));
  expect(texts(await readAll('/replies', 'oldest'))).toEqual(inOrder);
  expect(texts(await readAll('/replies', 'newest'))).toEqual([...inOrder].reverse());
  expect(await readAll('/replies', 'newest', strangersKey)).toEqual([]);

  const local = `0${(numbers[4] as string).slice(2)}`;
  expect(texts(await readAll(`/replies?number=${local}`, 'newest'))).toEqual(['Reply 4']);
  expect(texts(await readAll('/replies?verdict=opt-out', 'newest'))).toEqual(['Stop']);
  expect(texts(await readAll('/replies?verdict=none&verdict=opt-out', 'oldest'))).toEqual(inOrder);
  const days = `from=${hour(1).toISOString()}&to=${hour(3).toISOString()}`;
  expect(texts(await readAll(`/replies?${days}`, 'oldest'))).toEqual(['Reply 1', 'Stop']);
  expect(await readAll('/replies?senderNumber=27600000001', 'newest')).toEqual([]);
  expect(await readAll(`/replies?senderNumber=${account.senderNumber}`, 'newest')).toHaveLength(8);

  const [stop] = (await ask('/replies?verdict=opt-out')).body.data;
  expect(stop).toMatchObject({
    number: `+${numbers[2]}`,
    from: numbers[2],
    senderNumber: account.senderNumber,
    verdict: 'opt-out',
    rule: 'exact:stop',
    isCut: false,
    receivedAt: hour(2).toISOString(),
  });
  expect((await ask(`/replies/${stop.id}`)).body).toEqual(stop);
  for (const [id, secret] of [
    [stop.id, strangersKey],
    ['999999999', key],
  ]) {
    expect(await ask(`/replies/${id}`, { key: secret })).toMatchObject({
      status: 404,
      body: { type: type('no-such-reply') },
    });
  }
});

test('a long reply is cut in the list and whole by itself; one of a network has no number', async () => {
  const number = nextMsisdn();
  await say(number, 'x'.repeat(5_000), hour(20));
  const [listed] = (await ask(`/replies?number=${number}`)).body.data;
  expect(listed).toMatchObject({ isCut: true, text: 'x'.repeat(1_000) });
  expect((await ask(`/replies/${listed.id}`)).body).toMatchObject({ isCut: false, text: 'x'.repeat(5_000) });

  await db.pool.query(`update reply set msisdn = 'MTN' where account_id = $1 and id = $2`, [
    account.id,
    listed.id,
  ]);
  expect((await ask(`/replies/${listed.id}`)).body).toMatchObject({ number: null, from: 'MTN' });
});

test('messages are read in their order, by each filter, each once, and by nobody else', async () => {
  const one = await createAccount(db.pool, { credits: 1_000 });
  const { secret } = await createApiKey(db.pool, one);
  const read = (query: string, order = 'newest') => readAll(`/messages${query}`, order, secret);
  const numbers = Array.from({ length: 7 }, nextMsisdn);
  for (const number of numbers) await queueMessages(db.pool, one, [number], `To ${number}`);
  await db.pool.query(
    `update message set status = 'FAILED', reason = 'no route', next_attempt_at = null, finished_at = now()
     where account_id = $1 and msisdn = $2`,
    [one.id, numbers[1]],
  );
  const own = (rows: Record<string, string>[]) => rows.map(({ number }) => number);
  const inOrder = numbers.map((number) => `+${number}`);
  expect(own(await read('', 'oldest'))).toEqual(inOrder);
  expect(own(await read('?kind=normal', 'newest'))).toEqual([...inOrder].reverse());
  expect(await readAll('/messages', 'newest', strangersKey)).toEqual([]);
  expect(own(await read('?status=failed', 'newest'))).toEqual([inOrder[1]]);
  expect(own(await read('?status=queued&status=failed&kind=normal', 'oldest'))).toEqual(inOrder);
  expect(own(await read(`?number=${numbers[5]}`, 'newest'))).toEqual([inOrder[5]]);
  expect(await read('?senderNumber=27600000001', 'newest')).toEqual([]);
  // With a status that has an index of its own beside.
  expect(await read('?status=queued&senderNumber=27600000001')).toEqual([]);
  expect(await read('?status=queued&kind=consent')).toEqual([]);
  expect(await read(`?status=queued&kind=normal&senderNumber=${one.senderNumber}`)).toHaveLength(6);

  await say(numbers[6] as string, 'Stop', hour(1), one);
  expect((await ask('/messages?kind=confirmation', { key: secret })).body.data).toMatchObject([
    { kind: 'confirmation', batchId: null, credits: 0 },
  ]);
  const sent = await ask('/messages', { key: secret, json: { to: numbers.slice(0, 3), text: 'One batch' } });
  const ofBatch = `?batchId=${sent.body.batchId}`;
  expect(own(await read(ofBatch, 'oldest'))).toEqual(inOrder.slice(0, 3));
  expect(await readAll(`/messages${ofBatch}`, 'oldest', strangersKey)).toEqual([]);
  const [listed] = (await ask(`/messages${ofBatch}`, { key: secret })).body.data;
  expect((await ask(`/messages/${listed.id}`, { key: secret })).body).toEqual(listed);
  expect(await read(`?to=${hour(0).toISOString()}`, 'newest')).toEqual([]);
});

test.each([
  '/messages?status=lost',
  '/messages?number=nobody',
  '/messages?batchId=0',
  '/messages?limit=1001',
  '/messages?from=yesterday',
  '/messages?sort=oldest',
  '/replies?verdict=maybe',
  '/replies?limit=0',
  '/replies/none',
  '/removal-requests?state=open',
])('%s is refused with what is wrong with it', async (url) => {
  const { status, body } = await ask(url);
  expect({ status, errors: body.errors.length }).toEqual({ status: 422, errors: 1 });
});

test('a search that finds no place is asked to come again, not refused for good', async () => {
  const acquire = vi.spyOn(getPlaces('search'), 'acquire');
  acquire.mockResolvedValueOnce({ ok: false, because: 'account', held: 2 });
  try {
    const busy = await ask('/messages?status=queued');
    expect(busy).toMatchObject({ status: 429, body: { type: type('too-many-at-once') } });
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(acquire).toHaveBeenCalledTimes(1);
    expect((await ask('/messages?status=queued')).status).toBe(200);
  } finally {
    acquire.mockRestore();
  }
});
