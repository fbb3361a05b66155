import fc from 'fast-check';
import Papa from 'papaparse';
import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toArrayLiteral } from '@/lib/db/array-literal';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { measureClockMs, measureRatio, measureProcessorMs } from '@/testing/growth';
import { propertyRuns } from '@/testing/property-runs';
import {
  composeCsvCopy,
  makeHarmless,
  orderForCsv,
  writeCsvHeader,
  writeCsvRows,
  type CsvFormat,
} from './csv';
import type { FileColumn, FileQuery } from './file-query';
import type { ColumnType } from './schema';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

type Row = readonly (string | null)[];

/** A file of rows that PostgreSQL has, in the order in which they are given. */
function composeFileQuery(types: readonly ColumnType[], rows: readonly Row[]): FileQuery {
  const columns = types.map((type, index): FileColumn => ({
    id: `c${index}`,
    label: `Column ${index}`,
    type,
    sql: `c${index}`,
  }));
  const arrays = types.map((_, index) => toArrayLiteral(rows.map((row) => row[index] ?? null)));
  const names = columns.map(({ sql }) => sql).join(', ');
  return {
    columns,
    source: `from unnest(${arrays.map((_, index) => `$${index + 1}::text[]`).join(', ')})
      with ordinality as made (${names}, place) order by place`,
    values: arrays,
    timeZone: 'Africa/Johannesburg',
  };
}

async function copyBySql(file: FileQuery, format: CsvFormat): Promise<string> {
  const client = await db.copyPool.connect();
  try {
    const pieces: Buffer[] = [];
    for await (const piece of client.query(copyTo(composeCsvCopy(file, format))))
      pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    client.release();
  }
}

/**
 * The sign at the beginning of each part, where a program splits that takes each of these for a separator and
 * knows no quotes.
 */
function findFormulas(text: string): string[] {
  return text.split(/[,;|\t\r\n\v\f\u0085\u2028\u2029]/).filter((part) => /^ *[=+\-@＝＋－＠]/.test(part));
}

const comma: CsvFormat = { separator: ',', numbersAsText: false };
/** Signs that break files, begin formulas or look as if they might. */
const oddSign = fc.constantFrom(
  ...'=+-@＝＋－＠,;|\t\r\n\v\f\u0085\u2028\u2029 \'"\\^#~',
  '0',
  '27',
  'a',
  'é',
  '🛑',
  '\u00a0',
);
const oddText = fc.array(oddSign, { maxLength: 12 }).map((signs) => signs.join(''));

describe('a text of a stranger', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+27 82 123 4567 is mine', "'+27 82 123 4567 is mine"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\r=x', "'\r'=x"],
    ['  =1', "  '=1"],
    ['＝1', "'＝1"],
    ['Stop;=1+1', "Stop;'=1+1"],
    ['Stop, =1+1', "Stop, '=1+1"],
    ['Stop\t+1\n-1|@a', "Stop\t'+1\n'-1|'@a"],
    ['a\r\n\r\n=1', "a\r\n\r\n'=1"],
    [',=,=', ",'=,'="],
  ])('%j becomes %j', (text, harmless) => {
    expect(makeHarmless(text, ',')).toBe(harmless);
  });

  test.each([
    'Stop',
    'a=b',
    'Stop; please',
    "'quoted'",
    '27821234567',
    '',
    'e-mail a@b.co',
    'two\r\n\r\nlines',
  ])('%j stays as it is', (text) => {
    expect(makeHarmless(text, ',')).toBe(text);
  });

  test('keeps every sign, and no part of it begins a formula', () => {
    fc.assert(
      fc.property(oddText, fc.constantFrom(',', ';', '\t', '|', '^', '~'), (text, separator) => {
        const harmless = makeHarmless(text, separator);
        expect(findFormulas(harmless)).toEqual([]);
        expect(findFormulas(harmless.replaceAll(separator, ','))).toEqual([]);
        // Only apostrophes were added.
        expect(harmless.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
      }),
    );
  });

  test('is made harmless in time that grows as it does', async () => {
    const shapes = ['=', ',', ', ', ',=', ' ', '\t', '; -', '\r\n', "'=,"];
    for (const shape of shapes) {
      const make = (length: number) => `${shape.repeat(length / shape.length)}=x`;
      const byScript = async (length: number) => makeHarmless(make(length), ',');
      const bySql = (length: number) => {
        const { columns, source } = composeFileQuery(['integer', 'text'], []);
        const file: FileQuery = {
          columns,
          source: source.replace(/\$1::text\[\], \$2::text\[\]/, `array['1'], array[$1 || '=x']`),
          values: [make(length)],
          timeZone: 'Etc/UTC',
        };
        return copyBySql(file, comma);
      };
      for (const [measure, work] of [
        [measureProcessorMs, byScript],
        [measureClockMs, bySql],
      ] as const) {
        // Sixteen times the text: a square would be 256 times the time.
        const growth = await measureRatio(measure, {
          base: () => work(20_000),
          tried: () => work(320_000),
          nearEnough: 100,
        });
        expect(growth, JSON.stringify(shape)).toBeLessThan(100);
      }
    }
  });
});

describe('the SQL and the JavaScript of a file', () => {
  const anyType = fc.constantFrom<ColumnType>('number', 'given-number', 'text', 'words', 'integer');
  const anyCell = fc.oneof(
    { weight: 4, arbitrary: oddText },
    fc.constantFrom('27821234567', '0821234567', '+27 82 123 4567', '', 'MTN', '\\.', '\\N'),
    fc.constant(null),
  );
  // Counts and ids are digits wherever they come from; all else may hold what a stranger wrote.
  const anyInteger = fc.option(
    fc.integer().map((value) => String(value)),
    { freq: 5 },
  );
  const anyFile = fc.array(anyType, { minLength: 1, maxLength: 5 }).chain((types) =>
    fc.tuple(
      fc.constant(types),
      fc.array(fc.tuple(...types.map((type) => (type === 'integer' ? anyInteger : anyCell))), {
        maxLength: 8,
      }),
    ),
  );

  test('say the same, byte for byte, and read back', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFile,
        fc.constantFrom(',', ';', '\t', '|', '^', '-', '=', '\\', ']', '.'),
        fc.boolean(),
        async ([given, rows], separator, numbersAsText) => {
          const format = { separator, numbersAsText };
          const file = composeFileQuery(given, rows);
          const ordered = orderForCsv(file.columns);
          const types = ordered.map(({ type }) => type);
          const places = ordered.map((column) => file.columns.indexOf(column));
          const orderedRows = rows.map((row) => places.map((place) => row[place] ?? null));
          const written =
            writeCsvHeader(
              ordered.map(({ label }) => label),
              separator,
            ) + writeCsvRows(orderedRows, types, format);
          expect(await copyBySql(file, format)).toBe(written);

          const { data } = Papa.parse<string[]>(written, { delimiter: separator, newline: '\n' });
          expect(data).toHaveLength(rows.length + 2);
          expect(data.slice(0, -1).every((row) => row.length === types.length)).toBe(true);
          const texts = data.slice(1, -1).flatMap((row) => row.filter((_, index) => types[index] === 'text'));
          expect(texts.flatMap(findFormulas)).toEqual([]);
        },
      ),
      propertyRuns(200),
    );
  });
});

test('a number keeps its zero and its plus as it was given, and anything else in its place is a text', () => {
  const given = ['0821234567', '+27 (0)82-123/4567', '+27821234567', '=1+1', '0821;=1', '-1', '+cmd'];
  const write = (format: CsvFormat) =>
    writeCsvRows(
      given.map((cell) => ['1', cell]),
      ['integer', 'given-number'],
      format,
    )
      .trimEnd()
      .split('\n');
  expect(write(comma)).toEqual([
    '1,"0821234567"',
    '1,"+27 (0)82-123/4567"',
    '1,"+27821234567"',
    `1,"'=1+1"`,
    `1,"0821;'=1"`,
    `1,"'-1"`,
    `1,"'+cmd"`,
  ]);
  expect(write({ ...comma, numbersAsText: true })[0]).toBe('1,"=""0821234567"""');
});

test('what a network calls itself needs no quotes, as it may stand in the first column', () => {
  const csv = writeCsvRows([['MTN; "=1"\n+2'], ['=MTN'], ['27821234567']], ['number'], {
    ...comma,
    separator: '^',
  });
  expect(csv).toBe("MTN   =1  +2\n'=MTN\n27821234567\n");
});

test('a column that needs no quotes comes first, where there is one', () => {
  const order = (...types: ColumnType[]) =>
    orderForCsv(types.map((type) => ({ type }))).map(({ type }) => type);
  expect(order('number', 'text', 'time')).toEqual(['number', 'text', 'time']);
  expect(order('text', 'words', 'time', 'number')).toEqual(['time', 'text', 'words', 'number']);
  expect(order('text', 'words')).toEqual(['text', 'words']);
});
