import { NextRequest } from 'next/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CustomerSession } from '@/lib/auth/gates';
import type * as client from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findLeftOut } from '@/lib/number-lists/file/columns';
import { firstPartBytes, inspectFile, type Preview } from '@/lib/number-lists/file/inspect';
import { readNumberList } from '@/lib/number-lists/queries';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { GET as downloadList } from '../downloads/[list]/route';
import { GET as downloadFile } from './[id]/[file]/route';
import { POST } from './route';

let db: TestDatabase;
let account: TestAccount;

// Who asks is decided by a cookie, which the browser tests have.
vi.mock('@/lib/auth/gates', () => ({
  findCustomer: async (): Promise<CustomerSession> => ({
    scope: account.scope,
    role: 'OWNER',
    user: { id: account.userId, name: account.username, username: account.username },
    account: { id: account.id, name: account.name, timeZone: 'Africa/Johannesburg' },
    session: { id: 'a session', accountId: account.id },
  }),
}));
vi.mock('@/lib/number-lists/upload-pool', () => ({ getUploadPool: () => db.copyPool }));
vi.mock('@/lib/lists/download-pool', () => ({ getDownloadPool: () => db.copyPool }));
vi.mock('@/lib/db/client', async (load) => ({ ...(await load<typeof client>()), getPool: () => db.pool }));

const lesotho = '26658123456';
let recipients: string[];
/** What strangers write: with separators, quotation marks, formulas and numbers that are not theirs. */
const replies = [
  'Stop',
  'stop send "0831234567", thanks; 0841234567',
  'opt out;=1+1\n0841234567,"',
  'Opt-out\t0841234567|+27851234567 ::: ^~#',
];

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  // A sender number of its own that looks like a phone's
  account = await createAccount(db.pool, { credits: 1000 });
  recipients = [lesotho, ...replies.slice(1).map(() => nextMsisdn())];
  await queueMessages(db.pool, account, recipients, 'Sale: "50 %", call 0861123123; or 0821234567, today');
  await receiveReplies(
    db.pool,
    recipients.map((from, index) =>
      composeReply({ from, to: account.senderNumber as string, text: replies[index] as string }),
    ),
  );
});
afterAll(() => db.close());

async function readBytes(response: Response): Promise<Buffer> {
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function inspect(bytes: Buffer): Promise<Preview> {
  const inspection = await inspectFile(bytes.subarray(0, firstPartBytes), [bytes]);
  if (!inspection.ok) throw new Error(inspection.problem);
  return inspection.preview;
}

/** Hands a file in as the page does, with what it proposes. */
async function check(bytes: Buffer, { format }: Preview): Promise<string> {
  const query = new URLSearchParams({
    purpose: 'CHECK',
    name: 'again.csv',
    separator: format.separator,
    encoding: format.encoding,
    header: String(format.headerRows),
  });
  for (const column of format.columns) query.append('column', String(column));
  const answer = await POST(
    new NextRequest(`http://localhost/api/number-lists?${query}`, {
      method: 'POST',
      body: bytes as BodyInit,
      headers: { 'content-length': String(bytes.length) },
    }),
  );
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const separators = [',', ';', '\t', '|', '^', '~', '#', ':', '/'];

describe.each(['auto-opt-outs', 'outgoing', 'incoming'])('the file of %s, read again', (list) => {
  test.each(separators.flatMap((separator) => [false, true].map((asText) => ({ separator, asText }))))(
    'with $separator between its fields, numbers as text: $asText',
    async ({ separator, asText }) => {
      const query = new URLSearchParams({ separator, ...(asText && { text: '1' }) });
      const bytes = await readBytes(
        await downloadList(new NextRequest(`http://localhost/api/downloads/${list}?${query}`), {
          params: Promise.resolve({ list }),
        }),
      );
      const preview = await inspect(bytes);
      const { columns, format, lines, broken } = preview;
      expect(format).toMatchObject({ separator, headerRows: 1, encoding: 'utf-8' });
      expect(format.columns.map((column) => columns[column]!.name)).toEqual(['Number']);
      expect(broken).toBe(0);
      const stored = (await readNumberList(db.pool, account.scope, await check(bytes, preview)))!;
      expect(stored).toMatchObject({ lines, numbers: lines, invalid: 0 });
      expect(stored.numbers - stored.duplicates).toBe(recipients.length);
    },
  );
});

test('the files of a check, read again, have its numbers once and offer no column twice', async () => {
  const content = Buffer.from(`name,cell\n${recipients.map((msisdn) => `x,+${msisdn}\n`).join('')}`);
  const id = await check(content, await inspect(content));
  for (const separator of separators) {
    for (const file of ['report', 'blocked']) {
      const query = new URLSearchParams({ separator });
      const bytes = await readBytes(
        await downloadFile(new NextRequest(`http://localhost/api/number-lists/${id}/${file}?${query}`), {
          params: Promise.resolve({ id, file }),
        }),
      );
      const preview = await inspect(bytes);
      const { columns, format } = preview;
      expect(format.columns.map((column) => columns[column]!.name)).toEqual(['Number']);
      expect(findLeftOut(columns, format.columns)).toEqual([]);
      const again = await readNumberList(db.pool, account.scope, await check(bytes, preview));
      expect(again).toMatchObject({ numbers: recipients.length, invalid: 0, duplicates: 0 });
    }
  }
});
