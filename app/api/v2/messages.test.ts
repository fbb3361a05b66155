import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimBatch } from '@/lib/messages/claim';
import { lawfulHoursReason } from '@/lib/messages/labels';
import { marketingStopReasons } from '@/lib/opt-outs/gate';
import { askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import {
  createAccount,
  createManualOptOut,
  createSenderNumber,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { askRest } from '@/testing/rest-client';
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
  ({ secret: strangersKey } = await createApiKey(db.pool, await createAccount(db.pool, { credits: 5 })));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });
const type = (code: string) => expect.stringMatching(new RegExp(`#${code}$`));
const readBalance = async () => (await ask('/credits')).body.balance as number;

test('one that is sent is charged once, blocked where it must be, and read as it is', async () => {
  const [free, blocked] = [nextMsisdn(), nextMsisdn()];
  await createManualOptOut(db.pool, account, blocked);
  const before = await readBalance();
  const { status, body } = await ask('/messages', {
    json: { to: [`0${free.slice(2)}`, Number(blocked), 'nobody', free], text: 'Hello' },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ creditsCharged: 1, creditsLeft: before - 1 });
  expect(body.recipients).toMatchObject([
    { number: `+${free}`, outcome: 'queued', messageId: expect.stringMatching(/^\d+$/) },
    { number: `+${blocked}`, outcome: 'blocked', messageId: null },
    { number: null, outcome: 'invalid', reason: expect.stringMatching(/\w/) },
    { outcome: 'duplicate' },
  ]);
  const { messageId } = body.recipients[0];
  expect(await ask(`/messages/${messageId}`)).toMatchObject({
    status: 200,
    body: { number: `+${free}`, text: 'Hello', status: 'queued', credits: 1, sendAt: null },
  });
  for (const method of ['GET', 'DELETE']) {
    expect(await ask(`/messages/${messageId}`, { key: strangersKey, method })).toMatchObject({
      status: 404,
      body: { type: type('no-such-message') },
    });
  }
  expect(await ask(`/messages/${messageId}`, { method: 'DELETE' })).toMatchObject({
    status: 409,
    body: { type: type('message-not-waiting') },
  });
});

test('marketing that waits for lawful hours says until when, and can be cancelled', async () => {
  const { body } = await ask('/messages', {
    json: { to: [nextMsisdn()], text: 'Hello', purpose: 'marketing' },
  });
  const path = `/messages/${body.recipients[0].messageId}`;
  // a Sunday, of a year that no clock has reached
  const now = new Date('2099-08-09T12:00:00+02:00');
  await claimBatch(db.pool, account.id, { limit: 100, leaseMs: 60_000, now });
  expect((await ask(path)).body).toMatchObject({
    status: 'queued',
    sendAt: '2099-08-11T06:00:00.000Z',
    reason: lawfulHoursReason,
  });
  expect(await ask(path, { method: 'DELETE' })).toMatchObject({ status: 200, body: { creditsReturned: 1 } });
});

test('what it is for is what the request says, or the account’s default', async () => {
  const send = (json: object) => ask('/messages', { json: { to: [nextMsisdn()], text: 'Hello', ...json } });
  const read = async (json: object) => {
    const { body } = await send(json);
    return (await ask(`/messages/${body.recipients[0].messageId}`)).body.purpose as unknown;
  };
  expect(await read({ purpose: 'marketing' })).toBe('marketing');
  expect(await read({})).toBe('service');
  await db.pool.query(`update account set default_purpose = 'MARKETING' where id = $1`, [account.id]);
  expect(await read({})).toBe('marketing');
  expect(await read({ purpose: 'service' })).toBe('service');
  await db.pool.query(`update account set default_purpose = 'SERVICE' where id = $1`, [account.id]);
  expect(await send({ purpose: 'news' })).toMatchObject({ status: 422 });
});

test('a list of one purpose', async () => {
  const to = nextMsisdn();
  for (const purpose of ['marketing', 'service']) {
    await ask('/messages', { json: { to: [to], text: 'Hello', purpose } });
  }
  const { body } = await ask(`/messages?purpose=marketing&number=${to}`);
  expect(body.data.map(({ purpose }: { purpose: string }) => purpose)).toEqual(['marketing']);
  expect(await ask('/messages?purpose=news')).toMatchObject({ status: 422 });
});

test('marketing of an account that may send none is blocked with its reason, and a text that says too little refused', async () => {
  const send = (json: object) =>
    ask('/messages', { json: { to: [nextMsisdn()], text: 'Hello', purpose: 'marketing', ...json } });
  await db.pool.query(`update account set registration_ends_on = '2020-01-01' where id = $1`, [account.id]);
  expect((await send({})).body.recipients).toMatchObject([
    { outcome: 'blocked', messageId: null, reason: marketingStopReasons.REGISTRATION },
  ]);
  expect((await send({ purpose: 'service' })).body.recipients).toMatchObject([{ outcome: 'queued' }]);
  await db.pool.query(`update account set registration_ends_on = null where id = $1`, [account.id]);
  await db.pool.query(`update platform_setting set marketing_text_policy = 'REFUSE'`);
  expect(await send({})).toMatchObject({
    status: 422,
    body: { type: type('marketing-text-incomplete'), detail: expect.stringContaining('Nothing was sent.') },
  });
  expect(await send({ purpose: 'service' })).toMatchObject({ status: 201 });
  await db.pool.query(`update platform_setting set marketing_text_policy = 'ADVISE'`);
});

test('a scheduled one is cancelled once, with its credits', async () => {
  const before = await readBalance();
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const { body } = await ask('/messages', { json: { to: [nextMsisdn()], text: 'Later', sendAt } });
  const { messageId } = body.recipients[0];
  expect((await ask(`/messages/${messageId}`)).body).toMatchObject({ status: 'queued', sendAt });
  expect(await readBalance()).toBe(before - 1);
  expect(await ask(`/messages/${messageId}`, { method: 'DELETE', key: strangersKey })).toMatchObject({
    status: 404,
  });
  expect(await ask(`/messages/${messageId}`, { method: 'DELETE' })).toMatchObject({
    body: { creditsReturned: 1 },
  });
  expect((await ask(`/messages/${messageId}`, { method: 'DELETE' })).status).toBe(409);
  expect((await ask(`/messages/${messageId}`)).body).toMatchObject({ status: 'cancelled' });
  expect(await readBalance()).toBe(before);
});

test('the same request under the same idempotency key is sent once, even when the first answer was lost', async () => {
  const before = await readBalance();
  const request = { json: { to: [nextMsisdn()], text: 'Once' }, headers: { 'idempotency-key': 'once' } };
  const first = await ask('/messages', request);
  expect((await ask('/messages', request)).body).toEqual(first.body);
  // The process died before it kept what it answered.
  await db.pool.query('delete from api_answer');
  expect((await ask('/messages', request)).body).toMatchObject({ batchId: first.body.batchId });
  expect(await readBalance()).toBe(before - 1);
  const other = { ...request, json: { ...request.json, text: 'Another' } };
  const reused = { status: 422, body: { type: type('idempotency-key-reused') } };
  expect(await ask('/messages', other)).toMatchObject(reused);
  await db.pool.query('delete from api_answer');
  expect(await ask('/messages', other)).toMatchObject(reused);
});

test('nothing is sent with too few credits, to too many, to nobody, or in the past', async () => {
  const numbers = Array.from({ length: 6 }, nextMsisdn);
  const send = (json: object, secret = key) =>
    ask('/messages', { key: secret, json: { text: 'x', to: numbers, ...json } });
  expect(await send({}, strangersKey)).toMatchObject({
    status: 402,
    body: { type: type('not-enough-credits') },
  });
  const before = await readBalance();
  for (const wrong of [
    { to: Array.from({ length: 1_001 }, nextMsisdn) },
    { to: [] },
    { to: ['nobody'] },
    { text: '' },
    { text: 'x'.repeat(5_000) },
    { sendAt: '2020-01-01T08:00:00+02:00' },
    { sendAt: '9999-01-01T08:00:00+02:00' },
    { sendAt: '2026-02-30T08:00:00Z' },
    { from: 'me' },
  ]) {
    expect(await send(wrong)).toMatchObject({ status: 422 });
  }
  expect(await readBalance()).toBe(before);
});

test('a key that is bound to a number of the account’s own sends from that alone, by both APIs', async () => {
  const one = await createAccount(db.pool, { credits: 100 });
  const senders = [one.senderNumber as string, await createSenderNumber(db.pool, { accountId: one.id })];
  for (const senderNumber of senders) {
    const { secret } = await createApiKey(db.pool, one, { senderNumber });
    const to = Array.from({ length: 5 }, nextMsisdn);
    await ask('/messages', { key: secret, json: { to, text: 'Bound' } });
    const json = { message: 'Bound', recipients: [{ mobileNumber: nextMsisdn() }] };
    expect((await askRest('/sms/outgoing/send', { key: secret, json })).status).toBe(200);
    const sent = (await ask(`/messages?senderNumber=${senderNumber}`, { key: secret })).body.data;
    expect(sent).toHaveLength(6);
  }

  // Taken from the account, it sends nothing, from no other number either.
  const [, gone] = senders;
  const { secret } = await createApiKey(db.pool, one, { senderNumber: gone as string });
  const { secret: free } = await createApiKey(db.pool, one);
  await db.pool.query('update sender_number set enabled = false where number = $1', [gone]);
  const json = { to: [nextMsisdn()], text: 'Bound' };
  expect(await ask('/messages', { key: secret, json })).toMatchObject({
    status: 409,
    body: { type: type('sender-not-available'), detail: expect.stringContaining(gone as string) },
  });
  const rest = { message: 'Bound', recipients: [{ mobileNumber: nextMsisdn() }] };
  expect((await askRest('/sms/outgoing/send', { key: secret, json: rest })).status).toBe(422);
  expect((await ask('/messages', { key: free, json })).status).toBe(201);
});
