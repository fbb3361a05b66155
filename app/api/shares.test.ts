import { NextRequest } from 'next/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as client from '@/lib/db/client';
import { patience } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { env } from '@/lib/env';
import { getPlaces } from '@/lib/http/shares';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { GET as getDownload } from './downloads/[list]/route';
import { GET as getEvidence } from './evidence/[msisdn]/route';
import { POST as postList } from './number-lists/route';

let db: TestDatabase;
let owner: TestAccount;
let other: TestAccount;
let signedIn: TestAccount;
const msisdn = nextMsisdn();

vi.mock('@/lib/auth/gates', () => ({
  findCustomer: async () => ({
    scope: signedIn.scope,
    user: { id: signedIn.userId, name: signedIn.username, username: signedIn.username },
    account: { id: signedIn.id, name: signedIn.name, timeZone: 'Africa/Johannesburg' },
  }),
}));
vi.mock('@/lib/number-lists/upload-pool', () => ({ getUploadPool: () => db.copyPool }));
vi.mock('@/lib/lists/download-pool', () => ({ getDownloadPool: () => db.copyPool }));
vi.mock('@/lib/db/client', async (load) => ({
  ...(await load<typeof client>()),
  getPool: () => db.pool,
}));

beforeAll(async () => {
  db = await createTestDatabase();
  [owner, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  for (const account of [owner, other]) await createManualOptOut(db.pool, account, msisdn);
});
beforeEach(() => {
  signedIn = owner;
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => db.close());

interface Asking {
  query?: string;
  method?: 'GET' | 'HEAD';
}

const files = {
  download: ({ query = '', method = 'GET' }: Asking = {}) =>
    getDownload(new NextRequest(`http://localhost/api/downloads/auto-opt-outs?${query}`, { method }), {
      params: Promise.resolve({ list: 'auto-opt-outs' }),
    }),
  evidence: ({ query = '', method = 'GET' }: Asking = {}) =>
    getEvidence(new NextRequest(`http://localhost/api/evidence/${msisdn}?${query}`, { method }), {
      params: Promise.resolve({ msisdn }),
    }),
};

describe.each(['download', 'evidence'] as const)('one account with its whole share of each: %s', (thing) => {
  const ask = files[thing];
  const { perAccount, places } = getPlaces(thing).rules;
  const takeAll = () => Promise.all(Array.from({ length: perAccount }, () => ask()));

  test('is told so in words, and another gets through at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    expect(perAccount).toBeLessThan(places);
    const unread = await takeAll();
    expect(unread.map(({ status }) => status)).toEqual(unread.map(() => 200));
    const wait = ask({ query: 'try=1' });
    // where short things wait for their own place, they do so for a while
    if (getPlaces(thing).rules.ownLine > 0) {
      await vi.waitFor(() => expect(getPlaces(thing).waits).toBe(1), patience);
      await vi.advanceTimersByTimeAsync(getPlaces(thing).rules.waitMs);
    }
    const refused = await wait;
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringMatching(/^Your account has two .*\. Wait until one has ended/) as string,
    });

    signedIn = other;
    const read = await ask();
    expect(read.status).toBe(200);
    expect((await read.arrayBuffer()).byteLength).toBeGreaterThan(0);
    expect(getPlaces(thing).inUse).toBe(perAccount);

    // read, cancelled or left unread: the place is free
    signedIn = owner;
    await unread[0]?.arrayBuffer();
    await unread[1]?.body?.cancel();
    expect(getPlaces(thing).inUse).toBe(0);
  });

  test('gets its places back when nobody reads', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const unread = await takeAll();
    await vi.advanceTimersByTimeAsync(env.DOWNLOAD_UNREAD_SECONDS * 1000);
    expect(getPlaces(thing).inUse).toBe(0);
    await expect(unread[0]?.arrayBuffer()).rejects.toThrow('not read on');
  });

  test('and whoever only asks holds none', async () => {
    expect((await ask({ query: 'try=1' })).status).toBe(204);
    const head = await ask({ method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, null]);
    expect(getPlaces(thing).inUse).toBe(0);
  });
});

test('an answer that is no file holds no place', async () => {
  const unknown = await getEvidence(new NextRequest('http://localhost/api/evidence/27820000000'), {
    params: Promise.resolve({ msisdn: '27820000000' }),
  });
  expect(unknown.status).toBe(404);
  expect((await files.download({ query: 'columns=nonsense' })).status).toBe(400);
  expect([getPlaces('evidence').inUse, getPlaces('download').inUse]).toEqual([0, 0]);
});

describe('uploads', () => {
  const size = 100;

  /** An upload of which so much has arrived, and how to let it break. */
  function upload(content: string, { ends = true } = {}) {
    let fail = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        fail = () => controller.error(new Error('gone'));
        controller.enqueue(Buffer.from(content));
        if (ends) controller.close();
      },
    });
    const query = 'purpose=CHECK&name=numbers.csv&separator=,&column=0&header=no&encoding=utf-8';
    const request = new NextRequest(`http://localhost/api/number-lists?${query}`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-length': String(ends ? content.length : size) },
    });
    return { answer: postList(request), fail: () => fail() };
  }

  test('of one account that do not end leave places to others, and are free when they break', async () => {
    const { perAccount, places } = getPlaces('upload').rules;
    expect(perAccount).toBeLessThan(places);
    const slow = Array.from({ length: perAccount }, () => upload('0821234567\n', { ends: false }));
    await vi.waitFor(() => expect(getPlaces('upload').inUse).toBe(perAccount), patience);
    const refused = await upload('0821234567').answer;
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('two uploads running') as string,
    });

    signedIn = other;
    expect((await upload('0821234567').answer).status).toBe(201);

    slow.forEach(({ fail }) => fail());
    for (const { answer } of slow) expect((await answer).status).toBe(400);
    expect(getPlaces('upload').inUse).toBe(0);
    signedIn = owner;
    expect((await upload('0821234567').answer).status).toBe(201);
  });
});
