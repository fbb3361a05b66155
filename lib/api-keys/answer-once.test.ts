import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { answerOnce, hashRequest, pruneApiAnswers, type OnceRequest } from './answer-once';

let db: TestDatabase;
let account: TestAccount;
let serial = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const start = new Date('2026-11-29T08:00:00Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const newRequest = (): OnceRequest => ({
  accountId: account.id,
  keyId: 1,
  idempotencyKey: `request-${(serial += 1)}`,
  requestHash: hashRequest('/x', '', Buffer.from('{}')),
  isSecret: false,
});

/** Asks with work that counts how often it is done. */
function makeWork() {
  let done = 0;
  const ask = (request: OnceRequest, at: Date) =>
    answerOnce(db.pool, request, at, async () => Response.json({ done: (done += 1) }, { status: 201 }));
  const read = async (request: OnceRequest, at: Date) => {
    const answer = await ask(request, at);
    return typeof answer === 'string' ? answer : [answer.status, await answer.json()];
  };
  return { read };
}

test('an answer is given again for 24 hours, with its status and type, and then the work is done anew', async () => {
  const request = newRequest();
  const { read } = makeWork();
  expect(await read(request, start)).toEqual([201, { done: 1 }]);
  expect(await read(request, after(24 * 60 - 1))).toEqual([201, { done: 1 }]);
  expect(await read({ ...request, requestHash: 'other', isSecret: false }, after(60))).toBe(
    'idempotency-key-reused',
  );
  expect(await read(request, after(24 * 60 + 1))).toEqual([201, { done: 2 }]);
  expect(await read({ ...request, accountId: (await createAccount(db.pool)).id }, start)).toEqual([
    201,
    { done: 3 },
  ]);
});

test('what a dead process began is done by the next who asks, when its lease is over', async () => {
  const request = newRequest();
  // It never comes to an end.
  const begun = new Promise<void>((resolve) => {
    void answerOnce(db.pool, request, start, () => {
      resolve();
      return new Promise<Response>(() => undefined);
    });
  });
  await begun;
  const { read } = makeWork();
  expect(await read(request, after(4))).toBe('idempotency-key-in-flight');
  expect(await read({ ...request, requestHash: 'other', isSecret: false }, after(6))).toBe(
    'idempotency-key-reused',
  );
  expect(await read(request, after(6))).toEqual([201, { done: 1 }]);
  expect(await read(request, after(7))).toEqual([201, { done: 1 }]);
});

test('one that comes to its end after its lease does not write over the answer of who took over', async () => {
  const request = newRequest();
  let end: (response: Response) => void = () => undefined;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const slow = answerOnce(db.pool, request, start, () => {
    begin();
    return new Promise<Response>((resolve) => (end = resolve));
  });
  await begun;
  const { read } = makeWork();
  expect(await read(request, after(6))).toEqual([201, { done: 1 }]);
  end(Response.json({ done: 'late' }));
  await slow;
  expect(await read(request, after(7))).toEqual([201, { done: 1 }]);
});

test.each([
  ['an answer that says we failed', () => Promise.resolve(new Response(null, { status: 503 }))],
  ['an error', () => Promise.reject(new Error('away'))],
])('%s is not kept', async (_, fail) => {
  const request = newRequest();
  await answerOnce(db.pool, request, start, fail).catch(() => undefined);
  expect(await makeWork().read(request, after(1))).toEqual([201, { done: 1 }]);
});

test('of many at the same time one does the work', async () => {
  const request = newRequest();
  const { read } = makeWork();
  const answers = await Promise.all(Array.from({ length: 8 }, () => read(request, start)));
  for (const answer of answers)
    expect([[201, { done: 1 }], 'idempotency-key-in-flight']).toContainEqual(answer);
  expect(await read(request, after(1))).toEqual([201, { done: 1 }]);
});

test('the worker forgets what is older than a day, and nothing else', async () => {
  await db.pool.query('delete from api_answer');
  const [old, young] = [newRequest(), newRequest()];
  const { read } = makeWork();
  await read(old, start);
  await read(young, after(60));
  await pruneApiAnswers(db.pool, after(24 * 60 + 30));
  const { rows } = await db.pool.query('select idempotency_key from api_answer');
  expect(rows).toEqual([{ idempotency_key: young.idempotencyKey }]);
});
