import { unzipSync } from 'fflate';
import readWorkbook, { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { escapeCellText, writeXlsx, type XlsxColumn, type XlsxRow } from './xlsx';
import { readCopyRows } from './xlsx-query';

const textColumn: XlsxColumn = { label: 'Text', type: 'text' };

async function* inBatches(rows: readonly XlsxRow[], atOnce = 3): AsyncGenerator<readonly XlsxRow[]> {
  for (let start = 0; start < rows.length; start += atOnce) yield rows.slice(start, start + atOnce);
}

async function write(
  rows: readonly XlsxRow[],
  columns: readonly XlsxColumn[],
  sheetRows?: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const options = { sheetName: 'List', columns, ...(sheetRows !== undefined && { sheetRows }) };
  for await (const piece of writeXlsx(inBatches(rows), options)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function readPart(file: Buffer, name: string): string {
  return Buffer.from(unzipSync(file)[name] ?? []).toString('utf8');
}

/** Texts as a program reads them back: what stands between the marks, and `_xHHHH_` undone. */
function readTexts(sheet: string): string[] {
  return [...sheet.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, content]) =>
    (content as string)
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
      .replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
  );
}

test('numbers and texts are text cells, counts and moments are not, and nothing is a formula', async () => {
  const columns: XlsxColumn[] = [
    { label: 'Number', type: 'number' },
    textColumn,
    { label: 'Count', type: 'integer' },
    { label: 'When', type: 'time' },
    { label: 'As given', type: 'given-number' },
  ];
  const rows = [
    ['27821234567', '=HYPERLINK("http://evil.example","x")', '7', '46349.5', '0821234567'],
    ['MTN', null, '0', null, '+27821234567'],
  ];
  const file = await write(rows, columns);
  expect(await readSheet(file)).toEqual([
    ['Number', 'Text', 'Count', 'When', 'As given'],
    [
      '27821234567',
      '=HYPERLINK("http://evil.example","x")',
      7,
      new Date('2026-11-23T12:00:00Z'),
      '0821234567',
    ],
    ['MTN', null, 0, null, '+27821234567'],
  ]);
  const sheet = readPart(file, 'xl/worksheets/sheet1.xml');
  expect(sheet).toContain('<c r="C2"><v>7</v></c>');
  expect(sheet).not.toMatch(/<f[ >]/);
});

test('a file without rows has its headings', async () => {
  const file = await write([], [textColumn]);
  expect(await readSheet(file)).toEqual([['Text']]);
});

test('what does not fit on a sheet goes on on the next, with the headings again', async () => {
  const rows = Array.from({ length: 10 }, (_, index) => [`row ${index + 1}`]);
  const file = await write(rows, [textColumn], 5);
  const workbook = await readWorkbook(file);
  expect(workbook.map(({ sheet }) => sheet)).toEqual(['List', 'List (2)', 'List (3)']);
  const sheets = workbook.map(({ data }) => data);
  expect(sheets.map((sheet) => sheet[0])).toEqual([['Text'], ['Text'], ['Text']]);
  expect(sheets.flatMap((sheet) => sheet.slice(1))).toEqual(rows);
  expect(sheets.map((sheet) => sheet.length)).toEqual([5, 5, 3]);
});

test('rows that just fill a sheet need no other', async () => {
  const file = await write([['a'], ['b'], ['c'], ['d']], [textColumn], 5);
  expect((await readWorkbook(file)).map(({ sheet }) => sheet)).toEqual(['List']);
});

test('columns beyond Z have two letters', async () => {
  const columns = Array.from({ length: 54 }, () => textColumn);
  const sheet = readPart(
    await write([columns.map((_, index) => String(index))], columns),
    'xl/worksheets/sheet1.xml',
  );
  for (const cell of ['A2', 'Z2', 'AA2', 'AZ2', 'BA2', 'BB2']) expect(sheet).toContain(`<c r="${cell}"`);
});

describe('a text', () => {
  const texts = [
    'Stop & <b>stop</b>',
    'two\nlines\r\nand\ta third\r',
    '\u0001\u0008\u000b\u001f\ufffe\uffff',
    '_x0041_ and _x000d_x000D_x0041_',
    '  spaces  ',
    'Ngiyabonga 🙏 café',
    '_x_ x0041_ _x00_',
    '',
  ];

  test('comes back as it was, whatever signs are in it', async () => {
    const file = await write(
      texts.map((text) => [text]),
      [textColumn],
    );
    const sheet = readPart(file, 'xl/worksheets/sheet1.xml');
    expect(readTexts(sheet)).toEqual(['Text', ...texts]);
    expect(sheet).not.toMatch(/[\0-\x08\x0b-\x1f\ufffe\uffff]/);
    expect(sheet.match(/xml:space="preserve"/g)).toHaveLength(texts.length);
  });

  test('as long as a cell is whole; one that is longer is cut, and says so', () => {
    const longest = 'a'.repeat(32_767);
    expect(escapeCellText(longest)).toBe(longest);
    for (const text of [
      `${longest}b`,
      '🛑'.repeat(16_384),
      `a${'🛑'.repeat(16_384)}`,
      'x'.repeat(2_000_000),
    ]) {
      const cut = escapeCellText(text);
      expect(cut.length).toBeLessThanOrEqual(32_767);
      expect(cut.length).toBeGreaterThan(32_700);
      expect(cut).toMatch(
        /Cut here: a cell holds 32,767 characters\. The whole text is in the CSV file\.\]$/,
      );
      expect(cut.isWellFormed()).toBe(true);
    }
  });
});

test('a sheet has a name of ours', () => {
  for (const sheetName of ['=1', 'a/b', '', 'a name that is too long for one', "O'Brien"]) {
    expect(() => writeXlsx(inBatches([]), { sheetName, columns: [textColumn] })).toThrow(RangeError);
  }
});

test('rows of COPY are read, wherever the pieces break', async () => {
  const copied = Buffer.from('1\tStop 🛑\t\\N\n2\t\\\\N \\t\\n\\r\\b\\f\\v \\\\\t\n3\té\t\\\\\n');
  async function* split(at: number): AsyncGenerator<Buffer> {
    yield copied.subarray(0, at);
    yield copied.subarray(at);
  }
  for (let at = 0; at <= copied.length; at++) {
    const rows: XlsxRow[] = [];
    for await (const batch of readCopyRows(split(at))) rows.push(...batch);
    expect(rows).toEqual([
      ['1', 'Stop 🛑', null],
      ['2', '\\N \t\n\r\b\f\v \\', ''],
      ['3', 'é', '\\'],
    ]);
  }
});
