import Papa from 'papaparse';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDownloadPool } from '@/lib/db/download-pool';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { waitUntil } from '@/lib/testing/poll';
import { harmlessSql, inlineValues, localTimeSql, separatorSchema, streamCsv } from './csv-download';

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

/** So many numbered rows, made as they are read: in FROM, generate_series would make them all first. */
const numbered = (count: number) => `(select generate_series(1, ${count}) as n) as numbered`;
const endless = `select n as "Number", repeat('x', 1000) as "Text" from ${numbered(100_000_000)}`;

async function readAll(query: string, separator = ','): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await streamCsv(pool, query, separator)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

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
      'plain',
      `with ${separator} in it`,
      'with " and \' in it',
      'over\ntwo lines',
      '',
      separator,
      '\\.',
    ];
    const query = `select * from (values (${cells.map((cell) => inlineValues('$1', [cell])).join(', ')})) as v ("a b", c, d, e, f, g, h)`;
    expect(parse(await readAll(query, separator), separator)).toEqual([
      ['a b', 'c', 'd', 'e', 'f', 'g', 'h'],
      cells,
    ]);
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

describe('the file', () => {
  test('begins with a byte-order mark and the column names, also without rows', async () => {
    expect(await readAll('select 1 as "Number", 2 as "How it came" where false')).toBe(
      '\ufeffNumber,How it came\n',
    );
  });

  test('cells that a spreadsheet would run are made harmless; others are not touched', async () => {
    const dangerous = ['=1+1', '+27', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://evil","x")'];
    const plain = ['Stop', "'quoted'", ' =1', '27821234567', '', 'a=b'];
    const query = inlineValues(
      `select ${harmlessSql('cell')} as cell from unnest(array[${[...dangerous, ...plain].map((_, index) => `$${index + 1}`).join(', ')}]) as cell`,
      [...dangerous, ...plain],
    );
    const cells = Papa.parse<string[]>((await readAll(query)).slice(1), { newline: '\n' }).data.map(
      ([cell]) => cell,
    );
    expect(cells.slice(1, -1)).toEqual([...dangerous.map((cell) => `'${cell}`), ...plain]);
  });

  test('nothing is a formula of nothing', async () => {
    expect(
      parse(
        await readAll(`select ${harmlessSql('cell')} as cell, 1 as n from (values (null::text)) as v (cell)`),
      ),
    ).toEqual([
      ['cell', 'n'],
      ['', '1'],
    ]);
  });

  test('times are the account’s own, and sort', async () => {
    const at = `'2026-11-22 22:30:00.123456+00'::timestamptz`;
    const query = `select ${localTimeSql(at, 'Africa/Johannesburg')} as a, ${localTimeSql(at, 'Etc/UTC')} as b`;
    expect(parse(await readAll(query))[1]).toEqual(['2026-11-23 00:30:00', '2026-11-22 22:30:00']);
  });

  test('a hundred thousand rows come whole', async () => {
    const file = await readAll(`select n as "Number" from ${numbered(100_000)}`);
    expect(file.split('\n')).toHaveLength(100_002);
    expect(file.endsWith('\n100000\n')).toBe(true);
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

describe('a reader', () => {
  test('who goes away frees the connection and ends the query on the server', async () => {
    const reader = (await streamCsv(pool, endless, ',')).getReader();
    await reader.read();
    expect(await listCopies()).toHaveLength(1);
    await reader.cancel();
    await waitUntil('the query has ended', async () => (await listCopies()).length === 0);
    expect(pool.totalCount).toBe(0);
    // and the pool goes on
    expect(await readAll('select 1 as n')).toBe('\ufeffn\n1\n');
  });

  test('who has read nothing yet may go away too', async () => {
    await (await streamCsv(pool, endless, ',')).cancel();
    await waitUntil('the query has ended', async () => (await listCopies()).length === 0);
    expect(pool.totalCount).toBe(0);
  });

  test('who stops reading stops the query: nothing piles up in memory', async () => {
    const reader = (await streamCsv(pool, endless, ',')).getReader();
    await reader.read();
    // the server waits until somebody takes what it has written
    await waitUntil('the server waits', async () => (await listCopies())[0]?.wait_event === 'ClientWrite');
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
  });

  test('more readers than connections wait for one another', async () => {
    const files = await Promise.all(
      Array.from({ length: 12 }, (_, index) => readAll(`select ${index} as n, pg_sleep(0.01)::text as s`)),
    );
    expect(files.map((file) => parse(file)[1]?.[0])).toEqual(files.map((_, index) => String(index)));
  });
});

describe('what goes wrong', () => {
  test('a query with a mistake is an error before the first byte, and the pool goes on', async () => {
    await expect(streamCsv(pool, 'select from nothing', ',')).rejects.toMatchObject({ code: '42P01' });
    expect(await readAll('select 1 as n')).toBe('\ufeffn\n1\n');
  });

  test('an error in the middle breaks the file off, instead of ending it as if it were whole', async () => {
    const query = `select 1 / (50000 - n) as n, repeat('x', 100) as s from ${numbered(100_000)}`;
    await expect(readAll(query)).rejects.toMatchObject({ code: '22012' });
    expect(pool.totalCount).toBe(0);
  });

  test('a connection that breaks in the middle breaks the file off, and nothing else', async () => {
    const reader = (await streamCsv(pool, endless, ',')).getReader();
    await reader.read();
    const [copy] = await listCopies();
    await db.pool.query('select pg_terminate_backend($1)', [copy?.pid]);
    const readOn = async () => {
      while (!(await reader.read()).done);
    };
    await expect(readOn()).rejects.toThrow(/terminat/);
    expect(await readAll('select 1 as n')).toBe('\ufeffn\n1\n');
  });
});
