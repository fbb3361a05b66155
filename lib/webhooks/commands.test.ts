import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createEndpoint } from '@/testing/webhooks';
import { addOptOuts } from '@/lib/opt-outs/commands';
import {
  changeEndpoint,
  makeEndpoint,
  pauseEndpoint,
  removeEndpoint,
  resumeEndpoint,
  rotateSecret,
  sendAgain,
  sendTest,
} from './commands';
import { expandAccount } from './expand';
import { listDeliveries, listWebhooks, readWebhook } from './queries';
import { pruneWebhooks } from './retention';
import { deliveriesPerPage, maxEndpoints, type WebhookChoice } from './schema';

let db: TestDatabase;
let account: TestAccount;
const url = 'https://shop.example/hooks';
const now = new Date();
const events: WebhookChoice[] = ['opt_out.created'];
const settings = { url, events, withTexts: false, inOrder: true };
const strict = { allowLoopback: false, allowHttp: false };

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const add = (handle: string = randomUUID(), change: Partial<typeof settings> = {}) =>
  makeEndpoint(db.pool, account.scope, { ...settings, ...change, handle }, now, strict);

test('a secret is shown once and stands in no column', async () => {
  const { id, secret } = await createEndpoint(db.pool, account, url);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { rows } = await db.pool.query(
    'select to_jsonb(webhook_endpoint)::text as row from webhook_endpoint where id = $1',
    [id],
  );
  expect(rows[0].row).not.toContain(secret.slice(6));
  expect(JSON.stringify(await listWebhooks(db.pool, account.scope, now))).not.toContain(secret.slice(6));
});

test('added again by the same form it is one, with another secret', async () => {
  const handle = randomUUID();
  const [first, second] = [await add(handle), await add(handle)];
  if (!first.ok || !second.ok) throw new Error('refused');
  expect(second.id).toBe(first.id);
  expect(second.secret).not.toBe(first.secret);
  await rotateSecret(db.pool, account.scope, { id: first.id, seen: 1, overlapHours: 1 }, now);
  expect(await add(handle)).toMatchObject({ ok: false });
});

test('added again by the same form with other choices, it is as chosen last', async () => {
  const handle = randomUUID();
  await add(handle);
  const chosen = { url: `${url}/other`, events: ['reply.received'] as WebhookChoice[], withTexts: true };
  expect(await add(handle, chosen)).toMatchObject({ ok: true });
  expect(await listWebhooks(db.pool, account.scope, now)).toEqual([expect.objectContaining(chosen)]);
});

test('a secret asked for again with another overlap signs as long as was chosen last', async () => {
  const { id } = await createEndpoint(db.pool, account, url);
  const ask = (overlapHours: number) =>
    rotateSecret(db.pool, account.scope, { id, seen: 1, overlapHours }, now);
  await ask(24);
  await ask(0);
  expect(await readWebhook(db.pool, account.scope, id, now)).toMatchObject({ previousUntil: null });
});

test('an address that is none, or private, is refused at its field, added or changed', async () => {
  for (const bad of ['shop.example', 'http://shop.example/', 'https://10.0.0.1/', 'https://localhost/']) {
    expect(await add(randomUUID(), { url: bad })).toMatchObject({
      ok: false,
      fields: { url: expect.any(String) },
    });
  }
  const { id } = await createEndpoint(db.pool, account, url);
  const change = (to: string) =>
    changeEndpoint(db.pool, account.scope, { ...settings, id, url: to }, now, strict);
  expect(await change('https://[::ffff:10.0.0.1]/')).toMatchObject({
    ok: false,
    fields: { url: expect.any(String) },
  });
  expect(await change('https://shop.example/new')).toEqual({ ok: true });
  expect(await readWebhook(db.pool, account.scope, id, now)).toMatchObject({
    url: 'https://shop.example/new',
    events,
  });
});

test('an account has a limit, also of those added at the same time', async () => {
  const results = await Promise.all(Array.from({ length: maxEndpoints + 3 }, () => add()));
  expect(results.filter(({ ok }) => ok)).toHaveLength(maxEndpoints);
});

test('what a person did twice is done once, and kept in the activity of the account', async () => {
  const { id } = await createEndpoint(db.pool, account, url);
  for (const act of [pauseEndpoint, resumeEndpoint, removeEndpoint]) {
    for (let time = 0; time < 2; time++)
      expect(await act(db.pool, account.scope, { id }, now)).toEqual({ ok: true });
  }
  const { rows } = await db.pool.query('select kind from activity where account_id = $1 order by id', [
    account.id,
  ]);
  expect(rows.map(({ kind }) => kind)).toEqual([
    'webhook.make',
    'webhook.pause',
    'webhook.resume',
    'webhook.remove',
  ]);
  expect(await listWebhooks(db.pool, account.scope, now)).toEqual([]);
});

test('another account sees nothing of it and changes nothing', async () => {
  const { id } = await createEndpoint(db.pool, account, url);
  await addOptOuts(db.pool, account.scope, [nextMsisdn()]);
  await expandAccount(db.pool, account.id);
  const [delivery] = (await listDeliveries(db.pool, account.scope, id, null)).rows;
  const stranger = (await createAccount(db.pool)).scope;
  expect(await listWebhooks(db.pool, stranger, now)).toEqual([]);
  expect(await readWebhook(db.pool, stranger, id, now)).toBeNull();
  expect((await listDeliveries(db.pool, stranger, id, null)).rows).toEqual([]);
  const refused = await Promise.all([
    changeEndpoint(db.pool, stranger, { ...settings, id }, now, strict),
    rotateSecret(db.pool, stranger, { id, seen: 1, overlapHours: 0 }, now),
    pauseEndpoint(db.pool, stranger, { id }, now),
    resumeEndpoint(db.pool, stranger, { id }, now),
    removeEndpoint(db.pool, stranger, { id }, now),
    sendTest(db.pool, stranger, { id }),
    sendAgain(db.pool, stranger, { id: delivery?.id ?? '' }),
  ]);
  expect(refused.map(({ ok }) => ok)).toEqual(Array<boolean>(7).fill(false));
  expect(await readWebhook(db.pool, account.scope, id, now)).toMatchObject({
    state: 'ACTIVE',
    generation: 1,
  });
});

test('the log is read page by page, the newest first', async () => {
  const { id } = await createEndpoint(db.pool, account, url);
  await addOptOuts(db.pool, account.scope, Array.from({ length: deliveriesPerPage + 5 }, nextMsisdn));
  await expandAccount(db.pool, account.id);
  const first = await listDeliveries(db.pool, account.scope, id, null);
  const second = await listDeliveries(db.pool, account.scope, id, first.older);
  expect([first.rows.length, second.rows.length, second.older]).toEqual([deliveriesPerPage, 5, null]);
  const ids = [...first.rows, ...second.rows].map((row) => Number(row.id));
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
});

test.each(['account', 'number'] as const)('the log of an %s on legal hold is not cleared', async (what) => {
  const { id } = await createEndpoint(db.pool, account, url);
  const [held, free] = [nextMsisdn(), nextMsisdn()];
  await addOptOuts(db.pool, account.scope, [held, free]);
  await expandAccount(db.pool, account.id);
  await db.pool.query(
    `update webhook_delivery set created_at = now() - interval '31 days' where account_id = $1`,
    [account.id],
  );
  await db.pool.query(
    `insert into legal_hold (held_account_id, msisdn, reason, created_by, created_at) values ($1, $2, 'Case 22', 1, now())`,
    what === 'account' ? [account.id, null] : [null, held],
  );
  await pruneWebhooks(db.pool);
  const { rows } = await listDeliveries(db.pool, account.scope, id, null);
  expect(rows).toHaveLength(what === 'account' ? 2 : 1);
  await db.pool.query(`delete from legal_hold where reason = 'Case 22'`);
});

test('the log is cleared after its time, and with its webhook', async () => {
  const kept = await createEndpoint(db.pool, account, url);
  const removed = await createEndpoint(db.pool, account, url);
  await addOptOuts(db.pool, account.scope, [nextMsisdn(), nextMsisdn()]);
  await expandAccount(db.pool, account.id);
  await db.pool.query(
    `update webhook_delivery set created_at = now() - interval '31 days'
     where account_id = $1 and endpoint_id = $2 and id = (select min(id) from webhook_delivery where endpoint_id = $2)`,
    [account.id, kept.id],
  );
  await removeEndpoint(db.pool, account.scope, { id: removed.id }, now);
  await pruneWebhooks(db.pool);
  expect((await listDeliveries(db.pool, account.scope, kept.id, null)).rows).toHaveLength(1);
  expect((await listDeliveries(db.pool, account.scope, removed.id, null)).rows).toEqual([]);
  const endpoints = async () => {
    const found = 'select id from webhook_endpoint where account_id = $1 order by id';
    return (await db.pool.query<{ id: number }>(found, [account.id])).rows.map(({ id }) => id);
  };
  // a statement that began before it was removed may still write an event for it
  expect(await endpoints()).toEqual([kept.id, removed.id]);
  await db.pool.query(
    `update webhook_endpoint set removed_at = now() - interval '61 minutes' where id = $1`,
    [removed.id],
  );
  await pruneWebhooks(db.pool);
  expect(await endpoints()).toEqual([kept.id]);
});
