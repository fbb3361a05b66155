import { describe, expect, test } from 'vitest';
import { ColumnReader, UnreadableFileError } from './column-reader';

interface Options {
  separator?: string;
  column?: number;
  header?: boolean;
  /** How many characters come at a time. */
  pieceLength?: number;
}

/** What stands in a column, each with its line. */
function readColumn(text: string, options: Options = {}): [line: number, cell: string][] {
  const { separator = ',', column = 0, header = false, pieceLength = text.length || 1 } = options;
  const cells: [number, string][] = [];
  const reader = new ColumnReader({ separator, column, header }, (line, cell) => cells.push([line, cell]));
  for (let at = 0; at < text.length; at += pieceLength) reader.read(text.slice(at, at + pieceLength));
  reader.end();
  return cells;
}

describe('a column', () => {
  test.each([
    { breaks: 'LF', text: 'a\nb\nc' },
    { breaks: 'CRLF', text: 'a\r\nb\r\nc' },
    { breaks: 'CR', text: 'a\rb\rc' },
    { breaks: 'all of them', text: 'a\rb\r\nc' },
    { breaks: 'LF, one after the last line', text: 'a\nb\nc\n' },
    { breaks: 'CRLF, one after the last line', text: 'a\r\nb\r\nc\r\n' },
    { breaks: 'CR, one after the last line', text: 'a\rb\rc\r' },
  ])('is read with $breaks at the ends of lines', ({ text }) => {
    expect(readColumn(text)).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  test('is the same however the file is cut into pieces', () => {
    const text =
      'name;number\r\n"Berg; ""Dal""";0821234567\r\n\r\n"two\r\nlines";0831234567\rThandi;\n;0841234567\r\n';
    const whole = readColumn(text, { separator: ';', column: 1, header: true });
    expect(whole).toEqual([
      [2, '0821234567'],
      [4, '0831234567'],
      [6, ''],
      [7, '0841234567'],
    ]);
    for (let pieceLength = 1; pieceLength < text.length; pieceLength++) {
      expect(readColumn(text, { separator: ';', column: 1, header: true, pieceLength })).toEqual(whole);
    }
  });

  test.each([',', ';', '\t', '|', '^'])('is found between %j', (separator) => {
    expect(
      readColumn(`x${separator}1${separator}y\nx${separator}2${separator}y`, { separator, column: 1 }),
    ).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
  });

  test('that a row does not have is empty there', () => {
    expect(readColumn('x,1\nx\nx,3', { column: 1 })).toEqual([
      [1, '1'],
      [2, ''],
      [3, '3'],
    ]);
  });

  test('passes over lines with nothing in them, which count as lines all the same', () => {
    expect(readColumn('\n\nnumber\n , \n1\n\t\n2\n\n', { header: true })).toEqual([
      [5, '1'],
      [7, '2'],
    ]);
  });
});

describe('a quotation mark that is left open', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `082${1_000_000 + index}\n`);

  test.each([
    { where: 'near the end', text: `${lines(200).join('')}"0831234567\n`, line: 201 },
    { where: 'far from the end', text: `1\n2\n"3\n${lines(200_000).join('')}`, line: 3 },
    { where: 'and closed by the next one', text: `1\n"2\n3\n4\n"5"\n6`, line: 2 },
    { where: 'and closed far below', text: `1\n"2\n${lines(60).join('')}"\n6`, line: 2 },
  ])('$where refuses the file and names the line', ({ text, line }) => {
    for (const pieceLength of [text.length, 1000]) {
      expect(() => readColumn(text, { pieceLength })).toThrow(UnreadableFileError);
      expect(() => readColumn(text, { pieceLength })).toThrow(`Line ${line}: a quotation mark`);
    }
  });

  test('is no matter within a field', () => {
    expect(readColumn('5" pipe,1\n6",2', { column: 1 })).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
  });
});
