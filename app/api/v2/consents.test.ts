import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addOptOuts } from '@/lib/opt-outs/commands';
import { askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let strangersKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool);
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ secret: strangersKey } = await createApiKey(db.pool, await createAccount(db.pool)));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });
const type = (code: string) => expect.stringMatching(new RegExp(`#${code}$`));
const hash = 'c0ffee00'.repeat(8);
const consent = {
  givenAt: '2026-11-01T09:30:00+02:00',
  source: 'web-form',
  wording: ' Yes, send me offers by SMS. ',
  url: 'https://shop.example/consents/1',
  file: { name: 'form.pdf', sha256: hash.toUpperCase() },
};

test('consents are recorded, each number once, and read back one by one and as a list', async () => {
  const [one, two, gone] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  await addOptOuts(db.pool, account.scope, [gone]);
  const numbers = [`0${one.slice(2)}`, two, `+${one}`, '021 555 0123', gone];
  const recorded = await ask('/consents', { json: { ...consent, numbers } });
  expect(recorded).toMatchObject({
    status: 200,
    body: { recorded: 2, alreadyThere: 0, optedOutSince: 1, invalid: 1, duplicates: 1 },
  });
  expect(recorded.body.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    'recorded',
    'recorded',
    'duplicate',
    'invalid',
    'opted-out-since',
  ]);
  const shown = {
    number: `+${one}`,
    givenAt: '2026-11-01T07:30:00.000Z',
    source: 'web-form',
    wording: 'Yes, send me offers by SMS.',
    url: consent.url,
    file: { name: 'form.pdf', sha256: hash },
  };
  expect(await ask(`/consents/${one}`)).toMatchObject({ status: 200, body: shown });
  const first = await ask('/consents?limit=1');
  const second = await ask(`/consents?limit=1&cursor=${first.body.next}`);
  expect([...first.body.data, ...second.body.data].map(({ number }) => number).sort()).toEqual(
    [`+${one}`, `+${two}`].sort(),
  );
  expect(second.body.next).toBeNull();
  // an opt-out ends it
  await ask(`/opt-outs/${one}`, { method: 'PUT' });
  expect(await ask(`/consents/${one}`)).toMatchObject({ status: 404, body: { type: type('no-consent') } });
});

test('asked again under the same key it is the same answer; with the same consent it changes nothing', async () => {
  const json = { ...consent, numbers: [nextMsisdn()] };
  const headers = { 'idempotency-key': randomUUID() };
  const first = await ask('/consents', { json, headers });
  expect(await ask('/consents', { json, headers })).toMatchObject({ status: 200, body: first.body });
  expect(first.body.recorded).toBe(1);
  expect((await ask('/consents', { json })).body).toMatchObject({ recorded: 0, alreadyThere: 1 });
  const other = await ask('/consents', { json: { ...json, wording: 'Other' }, headers });
  expect(other).toMatchObject({ body: { type: type('idempotency-key-reused') } });
});

test('another account has none of them', async () => {
  const number = nextMsisdn();
  await ask('/consents', { json: { ...consent, numbers: [number] } });
  expect((await ask(`/consents/${number}`)).status).toBe(200);
  expect((await ask(`/consents/${number}`, { key: strangersKey })).status).toBe(404);
  expect((await ask('/consents', { key: strangersKey })).body).toEqual({ data: [], next: null });
});

test('a consent is withdrawn, by its own account, and does not come back', async () => {
  const number = nextMsisdn();
  const json = { ...consent, numbers: [number] };
  await ask('/consents', { json });
  const withdraw = (change: Partial<ApiRequest> = {}) =>
    ask(`/consents/${number}/withdrawal`, { json: { reason: ' They rang ' }, ...change });
  expect(await withdraw({ key: strangersKey })).toMatchObject({ status: 404 });
  expect(
    await withdraw({ json: { reason: 'They rang', withdrawnAt: '2026-10-31T00:00:00Z' } }),
  ).toMatchObject({ status: 409, body: { type: type('consent-given-later') } });
  expect(await withdraw({ json: { reason: ' ' } })).toMatchObject({ status: 422 });
  expect(
    await withdraw({ json: { reason: 'They rang', withdrawnAt: '2999-01-01T00:00:00Z' } }),
  ).toMatchObject({ status: 422 });
  expect(await ask(`/consents/${number}`)).toMatchObject({ status: 200 });
  expect(await withdraw()).toMatchObject({
    status: 200,
    body: {
      number: `+${number}`,
      givenAt: '2026-11-01T07:30:00.000Z',
      withdrawnAt: expect.any(String),
      reason: 'They rang',
    },
  });
  expect(await ask(`/consents/${number}`)).toMatchObject({ status: 404, body: { type: type('no-consent') } });
  expect(await withdraw()).toMatchObject({ status: 200 });
  expect(await withdraw({ json: { reason: 'Other' } })).toMatchObject({
    status: 404,
    body: { type: type('no-consent') },
  });
  expect((await ask('/consents', { json })).body).toMatchObject({ recorded: 0, withdrawnSince: 1 });
});

test.each([
  ['a day to come', { givenAt: '2999-01-01T00:00:00Z' }, 'givenAt'],
  ['no wording', { wording: ' ' }, 'wording'],
  ['another source', { source: 'carrier pigeon' }, 'source'],
  ['an address that is none', { url: 'javascript:alert(1)' }, 'url'],
  ['half a hash', { file: { name: 'form.pdf', sha256: 'c0ffee' } }, 'file.sha256'],
  ['no numbers', { numbers: [] }, 'numbers'],
])('%s is refused, and says where', async (_, change, path) => {
  const { status, body } = await ask('/consents', {
    json: { ...consent, numbers: [nextMsisdn()], ...change },
  });
  expect(status).toBe(422);
  expect(body.errors).toEqual([expect.objectContaining({ path })]);
});
