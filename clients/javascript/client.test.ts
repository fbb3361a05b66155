import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { operations } from '@/lib/api-v2/operations';
import { arrangeExample } from '@/testing/api-examples';
import { createApiKey } from '@/testing/api-keys';
import { startApiServer, type ApiServer } from '@/testing/api-server';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { ClientZone, ClientZoneConnectionError, ClientZoneError, type ClientOptions } from './src/index.js';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let server: ApiServer;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  server = await startApiServer();
});
afterAll(async () => {
  await server.close();
  delete kept.clientZoneDatabase;
  await db.close();
});
beforeEach(async () => {
  account = await createAccount(db.pool, { credits: 1_000 });
  ({ secret: key } = await createApiKey(db.pool, account));
});
afterEach(() => {
  expect(server.faults).toEqual([]);
  server.intercept = (_, proceed) => proceed();
});

/** A client that writes down how long it would have waited. */
class HurriedClient extends ClientZone {
  readonly waits: number[] = [];

  protected override async pause(ms: number): Promise<void> {
    this.waits.push(ms);
  }
}
const createClient = (options: Partial<ClientOptions> = {}) =>
  new HurriedClient({ key, baseUrl: `${server.base}/`, ...options });

/** Writes down what reaches the API, and lets the first few requests fail. */
function failFirst(
  count: number,
  fail: (request: Request, proceed: () => Promise<Response>) => Promise<Response> | Response,
) {
  const requests: Request[] = [];
  server.intercept = (request, proceed) => {
    requests.push(request);
    return requests.length <= count ? fail(request, proceed) : proceed();
  };
  return requests;
}
const answer =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response('away', { status, headers });

test('every operation is a method, and does what it is to', async () => {
  server.answered.clear();
  const client = createClient();
  const methods = client as unknown as Record<string, (input: object) => Promise<unknown>>;
  for (const operation of operations) {
    const { example } = await arrangeExample(db.pool, account, key, operation);
    const answered = await methods[operation.id]?.({ ...example.params, ...example.query, ...example.body });
    if (operation.answers[204] === null) expect(answered).toBeUndefined();
    else expect(answered).toBeTypeOf('object');
  }
  const asked = [...server.answered].map((one) => one.replace(/ \d+$/, ''));
  expect(asked.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
});

test('a list is gone through page after page, and no further than it is read', async () => {
  const numbers = Array.from({ length: 7 }, nextMsisdn);
  for (const number of numbers) await createManualOptOut(db.pool, account, number);
  const requests = failFirst(0, answer(500));
  const client = createClient();
  const read: string[] = [];
  for await (const { number } of client.allOptOuts({
    order: 'oldest',
    limit: 3,
    kind: ['manual', 'reply'],
  })) {
    read.push(number);
  }
  expect(read).toEqual(numbers.map((number) => `+${number}`));
  expect(requests).toHaveLength(3);
  for await (const { isRemovable } of client.allOptOuts({ limit: 3 })) {
    expect(isRemovable).toBe(true);
    break;
  }
  expect(requests).toHaveLength(4);
  expect(await client.allReplies().next()).toEqual({ done: true, value: undefined });
});

test('changes are followed from a place, to the last', async () => {
  const numbers = Array.from({ length: 3 }, nextMsisdn);
  const client = createClient();
  for (const number of numbers) await client.addOptOut({ number, source: 'a test' });
  const follow = async (after?: string) => {
    const events: (string | null)[] = [];
    let place = after;
    for await (const { data, next } of client.changesAfter(place)) {
      events.push(...data.map(({ number }) => number));
      place = next;
    }
    return { events, place };
  };
  // What is under way in other databases of the server holds the feed back.
  const settle = async (count: number, after?: string) => {
    let read = await follow(after);
    const isThere = async () => (read = await follow(after)).events.length >= count;
    await waitUntil('the changes are there', isThere);
    return read;
  };
  const first = await settle(3);
  expect(first.events).toEqual(numbers.map((number) => `+${number}`));
  await client.removeOptOut({ number: numbers[1] as string });
  expect((await settle(1, first.place)).events).toEqual([`+${numbers[1]}`]);
});

test.each([
  ['seconds', '7', 7_000],
  ['a date', new Date(Date.now() + 30_000).toUTCString(), null],
])(
  'what may succeed later is tried again after as long as Retry-After says: %s',
  async (_, header, waits) => {
    const requests = failFirst(2, answer(503, { 'retry-after': header }));
    const client = createClient();
    expect(await client.getCredits()).toEqual({ balance: 1_000 });
    expect(requests).toHaveLength(3);
    for (const ms of client.waits) {
      if (waits !== null) expect(ms).toBe(waits);
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    expect(client.waits).toHaveLength(2);
  },
);

test('without Retry-After the waits grow, and the tries end', async () => {
  const requests = failFirst(Infinity, answer(502));
  const client = createClient({ retries: 3 });
  const error = (await client.getCredits().catch((caught: unknown) => caught)) as ClientZoneError;
  expect(error).toBeInstanceOf(ClientZoneError);
  expect(error).toMatchObject({ status: 502, code: 'unknown', problem: null, idempotencyKey: null });
  expect(requests).toHaveLength(4);
  const [first, second, third] = client.waits as [number, number, number];
  // Each between half and the whole of twice as long as before.
  expect(first).toBeLessThanOrEqual(500);
  expect(second).toBeGreaterThanOrEqual(500);
  expect(third).toBeGreaterThanOrEqual(1_000);
});

test('who is asked to wait for longer than it wants is told at once', async () => {
  const requests = failFirst(1, answer(429, { 'retry-after': '3600' }));
  await expect(createClient().getCredits()).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3600 });
  expect(requests).toHaveLength(1);
});

test.each([
  [
    'the answer was lost',
    async (_: Request, proceed: () => Promise<Response>) => {
      await proceed();
      throw new Error('lost');
    },
  ],
  [
    'something on the way failed after it was done',
    async (_: Request, proceed: () => Promise<Response>) => {
      await proceed();
      return new Response('', { status: 504 });
    },
  ],
  [
    'it never arrived',
    () => {
      throw new Error('lost');
    },
  ],
])('a message is sent once, under one idempotency key, though %s', async (_, fail) => {
  const requests = failFirst(2, fail);
  const sent = await createClient().sendMessages({ to: [nextMsisdn()], text: 'Once' });
  expect(sent).toMatchObject({ creditsCharged: 1, recipients: [{ outcome: 'queued' }] });
  expect(requests).toHaveLength(3);
  const keys = new Set(requests.map(({ headers }) => headers.get('idempotency-key')));
  expect(keys.size).toBe(1);
  expect(await createClient().getCredits()).toEqual({ balance: 999 });
});

test('another call has another idempotency key; one of one’s own is used, and named by an error', async () => {
  const requests = failFirst(0, answer(500));
  const client = createClient();
  const message = { to: [nextMsisdn()], text: 'Hello' };
  await client.sendMessages(message);
  await client.sendMessages(message);
  await client.sendMessages(message, { idempotencyKey: 'order-1' });
  await client.sendMessages(message, { idempotencyKey: 'order-1' });
  const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
  expect(new Set(keys).size).toBe(3);
  expect(keys.slice(2)).toEqual(['order-1', 'order-1']);
  expect(await client.getCredits()).toEqual({ balance: 997 });
  const other = client.sendMessages({ ...message, text: 'Other' }, { idempotencyKey: 'order-1' });
  await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused', idempotencyKey: 'order-1' });
});

test('a request that is under way elsewhere is waited for', async () => {
  const number = nextMsisdn();
  const problem = { type: 'https://x/docs/api/problems#idempotency-key-in-flight', detail: 'Under way.' };
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '1' };
  failFirst(1, () => Response.json(problem, { status: 409, headers }));
  const client = createClient();
  expect(await client.addOptOuts({ numbers: [number] })).toMatchObject({ added: 1 });
  expect(client.waits).toEqual([1_000]);
});

test('what was removed by a try whose answer was lost is removed', async () => {
  const [own, never] = [nextMsisdn(), nextMsisdn()];
  await createManualOptOut(db.pool, account, own);
  failFirst(1, async (_, proceed) => {
    await proceed();
    throw new Error('lost');
  });
  expect(await createClient().removeOptOut({ number: own })).toBeUndefined();
  // But nobody who was answered is told so of what was not there.
  await expect(createClient().removeOptOut({ number: never })).rejects.toMatchObject({
    code: 'not-opted-out',
  });
});

test('an error says what is wrong, as the API does', async () => {
  const requests = failFirst(0, answer(500));
  const client = createClient();
  const error = (await client
    .sendMessages({ to: [], text: '' })
    .catch((caught: unknown) => caught)) as ClientZoneError;
  expect(error).toBeInstanceOf(ClientZoneError);
  expect(error.message).toBe(error.problem?.detail);
  expect(error).toMatchObject({
    status: 422,
    code: 'invalid-request',
    problem: { errors: [{ path: 'to' }, { path: 'text' }] },
  });
  await expect(createClient({ key: 'cz_wrong' }).getCredits()).rejects.toMatchObject({ code: 'invalid-key' });
  // What does not get right by waiting is asked once.
  expect(requests).toHaveLength(2);
  for (const number of ['', '.', '..']) {
    await expect(client.getOptOut({ number })).rejects.toThrow(TypeError);
  }
  expect(requests).toHaveLength(2);
});

test('an endpoint that does not answer is given up after a time, or when the program says so', async () => {
  failFirst(Infinity, () => new Promise<Response>(() => undefined));
  const late = createClient({ timeoutMs: 20, retries: 1 });
  await expect(late.getCredits()).rejects.toThrow(ClientZoneConnectionError);
  expect(late.waits).toHaveLength(1);
  const controller = new AbortController();
  const asked = createClient().getCredits({}, { signal: controller.signal });
  controller.abort(new Error('No longer wanted'));
  await expect(asked).rejects.toThrow('No longer wanted');
});

test('a redirect is not followed, and does not get the key', async () => {
  const requests = failFirst(1, answer(302, { location: `${server.base}/credits?elsewhere` }));
  await expect(createClient({ retries: 0 }).getCredits()).rejects.toThrow(ClientZoneConnectionError);
  expect(requests).toHaveLength(1);
});
