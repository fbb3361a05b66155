import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webhookChoices } from '@/lib/webhooks/schema';
import { askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createEndpoint, createSender, sendDue, startReceiver, type Receiver } from '@/testing/webhooks';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let strangersKey: string;
let receiver: Receiver;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 100 });
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ secret: strangersKey } = await createApiKey(db.pool, await createAccount(db.pool)));
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });
const type = (code: string) => expect.stringMatching(new RegExp(`#${code}$`));
const url = 'https://93.184.215.14/hooks';

test('a webhook is added, read, changed field by field and removed', async () => {
  const json = { url, events: ['opt_out.created', 'opt_out.created', 'reply.received'] };
  const made = await ask('/webhooks', { json });
  expect(made).toMatchObject({
    status: 201,
    body: {
      url,
      events: ['opt_out.created', 'reply.received'],
      withTexts: false,
      inOrder: false,
      state: 'active',
      waiting: 0,
      previousSecretUntil: null,
      secret: expect.stringMatching(/^whsec_/),
    },
  });
  const webhook = (await ask(`/webhooks/${made.body.id}`)).body;
  expect(made.body).toEqual({ ...webhook, secret: made.body.secret });
  const one = `/webhooks/${webhook.id}`;
  expect((await ask('/webhooks')).body.data).toEqual([webhook]);

  const changed = await ask(one, { method: 'PATCH', json: { withTexts: true } });
  expect(changed.body).toEqual({ ...webhook, withTexts: true });
  const other = { url: 'https://93.184.215.14/others', events: ['message.status'], inOrder: true };
  expect((await ask(one, { method: 'PATCH', json: other })).body).toEqual({
    ...webhook,
    withTexts: true,
    ...other,
  });
  expect((await ask(one, { method: 'PATCH', json: {} })).body).toMatchObject(other);

  expect((await ask(`${one}/pause`, { method: 'POST' })).body).toMatchObject({ state: 'paused' });
  expect(await ask(`${one}/test`, { method: 'POST' })).toMatchObject({
    status: 409,
    body: { type: type('webhook-paused') },
  });
  expect((await ask(`${one}/resume`, { method: 'POST' })).body).toMatchObject({ state: 'active' });
  expect((await ask(one, { method: 'DELETE' })).status).toBe(204);
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    expect(await ask(one, { method, ...(method === 'PATCH' && { json: {} }) })).toMatchObject({
      status: 404,
      body: { type: type('no-such-webhook') },
    });
  }
  expect((await ask('/webhooks')).body.data).toEqual([]);
});

test('an address that leads nowhere we may go, and fields that are wrong, are refused by name', async () => {
  const json = { url, events: ['reply.received'] };
  const { body: webhook } = await ask('/webhooks', { json });
  for (const [path, wrong] of [
    ['url', { url: 'https://127.0.0.1/hooks' }],
    ['url', { url: 'https://169.254.169.254/' }],
    ['url', { url: 'ftp://example.com' }],
    ['url', { url: '' }],
    ['events', { events: [] }],
    ['events.0', { events: ['everything'] }],
    ['withTexts', { withTexts: 'yes' }],
  ] as const) {
    for (const [address, method, body] of [
      ['/webhooks', 'POST', { ...json, ...wrong }],
      [`/webhooks/${webhook.id}`, 'PATCH', wrong],
    ] as const) {
      const answer = await ask(address, { method, json: body });
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, path]);
    }
  }
  expect(await ask('/webhooks', { json: { ...json, secret: 'own' } })).toMatchObject({ status: 422 });
  expect((await ask(`/webhooks/${webhook.id}`)).body).toMatchObject(json);
  await ask(`/webhooks/${webhook.id}`, { method: 'DELETE' });
});

test('ten at most, each with an idempotency key once, and its secret is kept by nobody in clear', async () => {
  const one = await createAccount(db.pool);
  const { secret: own } = await createApiKey(db.pool, one);
  const json = { url, events: [...webhookChoices] };
  const request = { key: own, json, headers: { 'idempotency-key': 'add-once' } };
  const first = await ask('/webhooks', request);
  expect(first.status).toBe(201);
  const again = await ask('/webhooks', request);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const { rows } = await db.pool.query<{ body: string }>(
    'select body from api_answer where account_id = $1',
    [one.id],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.body).not.toContain('whsec_');
  const other = { ...request, json: { ...json, withTexts: true } };
  expect(await ask('/webhooks', other)).toMatchObject({ body: { type: type('idempotency-key-reused') } });

  for (let count = 1; count < 10; count++) await ask('/webhooks', { key: own, json });
  expect(await ask('/webhooks', { key: own, json })).toMatchObject({
    status: 409,
    body: { type: type('too-many-webhooks') },
  });
  expect((await ask('/webhooks', { key: own })).body.data).toHaveLength(10);
});

test('a new secret signs beside the old one, which works on for so long', async () => {
  const made = await createEndpoint(db.pool, account, receiver.url);
  const rotated = await ask(`/webhooks/${made.id}/rotate-secret`, { json: {} });
  expect(rotated).toMatchObject({ status: 200, body: { previousSecretUntil: expect.any(String) } });
  expect(rotated.body.secret).not.toBe(made.secret);
  receiver.received.length = 0;
  const sent = await ask(`/webhooks/${made.id}/test`, { method: 'POST' });
  expect(sent).toMatchObject({ status: 202, body: { type: 'webhook.test', state: 'waiting', attempts: 0 } });
  await sendDue(createSender(db.pool));
  const [request] = receiver.received;
  for (const secret of [made.secret, rotated.body.secret]) {
    new Webhook(secret).verify(request?.text ?? '', request?.headers as Record<string, string>);
  }
  expect(request?.headers['webhook-id']).toBe(sent.body.messageId);
  const delivery = `/webhooks/${made.id}/deliveries/${sent.body.id}`;
  expect((await ask(delivery)).body).toMatchObject({
    state: 'delivered',
    attempts: 1,
    statusCode: 204,
    body: request?.text,
  });
  expect(
    (await ask(`/webhooks/${made.id}/rotate-secret`, { json: { overlapHours: 0 } })).body.secret,
  ).not.toBe(rotated.body.secret);
  await ask(`/webhooks/${made.id}`, { method: 'DELETE' });
});

test('the log has pages and a filter; what was given up or taken is sent again under its id', async () => {
  const made = await createEndpoint(db.pool, account, receiver.url, { events: ['opt_out.created'] });
  const numbers = Array.from({ length: 5 }, nextMsisdn);
  await ask('/opt-outs/bulk', { json: { numbers } });
  receiver.received.length = 0;
  receiver.answer = (response, { body }) =>
    response.writeHead(body.data.number === `+${numbers[0]}` ? 500 : 200).end('noted');
  await sendDue(createSender(db.pool));

  const log = `/webhooks/${made.id}/deliveries`;
  const read: { id: string; state: string; answer: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await ask(`${log}?limit=2${cursor && `&cursor=${cursor}`}`);
    read.push(...body.data);
    cursor = body.next;
  }
  expect(read.map(({ state }) => state).sort()).toEqual([
    'delivered',
    'delivered',
    'delivered',
    'delivered',
    'waiting',
  ]);
  expect(read.map(({ id }) => Number(id))).toEqual(read.map(({ id }) => Number(id)).sort((a, b) => b - a));
  const [failed] = (await ask(`${log}?state=waiting`)).body.data;
  expect(failed).toMatchObject({ statusCode: 500, answer: 'noted', nextAttemptAt: expect.any(String) });

  const taken = read.find(({ state }) => state === 'delivered') as { id: string };
  receiver.received.length = 0;
  expect(await ask(`${log}/${taken.id}/resend`, { method: 'POST' })).toMatchObject({
    status: 202,
    body: { id: taken.id, state: 'waiting' },
  });
  await sendDue(createSender(db.pool));
  expect(receiver.received).toHaveLength(1);
  await db.pool.query(`update webhook_delivery set state = 'SENDING' where account_id = $1 and id = $2`, [
    account.id,
    taken.id,
  ]);
  expect(await ask(`${log}/${taken.id}/resend`, { method: 'POST' })).toMatchObject({
    status: 409,
    body: { type: type('delivery-under-way') },
  });

  // Of another webhook or account there is no such delivery.
  const missing = { status: 404, body: { type: type('no-such-delivery') } };
  for (const [path, method] of [
    ['', 'GET'],
    ['/resend', 'POST'],
  ] as const) {
    const stranger = { method, key: strangersKey };
    expect(await ask(`${log}/${taken.id}${path}`, stranger)).toMatchObject(missing);
    expect(await ask(`/webhooks/999999/deliveries/${taken.id}${path}`, { method })).toMatchObject(missing);
    expect(await ask(`${log}/999999999${path}`, { method })).toMatchObject(missing);
  }
  const one = `/webhooks/${made.id}`;
  for (const [path, method] of [
    ['', 'GET'],
    ['', 'DELETE'],
    ['/deliveries', 'GET'],
    ['/pause', 'POST'],
    ['/resume', 'POST'],
    ['/test', 'POST'],
  ] as const) {
    expect(await ask(`${one}${path}`, { method, key: strangersKey })).toMatchObject({
      status: 404,
      body: { type: type('no-such-webhook') },
    });
  }
  const foreign = { key: strangersKey, json: {} };
  expect((await ask(one, { ...foreign, method: 'PATCH' })).status).toBe(404);
  expect((await ask(`${one}/rotate-secret`, foreign)).status).toBe(404);
  expect((await ask('/webhooks', { key: strangersKey })).body.data).toEqual([]);
  expect((await ask('/webhooks/2147483648')).status).toBe(404);
  expect((await ask(one)).body).toMatchObject({ state: 'active', url: receiver.url });
});
