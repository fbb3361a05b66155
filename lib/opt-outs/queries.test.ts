import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { streamCsv } from '@/lib/http/csv-download';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  createManualOptOut,
  nextMsisdn,
  type TestAccount,
} from '@/lib/testing/factories';
import { describeRule, kindLabels } from './labels';
import { composeOptOutDownload, countOptOuts, listOptOuts } from './queries';
import type { OptOutRow } from './schema';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';

async function createOptOuts(account: TestAccount, texts: readonly string[]): Promise<void> {
  const to = account.senderNumber as string;
  for (const text of texts) await receiveReplies(db.pool, [composeReply({ from: nextMsisdn(), to, text })]);
}

async function readTable(account: TestAccount, search = ''): Promise<OptOutRow[]> {
  const rows: OptOutRow[] = [];
  let cursor: string | null = null;
  do {
    const page = await listOptOuts(db.pool, account.scope, { search }, cursor);
    rows.push(...page.rows);
    cursor = page.older;
  } while (cursor !== null);
  return rows;
}

async function readFile(
  account: TestAccount,
  search = '',
  separator = ',',
): Promise<Record<string, string>[]> {
  const query = composeOptOutDownload(account.scope, { search }, timeZone);
  const chunks: Buffer[] = [];
  for await (const chunk of await streamCsv(db.pool, query, separator)) chunks.push(Buffer.from(chunk));
  return Papa.parse<Record<string, string>>(Buffer.concat(chunks).toString('utf8'), {
    header: true,
    delimiter: separator,
    newline: '\n',
    skipEmptyLines: true,
  }).data;
}

/** What a row of the table reads like in the file. */
function describeRow(row: OptOutRow): Record<string, string> {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return {
    Number: row.msisdn,
    Reply: row.replyText ?? '',
    Rule: row.rule === null ? '' : describeRule(row.rule),
    'How it came': kindLabels[row.kind],
    'Sender number': row.senderNumber ?? '',
    When: local.format(new Date(row.createdAt)),
  };
}

test('the table and the file agree, row by row, whatever the replies say', async () => {
  const account = await createAccount(db.pool);
  await createOptOuts(account, [
    'Stop',
    'END',
    'stop send, please; "now"\tor\nlater | €',
    'Opt-out!',
    'UNSUB',
    '  "STOP"  ',
    ...Array.from({ length: 100 }, () => 'STOP'),
  ]);
  await createManualOptOut(db.pool, account, nextMsisdn(), 'IMPORT');
  const table = await readTable(account);
  expect(table).toHaveLength(107);
  for (const separator of [',', ';', '\t', '|', '~', '-', ':']) {
    expect(await readFile(account, '', separator)).toEqual(table.map(describeRow));
  }
});

test('narrowed by a search they agree too', async () => {
  const account = await createAccount(db.pool);
  await createOptOuts(account, ['Stop', "opt out, O'Brien 100%", 'stop sending $1']);
  for (const [search, count] of [
    ["o'brien", 1],
    ['100%', 1],
    ['$1', 1],
    ['stop', 2],
    ['nothing like it', 0],
  ] as const) {
    const table = await readTable(account, search);
    expect(table).toHaveLength(count);
    expect(await readFile(account, search)).toEqual(table.map(describeRow));
  }
});

test('in the file, and only there, a formula is made harmless', async () => {
  const account = await createAccount(db.pool, { keywords: [{ word: 'hyperlink', match: 'PREFIX' }] });
  const text = '=HYPERLINK("http://evil.example","Click")';
  await createOptOuts(account, [text]);
  expect((await readTable(account)).map(({ replyText }) => replyText)).toEqual([text]);
  expect((await readFile(account)).map((row) => row['Reply'])).toEqual([`'${text}`]);
});

test('the count stops counting at a hundred thousand', async () => {
  const account = await createAccount(db.pool);
  const add = (first: number, last: number) =>
    db.pool.query(
      `insert into opt_out (account_id, msisdn, kind) select $1, 'n' || n, 'IMPORT' from generate_series($2::int, $3::int) as n`,
      [account.id, first, last],
    );
  expect(await countOptOuts(db.pool, account.scope)).toEqual({ count: 0, more: false });
  await add(1, 100_000);
  expect(await countOptOuts(db.pool, account.scope)).toEqual({ count: 100_000, more: false });
  await add(100_001, 100_002);
  expect(await countOptOuts(db.pool, account.scope)).toEqual({ count: 100_000, more: true });
});
