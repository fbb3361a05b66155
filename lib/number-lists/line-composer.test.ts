import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { linesPerBlock, nameBlockColumns } from './block-writer';
import { LineComposer } from './line-composer';
import { maxFileLines } from './schema';
import { UnreadableFileError } from './unreadable-file';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

interface Line {
  first_position: number;
  line: number;
  input: string;
  msisdn: string | null;
  problem: string | null;
}

let lastList = 0;

/** The lines as PostgreSQL has understood them. */
async function store(composer: LineComposer, list: number, ...pieces: Buffer[]): Promise<Line[]> {
  const client = await db.copyPool.connect();
  try {
    const copy = client.query(
      copyFrom(`copy number_list_block (${nameBlockColumns(false)}) from stdin (format binary)`),
    );
    await pipeline(Readable.from([...pieces, ...composer.take(), ...composer.end()]), copy);
  } finally {
    client.release();
  }
  const { rows } = await db.pool.query<Line>(
    `select first_position, line, input, msisdn, problem from number_list_line
     where account_id = 58324 and list_id = $1 order by first_position, position`,
    [list],
  );
  return rows;
}

async function compose(...cells: string[]) {
  const list = ++lastList;
  const composer = new LineComposer(58324, String(list), { columns: [0] });
  cells.forEach((cell, index) => composer.takeRow(index + 1, [cell]));
  const { lines, invalid, duplicates, usable } = composer;
  return { rows: await store(composer, list), counts: { lines, invalid, duplicates, usable } };
}

describe('lines', () => {
  test('hold what was typed, the number and why it is not used', async () => {
    const { rows, counts } = await compose(
      '082 123 4567',
      '+27821234567',
      '021 555 0123',
      '2.782E+10',
      '',
      '+44 7400 123456',
    );
    expect(rows.map(({ line, input, msisdn, problem }) => [line, input, msisdn, problem])).toEqual([
      [1, '082 123 4567', '27821234567', null],
      [2, '+27821234567', '27821234567', 'duplicate'],
      [3, '021 555 0123', null, 'not-mobile'],
      [4, '2.782E+10', null, 'scientific-notation'],
      [5, '', null, 'empty'],
      [6, '+44 7400 123456', '447400123456', null],
    ]);
    expect(counts).toEqual({ lines: 6, invalid: 3, duplicates: 1, usable: 2 });
  });

  test('hold one line of text, whatever COPY or an array takes for its own', async () => {
    const cells = ['a\tb\\c\nd\re\0f', '\\N', '\\.', 'null', '{"a",NULL}', '"'];
    const { rows } = await compose(...cells);
    expect(rows.map(({ input }) => input)).toEqual(['a b\\c d ef', ...cells.slice(1)]);
  });

  test('hold at most 200 characters of what was typed', async () => {
    expect((await compose('x'.repeat(5000))).rows[0]?.input).toBe('x'.repeat(200));
    expect((await compose('x'.repeat(199) + '🙏')).rows[0]?.input).toBe(`${'x'.repeat(199)}\uFFFD`);
  });

  test('hold letters of any script', async () => {
    const cells = ['Ngiyabonga 🙏', 'Naïve', '٠٨٢١٢٣٤٥٦٧'];
    expect((await compose(...cells)).rows.map(({ input }) => input)).toEqual(cells);
  });

  test('are blocks of a thousand, the last one of what is left', async () => {
    const cells = Array.from({ length: 2 * linesPerBlock + 1 }, (_, index) => `${'é'.repeat(150)}${index}`);
    const { rows } = await compose(...cells);
    expect(rows.map(({ input }) => input)).toEqual(cells);
    expect(rows.map(({ line }) => line)).toEqual(cells.map((_, index) => index + 1));
    expect([...new Set(rows.map((row) => row.first_position))]).toEqual([1, 1001, 2001]);
  });

  test('are the same whether a number was read where it stands or as a cell', async () => {
    const forms = [
      (n: number) => `0${n}`,
      (n: number) => `0${n}`,
      (n: number) => String(n),
      (n: number) => `27${n}`,
      (n: number) => `+27${n}`,
      (n: number) => (n % 3 === 0 ? 'none' : `0${n % 700}`),
    ];
    const numbers = fc.record({
      form: fc.nat(forms.length - 1),
      n: fc.integer({ min: 820_000_000, max: 820_000_400 }),
    });
    // whole blocks of one form, some of another in their middle, at their ends, and everything mixed
    const runs = fc.array(fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 8 }), fc.nat(900)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(runs, async (parts) => {
        const cells = parts.flatMap(([some, times]) =>
          Array.from({ length: times }, (_, index) => {
            const { form, n } = some[index % some.length] as { form: number; n: number };
            return (forms[form] as (typeof forms)[0])(n + (index % 400));
          }),
        );
        const [plain, asCells] = [new LineComposer(58324, String(++lastList), { columns: [0] }), ++lastList];
        cells.forEach((cell, index) => {
          const text = `x,${cell},y`;
          if (!plain.takeNumber(index + 1, text, 2, 2 + cell.length)) plain.takeRow(index + 1, [cell]);
        });
        const rows = await store(plain, lastList - 1);
        const composer = new LineComposer(58324, String(asCells), { columns: [0] });
        cells.forEach((cell, index) => composer.takeRow(index + 1, [cell]));
        expect(rows).toEqual(await store(composer, asCells));
        expect(rows.map(({ input }) => input)).toEqual(cells);
      }),
      { numRuns: 12 },
    );
  });

  test('of a number as one dials it at home are kept without what was typed, and without nulls behind', async () => {
    const composer = new LineComposer(58324, String(++lastList), { columns: [0] });
    for (let line = 1; line <= 3; line++) composer.takeNumber(line, `082123456${line}`, 0, 10);
    await store(composer, lastList);
    const { rows } = await db.pool.query(
      'select lines, inputs, msisdns, problems from number_list_block where list_id = $1',
      [lastList],
    );
    expect(rows).toEqual([
      { lines: [1, 2, 3], inputs: [], msisdns: ['27821234561', '27821234562', '27821234563'], problems: [] },
    ]);
  });

  test('are taken once', async () => {
    const list = ++lastList;
    const composer = new LineComposer(58324, String(list), { columns: [0] });
    const begun = composer.take();
    for (let line = 1; line <= linesPerBlock; line++) composer.takeRow(line * 2, ['0821234567']);
    const block = composer.take();
    expect(composer.take()).toHaveLength(0);
    composer.takeRow(5000, ['0831234567']);
    const rows = await store(composer, list, ...begun, ...block);
    expect(rows).toHaveLength(linesPerBlock + 1);
    expect(rows.at(-1)).toMatchObject({
      first_position: linesPerBlock + 1,
      line: 5000,
      msisdn: '27831234567',
      problem: null,
    });
  });
});

test('a list of more than a million lines is refused', () => {
  const composer = new LineComposer(58324, '7', { columns: [0] });
  composer.lines = maxFileLines - 1;
  composer.takeRow(maxFileLines, ['0821234567']);
  expect(() => composer.takeRow(maxFileLines + 1, ['0831234567'])).toThrow(UnreadableFileError);
});
