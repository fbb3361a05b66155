import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import type { ListParams } from '@/lib/lists/list-search';
import { streamFile } from '@/lib/lists/file-download';
import { readList } from '@/lib/lists/read-list';
import type { ListPage } from '@/lib/lists/schema';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  createManualOptOut,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { describeRule, kindLabels, ruleGroupLabels } from './labels';
import { optOutList, type OptOutRow } from './list';
import { composeListFile } from '@/testing/list-file';

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

async function readTable(account: TestAccount, params: ListParams = {}): Promise<OptOutRow[]> {
  const rows: OptOutRow[] = [];
  let cursor: string | null = null;
  do {
    const { filter } = optOutList.readFilter(params);
    const page: ListPage<OptOutRow> = await readList(
      db.pool,
      optOutList,
      account.scope,
      filter,
      cursor,
      timeZone,
    );
    rows.push(...page.rows);
    cursor = filter.sort === 'newest' ? page.older : page.newer;
  } while (cursor !== null);
  return rows;
}

interface ReadOptions {
  separator?: string;
  columns?: string[] | null;
  numbersAsText?: boolean;
}

async function readFile(
  account: TestAccount,
  params: ListParams = {},
  { separator = ',', columns = null, numbersAsText = false }: ReadOptions = {},
): Promise<Record<string, string>[]> {
  const query = composeListFile(
    optOutList,
    account.scope,
    optOutList.readFilter(params).filter,
    timeZone,
    columns,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of await streamFile(
    db.copyPool,
    query,
    { type: 'csv', separator, numbersAsText },
    'List',
  ))
    chunks.push(Buffer.from(chunk));
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
    expect(await readFile(account, {}, { separator })).toEqual(table.map(describeRow));
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
    const table = await readTable(account, { q: search });
    expect(table).toHaveLength(count);
    expect(await readFile(account, { q: search })).toEqual(table.map(describeRow));
  }
});

test('in the file, and only there, a formula is made harmless', async () => {
  const account = await createAccount(db.pool, { keywords: [{ word: 'hyperlink', match: 'PREFIX' }] });
  const text = '=HYPERLINK("http://evil.example","Click")';
  await createOptOuts(account, [text]);
  expect((await readTable(account)).map(({ replyText }) => replyText)).toEqual([text]);
  expect((await readFile(account)).map((row) => row['Reply'])).toEqual([`'${text}`]);
});

test('every filter and either order: table and file agree, and have what they should', async () => {
  const account = await createAccount(db.pool, { keywords: [{ word: 'genoeg', match: 'EXACT' }] });
  await createOptOuts(account, ['Stop', 'stop sending me this', 'unsub', 'genoeg']);
  for (const kind of ['MANUAL', 'IMPORT', 'API', 'STAFF'] as const)
    await createManualOptOut(db.pool, account, nextMsisdn(), kind);
  const cases: [ListParams, string[]][] = [
    [{ kind: 'REPLY' }, ['genoeg', 'unsub', 'stop sending me this', 'Stop']],
    [{ kind: 'REPLY', sort: 'oldest' }, ['Stop', 'stop sending me this', 'unsub', 'genoeg']],
    [{ kind: 'STAFF,MANUAL' }, ['STAFF', 'MANUAL']],
    [{ kind: 'IMPORT,REPLY', rule: 'own' }, ['genoeg']],
    [{ rule: 'exact' }, ['Stop']],
    [{ rule: 'prefix' }, ['stop sending me this']],
    [{ rule: 'extra' }, ['unsub']],
    [{ rule: 'review' }, []],
    [{ kind: 'REPLY', q: 'stop' }, ['stop sending me this', 'Stop']],
    [{ from: '2999-01-01' }, []],
    [{ to: '2999-01-01', kind: 'API' }, ['API']],
  ];
  for (const [params, expected] of cases) {
    const table = await readTable(account, params);
    expect(table.map((row) => row.replyText ?? row.kind)).toEqual(expected);
    expect(await readFile(account, params)).toEqual(table.map(describeRow));
  }
});

test('a file of some columns, with numbers that spreadsheets keep', async () => {
  const account = await createAccount(db.pool);
  const msisdn = nextMsisdn();
  await createManualOptOut(db.pool, account, msisdn, 'IMPORT');
  expect(await readFile(account, {}, { columns: ['kind', 'number'], numbersAsText: true })).toEqual([
    { Number: `="${msisdn}"`, 'How it came': 'Import' },
  ]);
});

test.each([
  ['exact:stop', 'exact'],
  ['prefix:opt_out', 'prefix'],
  ['extra:unsub', 'extra'],
  ['own:exact:genoeg', 'own'],
  ['review:slip', 'review'],
])('the rule %s is in the group %s', async (rule, group) => {
  expect(Object.keys(ruleGroupLabels)).toContain(group);
  const { rows } = await db.pool.query(`select split_part($1, ':', 1) as group`, [rule]);
  expect(rows).toEqual([{ group }]);
});
