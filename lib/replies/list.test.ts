import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import type { ListPage } from '@/lib/lists/schema';
import { describeRule } from '@/lib/opt-outs/labels';
import { composeReply, createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { receiveReplies } from './commands';
import { verdictLabels } from './labels';
import { replyList, type ReplyRow } from './list';
import { composeListFile } from '@/testing/list-file';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';

async function receive(account: TestAccount, ...replies: { from?: string; text: string }[]): Promise<void> {
  const to = account.senderNumber as string;
  for (const { from = nextMsisdn(), text } of replies)
    await receiveReplies(db.pool, [composeReply({ from, to, text })]);
}

async function readTable(account: TestAccount, search = ''): Promise<ReplyRow[]> {
  const rows: ReplyRow[] = [];
  let cursor: string | null = null;
  do {
    const page: ListPage<ReplyRow> = await readList(
      db.pool,
      replyList,
      account.scope,
      replyList.readFilter({ q: search }).filter,
      cursor,
      timeZone,
    );
    rows.push(...page.rows);
    cursor = page.older;
  } while (cursor !== null);
  return rows;
}

async function readFile(account: TestAccount, search = ''): Promise<Record<string, unknown>[]> {
  const { rows } = await db.pool.query<Record<string, unknown>>(
    composeCsvSelect(
      composeListFile(replyList, account.scope, replyList.readFilter({ q: search }).filter, timeZone, null),
    ),
  );
  return rows;
}

test('the table and the file agree, newest first', async () => {
  const account = await createAccount(db.pool);
  await receive(
    account,
    ...['hello', 'Stop', 'stop please', '', 'Ωmega 🛑', ...Array<string>(60).fill('and again')].map(
      (text) => ({ text }),
    ),
  );
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  for (const [search, count] of [
    ['', 65],
    ['stop', 2],
    ['Ω', 1],
  ] as const) {
    const table = await readTable(account, search);
    expect(table).toHaveLength(count);
    expect(await readFile(account, search)).toEqual(
      table.map((row) => ({
        Number: row.msisdn,
        'Sender number': row.senderNumber,
        Reply: row.text,
        Verdict: verdictLabels[row.verdict],
        Rule: row.rule === null ? null : describeRule(row.rule),
        Received: local.format(new Date(row.receivedAt)),
      })),
    );
  }
});

test('the list shows the beginning of a megabyte; the file has all of it', async () => {
  const account = await createAccount(db.pool);
  const text = 'ab'.repeat(500_000);
  await receive(account, { text });
  expect(await readTable(account)).toMatchObject([{ text: text.slice(0, 1000), wholeLength: 1_000_000 }]);
  expect((await readFile(account)).map((row) => row['Reply'])).toEqual([text]);
});

test('in the file neither a reply nor a sender’s name is a formula', async () => {
  const account = await createAccount(db.pool);
  await receive(account, { from: '=1+1', text: '@SUM(A1)' });
  expect(await readTable(account)).toMatchObject([{ msisdn: '=1+1', text: '@SUM(A1)' }]);
  expect(await readFile(account)).toMatchObject([{ Number: "'=1+1", Reply: "'@SUM(A1)" }]);
});
