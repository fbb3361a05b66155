import { NextRequest } from 'next/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CustomerSession } from '@/lib/auth/gates';
import type { AccountScope } from '@/lib/auth/scope';
import type * as client from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { maxFileBytes } from '@/lib/number-lists/schema';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { GET } from './[id]/[file]/route';
import { POST } from './route';

let db: TestDatabase;
let owner: TestAccount;
let stranger: TestAccount;
/** Who is signed in; null: nobody. */
let signedIn: TestAccount | null;

// Who asks is decided by a cookie, which the browser tests have; what they may then do is decided here.
vi.mock('@/lib/auth/gates', () => ({
  findCustomer: async (): Promise<CustomerSession<AccountScope> | null> =>
    signedIn && {
      scope: signedIn.scope,
      role: 'OWNER',
      user: { id: signedIn.userId, name: signedIn.username, username: signedIn.username },
      account: { id: signedIn.id, name: signedIn.name, timeZone: 'Africa/Johannesburg' },
      session: { id: 'a session', accountId: signedIn.id },
    },
}));
vi.mock('@/lib/number-lists/upload-pool', () => ({ getUploadPool: () => db.copyPool }));
vi.mock('@/lib/lists/download-pool', () => ({ getDownloadPool: () => db.copyPool }));
vi.mock('@/lib/db/client', async (load) => ({
  ...(await load<typeof client>()),
  getPool: () => db.pool,
}));

beforeAll(async () => {
  db = await createTestDatabase();
  owner = await createAccount(db.pool);
  stranger = await createAccount(db.pool);
});
beforeEach(() => {
  signedIn = owner;
});
afterAll(() => db.close());

const query = 'name=numbers.csv&separator=,&column=0&header=no&encoding=utf-8';

function upload(
  content: string,
  { purpose = 'CHECK', headers = {} }: { purpose?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const body = Buffer.from(content);
  return POST(
    new NextRequest(`http://localhost/api/number-lists?purpose=${purpose}&${query}`, {
      method: 'POST',
      body,
      headers: { 'content-length': String(body.length), ...headers },
    }),
  );
}

function download(id: string, file: string, separator = ','): Promise<Response> {
  const address = `http://localhost/api/number-lists/${id}/${file}?${new URLSearchParams({ separator })}`;
  return GET(new NextRequest(address), { params: Promise.resolve({ id, file }) });
}

async function readId(answer: Response): Promise<string> {
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function countLists(): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>('select count(*)::int as count from number_list');
  return rows[0]!.count;
}

describe('an upload', () => {
  test.each([
    { what: 'from nobody', status: 401, send: () => ((signedIn = null), upload('0821234567')) },
    {
      what: 'from another site',
      status: 403,
      send: () => upload('0821234567', { headers: { 'sec-fetch-site': 'cross-site' } }),
    },
    { what: 'for no purpose', status: 400, send: () => upload('0821234567', { purpose: 'LIFT' }) },
    {
      what: 'of no size',
      status: 411,
      send: () => upload('0821234567', { headers: { 'content-length': 'x' } }),
    },
    {
      what: 'that is too large',
      status: 413,
      send: () => upload('0821234567', { headers: { 'content-length': String(maxFileBytes + 1) } }),
    },
    {
      what: 'that is cut off',
      status: 400,
      send: () => upload('0821234567\n0831234567', { headers: { 'content-length': '22' } }),
    },
    { what: 'that is a workbook', status: 422, send: () => upload('PK\u0003\u0004') },
  ])('$what is answered with $status and leaves nothing', async ({ status, send }) => {
    const before = await countLists();
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await countLists()).toBe(before);
  });
});

describe('the files of a list', () => {
  test('are its account’s alone', async () => {
    const msisdn = nextMsisdn();
    const id = await readId(await upload(msisdn));
    const answer = await download(id, 'clean', ';');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain(`W${owner.id}-check-${id}-clean-`);
    // not text(), which takes the byte-order mark off
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(`\uFEFFNumber\n${msisdn}\n`);

    signedIn = stranger;
    for (const file of ['report', 'clean', 'blocked']) expect((await download(id, file)).status).toBe(404);
    signedIn = null;
    expect((await download(id, 'clean')).status).toBe(401);
  });

  test('are those there are', async () => {
    const check = await readId(await upload(nextMsisdn()));
    const imported = await readId(await upload(nextMsisdn(), { purpose: 'IMPORT' }));
    expect((await download(imported, 'report')).status).toBe(200);
    expect((await download(imported, 'clean')).status).toBe(404);
    expect((await download(check, 'else')).status).toBe(404);
    expect((await download('1 or 1=1', 'report')).status).toBe(404);
    expect((await download('99999999999999999999', 'report')).status).toBe(404);
    expect((await download(check, 'report', '"')).status).toBe(400);
  });
});
