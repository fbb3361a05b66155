import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { dispatch, optOut, say } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let strangersKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 100 });
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ secret: strangersKey } = await createApiKey(db.pool, await createAccount(db.pool)));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });
const type = (code: string) => expect.stringMatching(new RegExp(`#${code}$`));
const request = (number: string, others: Partial<ApiRequest> = {}) =>
  ask('/removal-requests', { json: { number, permission: true }, ...others });

/** The consent SMS leaves at a lawful hour, which may be tomorrow; as if that had come. */
async function sendConsent(messageId: string): Promise<void> {
  await db.pool.query('update message set next_attempt_at = created_at where account_id = $1 and id = $2', [
    account.id,
    messageId,
  ]);
  await dispatch(db.pool, account);
}

test('a request is made, followed to the recipient’s YES, and read by nobody else', async () => {
  const { msisdn, senderNumber } = await optOut(db.pool, account);
  const made = await request(`0${msisdn.slice(2)}`);
  expect(made).toMatchObject({
    status: 201,
    body: {
      number: `+${msisdn}`,
      state: 'awaiting-reply',
      isCancellable: true,
      permission: { text: expect.stringContaining(account.name) },
      consent: { senderNumber },
      consentSentAt: null,
      answers: [],
      events: [{ type: 'requested', actor: 'program', state: 'awaiting-reply' }],
    },
  });
  const url = `/removal-requests/${made.body.id}`;
  expect(await request(msisdn)).toMatchObject({
    status: 409,
    body: { type: type('removal-already-requested'), removalRequestId: made.body.id },
  });

  await sendConsent(made.body.consent.messageId);
  await say(db.pool, { msisdn, senderNumber }, 'YES', new Date());
  const answered = await ask(url);
  expect(answered.body).toMatchObject({
    state: 'awaiting-approval',
    consentSentAt: expect.any(String),
    answers: [{ text: 'YES', isDecisive: true, senderNumber }],
    events: [{ type: 'requested' }, { type: 'yes', actor: 'recipient', state: 'awaiting-approval' }],
  });
  const tag = answered.headers.get('etag') as string;
  expect((await ask(url, { headers: { 'if-none-match': tag } })).status).toBe(304);
  // No program lifts what the recipient made.
  expect((await ask(`/opt-outs/${msisdn}`, { method: 'DELETE' })).status).toBe(409);

  const missing = { status: 404, body: { type: type('no-such-removal-request') } };
  for (const method of ['GET', 'DELETE']) {
    expect(await ask(url, { method, key: strangersKey })).toMatchObject(missing);
    expect(await ask('/removal-requests/999999999', { method })).toMatchObject(missing);
  }
  expect((await ask(url)).body).toEqual(answered.body);
  expect((await ask('/removal-requests', { key: strangersKey })).body).toEqual({ data: [], next: null });
  expect((await ask(url, { method: 'DELETE' })).body).toMatchObject({ state: 'cancelled' });
});

test('a request is cancelled once, its SMS with it, and the recipient can be asked no second time', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const { body } = await request(msisdn);
  const url = `/removal-requests/${body.id}`;
  expect(await ask(url, { method: 'DELETE' })).toMatchObject({
    status: 200,
    body: { state: 'cancelled', isCancellable: false, finishedAt: expect.any(String) },
  });
  expect(await ask(url, { method: 'DELETE' })).toMatchObject({
    status: 409,
    body: { type: type('removal-request-over') },
  });
  const message = await ask(`/messages/${body.consent.messageId}`);
  expect(message.body).toMatchObject({ kind: 'consent', status: 'blocked' });
  expect((await ask('/removal-requests?state=cancelled')).body.data[0]).toMatchObject({ id: body.id });
});

test('under an idempotency key the recipient is asked once, and the answer comes again', async () => {
  const { msisdn } = await optOut(db.pool, account);
  const headers = { 'idempotency-key': 'ask-once' };
  const first = await request(msisdn, { headers });
  expect((await request(msisdn, { headers })).body).toEqual(first.body);
  const { msisdn: other } = await optOut(db.pool, account);
  expect(await request(other, { headers })).toMatchObject({
    status: 422,
    body: { type: type('idempotency-key-reused') },
  });
});

test('what cannot be asked says why, each as a problem of its own', async () => {
  expect(await request(nextMsisdn())).toMatchObject({ status: 404, body: { type: type('not-opted-out') } });
  const own = nextMsisdn();
  await createManualOptOut(db.pool, account, own);
  expect(await request(own)).toMatchObject({ status: 409, body: { type: type('own-entry') } });

  // Asked, and without an answer in time: never again in this episode.
  const { msisdn, senderNumber } = await optOut(db.pool, account);
  const { body: made } = await request(msisdn);
  await sendConsent(made.consent.messageId);
  await say(db.pool, { msisdn, senderNumber }, 'NO', new Date());
  expect(await request(msisdn)).toMatchObject({
    status: 409,
    body: { type: type('recipient-already-asked'), removalRequestId: made.id },
  });

  for (const json of [
    { number: msisdn },
    { number: msisdn, permission: false },
    { number: 'nobody', permission: true },
    { number: msisdn, permission: true, reason: 'x' },
  ]) {
    expect(await ask('/removal-requests', { json })).toMatchObject({
      status: 422,
      body: { type: type('invalid-request') },
    });
  }
});

test('the list has pages and filters', async () => {
  const one = await createAccount(db.pool, { credits: 10 });
  const { secret } = await createApiKey(db.pool, one);
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) {
    ids.push((await request((await optOut(db.pool, one)).msisdn, { key: secret })).body.id);
  }
  for (const [order, expected] of [
    ['oldest', ids],
    ['newest', ids.toReversed()],
  ] as const) {
    const read: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await ask(`/removal-requests?order=${order}&limit=2${cursor && `&cursor=${cursor}`}`, {
        key: secret,
      });
      read.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next;
    }
    expect(read).toEqual(expected);
  }
  const [first] = (await ask('/removal-requests?limit=1', { key: secret })).body.data;
  expect((await ask(`/removal-requests?number=${first.number.slice(1)}`, { key: secret })).body.data).toEqual(
    [first],
  );
  expect((await ask('/removal-requests?state=removed&state=expired', { key: secret })).body.data).toEqual([]);
});
