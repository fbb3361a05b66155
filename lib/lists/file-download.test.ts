import { readSheet } from 'read-excel-file/node';
import Papa from 'papaparse';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDownloadPool } from './download-pool';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { waitUntil } from '@/testing/poll';
import { separatorSchema, type DownloadFormat } from './download-format';
import { composeFileHeaders, streamFile } from './file-download';
import { inlineValues, type FileColumn, type FileQuery } from './file-query';
import type { ColumnType } from './schema';

let db: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => {
  pool = createDownloadPool(db.url);
});
afterEach(() => pool.end());
afterAll(() => db.close());

const csv: DownloadFormat = { type: 'csv', separator: ',', numbersAsText: false };
const xlsx: DownloadFormat = { type: 'xlsx' };
const formats = { csv, xlsx };

type Column = readonly [label: string, type: ColumnType, sql: string];

/** A file of rows that are made as they are read. */
function composeRowsQuery(
  columns: readonly Column[],
  source: string,
  timeZone = 'Africa/Johannesburg',
): FileQuery {
  const toColumn = ([label, type, sql]: Column): FileColumn => ({ id: label, label, type, sql });
  return { columns: columns.map(toColumn), source, values: [], timeZone };
}

/** So many numbered rows: in FROM, generate_series would make them all first. */
const numbered = (count: number) => `from (select generate_series(1, ${count}) as n) as numbered`;
// A workbook is zipped: texts that are all the same would never fill its way to the reader.
const noise = `(select string_agg(md5(n::text || place), '') from generate_series(1, 30) as place)`;
const endless = composeRowsQuery(
  [
    ['Number', 'integer', 'n'],
    ['Text', 'text', noise],
  ],
  numbered(100_000_000),
);
const one = composeRowsQuery([['n', 'integer', '1']], '');

const open = (file: FileQuery, format: DownloadFormat = csv) => streamFile(pool, file, format, 'List');

async function readBytes(file: FileQuery, format: DownloadFormat = csv): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await open(file, format)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const readAll = async (file: FileQuery, format?: DownloadFormat) =>
  (await readBytes(file, format)).toString('utf8');

/** Rows of a file, its header first. */
function parse(file: string, separator = ','): string[][] {
  return Papa.parse<string[]>(file.slice(1), { delimiter: separator, skipEmptyLines: true }).data;
}

/** What the downloads of this database are doing on the server. */
async function listCopies(): Promise<{ pid: number; wait_event: string | null }[]> {
  const { rows } = await db.pool.query<{ pid: number; wait_event: string | null }>(
    `select pid, wait_event from pg_stat_activity
     where datname = current_database() and application_name = 'client-zone download' and state = 'active'`,
  );
  return rows;
}

describe('the field separator', () => {
  const allowed = ['\t', ...'!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'];

  test.each(allowed)('%j may be one, and the file reads back', async (separator) => {
    expect(separatorSchema.safeParse(separator)).toMatchObject({ success: true });
    const cells = [
      '27821234567',
      'plain',
      `with ${separator} in it`,
      'with " and \' in it',
      'over\ntwo lines',
      '',
      '\\.',
    ];
    const columns = cells.map((cell, index): Column => [
      `column ${index}`,
      index === 0 ? 'number' : 'text',
      inlineValues('$1', [cell]),
    ]);
    const file = await readAll(composeRowsQuery(columns, ''), { ...csv, separator });
    expect(parse(file, separator)).toEqual([columns.map(([label]) => label), cells]);
  });

  test.each(['', ',,', ', ', '"', "'", '\n', '\r', '\r\n', '\0', ' ', 'a', 'Z', '0', '§', '€', '🛑', 'é'])(
    '%j may not, and the answer says why',
    (separator) => {
      const parsed = separatorSchema.safeParse(separator);
      expect(parsed.success).toBe(false);
      expect(parsed.error?.issues[0]?.message).toMatch(/\.$/);
    },
  );
});

describe('the CSV file', () => {
  test('begins with a byte-order mark and the column names, also without rows', async () => {
    const file = composeRowsQuery(
      [
        ['Number', 'number', "'27821234567'"],
        ['How it came', 'words', "'Reply'"],
      ],
      'where false',
    );
    expect(await readAll(file)).toBe('\ufeffNumber,How it came\n');
  });

  test('texts stand in quotes, numbers and dates do not, and what is not there is nothing', async () => {
    const file = composeRowsQuery(
      [
        ['Number', 'number', "'27821234567'"],
        ['Text', 'text', "'Stop'"],
        ['Nothing', 'text', 'null::text'],
        ['Empty', 'text', "''"],
        ['Count', 'integer', '7'],
        ['When', 'time', "'2026-11-22 22:30:00.999+00'::timestamptz"],
      ],
      '',
    );
    expect(await readAll(file)).toBe(
      '\ufeffNumber,Text,Nothing,Empty,Count,When\n27821234567,"Stop",,"",7,2026-11-23 00:30:00\n',
    );
  });
});

describe.each(Object.entries(formats))('a file as %s', (type, format) => {
  async function readRows(file: FileQuery): Promise<unknown[][]> {
    const bytes = await readBytes(file, format);
    return type === 'csv' ? parse(bytes.toString('utf8')) : await readSheet(bytes);
  }

  test('has times of the account’s own', async () => {
    const at = `'2026-11-22 22:30:00.923456+00'::timestamptz`;
    for (const [zone, local] of [
      ['Africa/Johannesburg', '2026-11-23 00:30:00'],
      ['Etc/UTC', '2026-11-22 22:30:00'],
      ['America/New_York', '2026-11-22 17:30:00'],
    ] as const) {
      const rows = await readRows(composeRowsQuery([['When', 'time', at]], '', zone));
      // A day has no exact parts of 86,400; spreadsheets round to what they show.
      const shown = rows[1]?.map((cell) =>
        cell instanceof Date ? new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString() : cell,
      );
      expect(shown).toEqual([type === 'csv' ? local : `${local.replace(' ', 'T')}.000Z`]);
    }
  });

  test('has all rows of a long list', async () => {
    const length = isLong ? 100_000 : 10_000;
    const rows = await readRows(composeRowsQuery([['Number', 'integer', 'n']], numbered(length)));
    expect(rows).toHaveLength(length + 1);
    expect(rows.slice(1).every(([n], index) => Number(n) === index + 1)).toBe(true);
  });
});

describe('values written into a query', () => {
  test.each(["'; drop table reply; --", "\\'; --", 'a\\', '$1', '$2', "E'\\x41'", '%_', "O'Brien", '€🛑'])(
    '%j stays a value',
    async (value) => {
      const query = inlineValues('select $1::text as a, $2::int as b, $1::text as c', [value, 7]);
      const { rows } = await db.pool.query<object>(query);
      expect(rows).toEqual([{ a: value, b: 7, c: value }]);
    },
  );

  test('null is null, and a value that is not there is a mistake', () => {
    expect(inlineValues('select $1', [null])).toBe('select null');
    expect(() => inlineValues('select $2', ['a'])).toThrow(RangeError);
  });
});

describe.each(Object.entries(formats))('a reader of %s', (_, format) => {
  test('who goes away frees the connection and ends the query on the server', async () => {
    await waitUntil('no query is left', async () => (await listCopies()).length === 0);
    const reader = (await open(endless, format)).getReader();
    await reader.read();
    expect(await listCopies()).toHaveLength(1);
    await reader.cancel();
    await waitUntil('the query has ended', async () => (await listCopies()).length === 0);
    expect(pool.totalCount).toBe(0);
    // and the pool goes on
    expect(await readAll(one)).toBe('\ufeffn\n1\n');
  });

  test('who has read nothing yet may go away too', async () => {
    await (await open(endless, format)).cancel();
    await waitUntil('the query has ended', async () => (await listCopies()).length === 0);
    expect(pool.totalCount).toBe(0);
  });

  test('who stops reading stops the query: nothing piles up in memory', async () => {
    const reader = (await open(endless, format)).getReader();
    await reader.read();
    // the server waits until somebody takes what it has written
    await waitUntil('the server waits', async () => (await listCopies())[0]?.wait_event === 'ClientWrite');
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
    await waitUntil('the query has ended', async () => (await listCopies()).length === 0);
  });

  test('more readers than connections wait for one another', async () => {
    const slow = (index: number) =>
      composeRowsQuery(
        [
          ['n', 'integer', String(index)],
          ['s', 'text', 'pg_sleep(0.01)::text'],
        ],
        '',
      );
    const files = await Promise.all(Array.from({ length: 12 }, (_, index) => readBytes(slow(index), format)));
    expect(files.every((file) => file.length > 5)).toBe(true);
    await waitUntil('all are free', () => Promise.resolve(pool.idleCount === pool.totalCount));
  });
});

describe.each(Object.entries(formats))('what goes wrong with %s', (_, format) => {
  test('a query with a mistake is an error before the first byte, and the pool goes on', async () => {
    const mistaken = composeRowsQuery([['n', 'integer', '1']], 'from nothing');
    await expect(open(mistaken, format)).rejects.toMatchObject({ code: '42P01' });
    expect(await readAll(one)).toBe('\ufeffn\n1\n');
  });

  test('an error in the middle breaks the file off, instead of ending it as if it were whole', async () => {
    const file = composeRowsQuery(
      [
        ['n', 'integer', '1 / (50000 - n)'],
        ['s', 'text', "repeat('x', 100)"],
      ],
      numbered(100_000),
    );
    await expect(readBytes(file, format)).rejects.toMatchObject({ code: '22012' });
    expect(pool.totalCount).toBe(0);
  });

  test('a connection that breaks in the middle breaks the file off, and nothing else', async () => {
    // Those of other tests are gone, so that the right one is broken.
    await waitUntil('no query is left', async () => (await listCopies()).length === 0);
    const reader = (await open(endless, format)).getReader();
    await reader.read();
    const [copy] = await listCopies();
    await db.pool.query('select pg_terminate_backend($1::int)', [copy?.pid]);
    const readOn = async () => {
      while (!(await reader.read()).done);
    };
    await expect(readOn()).rejects.toThrow(/terminat/);
    expect(await readAll(one)).toBe('\ufeffn\n1\n');
  });
});

describe('the name of a file', () => {
  test('is of words of ours, with the ending of its kind', () => {
    expect(composeFileHeaders('W58324-incoming-2026-11-22', 'xlsx')).toMatchObject({
      'content-disposition': 'attachment; filename="W58324-incoming-2026-11-22.xlsx"',
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    });
  });

  test.each([
    '=HYPERLINK("http://evil.example")',
    'a"; filename="b',
    'Café',
    'a\r\nSet-Cookie: b',
    '',
    'a/b',
  ])('%j is not taken into a header', (name) => {
    expect(() => composeFileHeaders(name, 'csv')).toThrow(RangeError);
  });
});
