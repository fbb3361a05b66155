import { NextRequest } from 'next/server';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as client from '@/lib/db/client';
import { createDownloadPool } from '@/lib/lists/download-pool';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  createAccount,
  createManualOptOut,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { session: unknown } => ({ session: null }));
vi.mock('@/lib/auth/gates', () => ({ findCustomer: async () => signedIn.session }));
vi.mock('@/lib/db/client', async (load) => ({
  ...(await load<typeof client>()),
  getPool: () => db.pool,
}));
const { GET } = await import('./route');

let db: TestDatabase;
let account: TestAccount;
const kept = globalThis as { clientZoneDownloadPool?: ReturnType<typeof createDownloadPool> };

beforeAll(async () => {
  db = await createTestDatabase();
  kept.clientZoneDownloadPool = createDownloadPool(db.url);
  account = await createAccount(db.pool);
  await createManualOptOut(db.pool, account, '27821234567', 'MANUAL');
  await createManualOptOut(db.pool, account, '27829876543', 'IMPORT');
});
beforeEach(() => signIn(account));
afterAll(async () => {
  await kept.clientZoneDownloadPool?.end();
  delete kept.clientZoneDownloadPool;
  await db.close();
});

function signIn({ id, scope }: TestAccount) {
  signedIn.session = { account: { id, timeZone: 'Africa/Johannesburg' }, scope };
}

function download(list: string, query = ''): Promise<Response> {
  const request = new NextRequest(`http://localhost/api/downloads/${list}${query}`);
  return GET(request, { params: Promise.resolve({ list }) });
}

const readLines = async (response: Response) => (await response.text()).trimEnd().split('\n');

test('nobody who is not signed in gets anything', async () => {
  signedIn.session = null;
  expect((await download('auto-opt-outs')).status).toBe(401);
});

test.each(['nothing', 'constructor', '__proto__'])('there is no list %s', async (list) => {
  expect((await download(list)).status).toBe(404);
});

test('what the page shows: its filters and order, the chosen separator and columns', async () => {
  const everything = await download('auto-opt-outs');
  expect(everything.status).toBe(200);
  expect(everything.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(await readLines(everything)).toHaveLength(3);

  const query = '?kind=IMPORT,MANUAL&sort=oldest&separator=;&columns=kind,number&text=1&cursor=abc&q=082';
  expect(await readLines(await download('auto-opt-outs', query))).toEqual([
    'Number;How it came',
    '"=""27821234567""";"By hand"',
    '"=""27829876543""";"Import"',
  ]);
  expect(await readLines(await download('auto-opt-outs', '?q=123%2045'))).toHaveLength(2);
});

test('a workbook of what the page shows, its numbers as text', async () => {
  const answer = await download(
    'auto-opt-outs',
    '?format=xlsx&kind=IMPORT,MANUAL&sort=oldest&columns=kind,number,when',
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe(
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  );
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="W\d+-auto-opt-outs-\d{4}-\d\d-\d\d\.xlsx"$/,
  );
  const rows = await readSheet(Buffer.from(await answer.arrayBuffer()));
  expect(rows).toEqual([
    ['Number', 'How it came', 'When'],
    ['27821234567', 'By hand', expect.any(Date)],
    ['27829876543', 'Import', expect.any(Date)],
  ]);
});

test('the other lists, and nothing of another account’s', async () => {
  await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
  expect(await readLines(await download('outgoing', '?status=QUEUED'))).toHaveLength(3);
  expect(await readLines(await download('incoming', '?verdict=OPT_OUT'))).toHaveLength(1);
  signIn(await createAccount(db.pool));
  expect(await readLines(await download('outgoing'))).toHaveLength(1);
  expect(await readLines(await download('auto-opt-outs'))).toHaveLength(1);
});

describe('a file that is not what was asked for helps nobody', () => {
  test.each([
    ['?separator=ab', /exactly one character/],
    ['?format=ods', /format=csv or format=xlsx/],
    ['?kind=NOTHING', /kind/],
    ['?kind=MANUAL,NOTHING', /kind/],
    ['?rule=nothing', /rule/],
    ['?from=2026-02-31', /from/],
    ['?columns=number,nothing', /number, reply, rule/],
    ['?columns=constructor', /number, reply, rule/],
  ])('%s', async (query, detail) => {
    const response = await download('auto-opt-outs', query);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status: 400,
      detail: expect.stringMatching(detail) as string,
    });
  });
});
