import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainMsisdn } from '@/lib/sms/msisdn-za';
import { isLong, propertyRuns } from '@/testing/property-runs';
import { RowReader } from './row-reader';

interface Options {
  separator?: string;
  columns?: readonly number[] | null;
  headerRows?: number;
  /** How many characters come at a time. */
  pieceLength?: number;
}

type Told = [line: number, ...cells: string[]];

/**
 * What stands in the columns, each with its line; a line that cannot be taken apart as its problem and its
 * text. The same whether numbers are taken from where they stand or each line is a row.
 */
function readRows(text: string, options: Options = {}): Told[] {
  const rows = readEach(text, options, false);
  expect(readEach(text, options, true)).toEqual(rows);
  return rows;
}

function readEach(text: string, options: Options, takesNumbers: boolean): Told[] {
  const { separator = ',', columns = [0], headerRows = 0, pieceLength = text.length || 1 } = options;
  const rows: Told[] = [];
  const takeNumber = (line: number, part: string, start: number, end: number) => {
    if (readPlainMsisdn(part, start, end) === 0) return false;
    rows.push([line, part.slice(start, end)]);
    return true;
  };
  const reader = new RowReader(
    { separator, columns, headerRows },
    {
      takeRow: (line, cells) => rows.push([line, ...cells]),
      takeBroken: (line, start, problem) => rows.push([line, `${problem}: ${start.trimEnd()}`]),
      ...(takesNumbers && { takeNumber }),
    },
  );
  for (let at = 0; at < text.length; at += pieceLength) reader.read(text.slice(at, at + pieceLength));
  reader.end();
  return rows;
}

describe('rows', () => {
  test.each([
    { breaks: 'LF', text: 'a\nb\nc' },
    { breaks: 'CRLF', text: 'a\r\nb\r\nc' },
    { breaks: 'CR', text: 'a\rb\rc' },
    { breaks: 'all of them', text: 'a\rb\r\nc' },
    { breaks: 'LF, one after the last line', text: 'a\nb\nc\n' },
    { breaks: 'CRLF, one after the last line', text: 'a\r\nb\r\nc\r\n' },
    { breaks: 'CR, one after the last line', text: 'a\rb\rc\r' },
    { breaks: 'CRLF, every cell quoted', text: '"a"\r\n"b"\r\n"c"\r\n' },
    { breaks: 'CR, every cell quoted', text: '"a"\r"b"\r"c"' },
  ])('are read with $breaks at the ends of lines', ({ text }) => {
    for (const columns of [[0], null]) {
      expect(readRows(text, { columns })).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
    }
  });

  test('are the same however the file is cut into pieces', () => {
    // longer than what is kept until more has come, so that rows are cut by it
    const filler = Array.from(
      { length: 4_000 },
      (_, index) => `"Client; ${index}";082${1_000_000 + index}\r\n`,
    );
    const text = [
      'name;number\r\n"Berg; ""Dal""";0821234567\r\n\r\n"two\r\nlines" ;0831234567\rThandi;\n;0841234567\r\n',
      ...filler,
      '"odd" one;0851234567\r\n"and;0861234567\r\n',
      ...filler,
      'x;"0871234567',
    ].join('');
    const options = { separator: ';', columns: [1], headerRows: 1 };
    const whole = readRows(text, options);
    expect(whole.slice(0, 4)).toEqual([
      [2, '0821234567'],
      [4, '0831234567'],
      [5, ''],
      [6, '0841234567'],
    ]);
    expect(whole).toHaveLength(4 + 4_000 + 2 + 4_000 + 1);
    expect(whole.slice(4_004, 4_006)).toEqual([
      [4_007, 'odd-quote: "odd" one;0851234567'],
      [4_008, 'odd-quote: "and;0861234567'],
    ]);
    expect(whole.at(-1)).toEqual([8_009, 'odd-quote: x;"0871234567']);
    for (const pieceLength of [1, 7, 1000, 32 * 1024, 32 * 1024 + 1, 100_000]) {
      expect(readRows(text, { ...options, pieceLength })).toEqual(whole);
    }
  });

  test.each([',', ';', '\t', '|', '^'])('are parted by %j', (separator) => {
    const text = `x${separator}1${separator}y\n"x"${separator}"2"${separator}y\nx${separator}"3"`;
    expect(readRows(text, { separator, columns: [1] })).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
  });

  test('give the columns that are asked for, empty where they have none', () => {
    const text = `h,h,h,h\n${'x,1,y,2\n'.repeat(12)}x,3\nx\n"x","4"`;
    const rows = readRows(text, { columns: [1, 3], headerRows: 1 });
    expect(rows).toHaveLength(15);
    expect(rows.slice(10)).toEqual([
      [12, '1', '2'],
      [13, '1', '2'],
      [14, '3', ''],
      [15, '', ''],
      [16, '4', ''],
    ]);
    expect(readRows('x,3\nx', { columns: null })).toEqual([
      [1, 'x', '3'],
      [2, 'x'],
    ]);
  });

  test('with nothing in them are passed over, and count as lines all the same', () => {
    const text = '\n\nnumber\n , \n1\n\t\n2\n,,\n"",""\n3\n\n';
    expect(readRows(text, { headerRows: 1 })).toEqual([
      [5, '1'],
      [7, '2'],
      [10, '3'],
    ]);
  });

  test('of several lines of text count as one, as in a spreadsheet', () => {
    expect(readRows('"1 Main Rd\nDurban",1\nx,2\n"a\r\n\r\nb\nc",3', { columns: [1] })).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
    expect(readRows('Thandi,"0821234567\n0831234567"\nPriya,0841234567\n', { columns: [1] })).toEqual([
      [1, '0821234567\n0831234567'],
      [2, '0841234567'],
    ]);
  });

  test.each(['sep=;\n', 'SEP=;\r\n', '"sep=;"\n', 'sep=;;;\n'])('do not begin with %j', (start) => {
    expect(readRows(`${start}name;number\nA;1\n`, { separator: ';', columns: [1], headerRows: 1 })).toEqual([
      [2, '1'],
    ]);
  });

  test('are told without being made, once it is known how wide the file is', () => {
    const taken: number[] = [];
    const told: number[] = [];
    const reader = new RowReader(
      { separator: ';', columns: [1], headerRows: 1 },
      {
        takeRow: (line) => told.push(line),
        takeBroken: (line) => told.push(line),
        takeNumber: (line, text, start, end) => {
          if (text.slice(start, end) !== '0821234567') return false;
          taken.push(line);
          return true;
        },
      },
    );
    const usual = 'Thandi;0821234567\r\n';
    const others = 'Piet;x\r\n;\r\n"Anna";0821234567\r\nNeo\r\nPule;0821234567;Durban\r\n';
    reader.read(`name;number\r\n${usual.repeat(12)}${others}${usual}`);
    reader.end();
    expect(told).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 16, 17]);
    expect(taken).toEqual([11, 12, 13, 18, 19]);
  });

  test('above the numbers are not told, however they are made', () => {
    expect(readRows('Report\n\n"of" today\nname,number\nA,1', { columns: [1], headerRows: 3 })).toEqual([
      [5, '1'],
    ]);
  });
});

describe('a quotation mark that is not closed properly costs its own line', () => {
  const lines = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => `082${1_000_000 + from + index}\n`);

  const far = isLong ? 200_000 : 50_000;

  test.each([
    { where: 'around a first name', text: '1\n"Piet" Botha,2\n3\n', line: 2, others: 2 },
    { where: 'near the end', text: `${lines(200).join('')}"0831234567\n`, line: 201, others: 200 },
    { where: 'far from the end', text: `1\n2\n"3\n${lines(far).join('')}`, line: 3, others: far + 2 },
    { where: 'and closed by the next one', text: `1\n"2\n3\n4\n"5"\n6`, line: 2, others: 5 },
    { where: 'and closed far below', text: `1\n"2\n${lines(60).join('')}x"\n6`, line: 2, others: 63 },
    { where: 'and closed at once', text: `1\n"2"x\n"3"\n`, line: 2, others: 2 },
    { where: 'in the last column', text: `1,a\n2,"b\n3,c\n4,"d"\n`, line: 2, others: 3 },
    {
      where: 'and closed, with rows between',
      text: `n,m\n"Piet,0821230001\nAnna,0821230002\nThandi",0821230003\nx,0821230004`,
      line: 2,
      others: 4,
    },
  ])('$where', ({ text, line, others }) => {
    for (const pieceLength of [text.length, 1000]) {
      const rows = readRows(text, { pieceLength });
      const broken = rows.filter(([, cell]) => cell?.startsWith('odd-quote'));
      expect(broken.map(([at]) => at)).toEqual([line]);
      expect(rows).toHaveLength(others + 1);
      expect(rows.map(([at]) => at)).toEqual(rows.map((_, index) => index + 1));
    }
  });

  test('is no matter within a field', () => {
    expect(readRows('5" pipe,1\n6",2\na "b" c,"3"', { columns: [1] })).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
  });
});

test('a line too long to be read is told once, and the others go on', () => {
  const text = `1\n${'x'.repeat(2_500_000)}\n3\n${'y'.repeat(1_500_000)}`;
  for (const pieceLength of [text.length, 50_000]) {
    const rows = readRows(text, { pieceLength });
    expect(rows.map(([line, cell]) => [line, cell?.slice(0, 17)])).toEqual([
      [1, '1'],
      [2, 'too-long-a-line: '],
      [3, '3'],
      [4, 'too-long-a-line: '],
    ]);
  }
});

describe('of random files', () => {
  const separator = fc.constantFrom(',', ';', '\t', '|');
  const odd = fc.constantFrom('"Piet" Botha', '"open', '"a""', '"""', '"x"y"', '"" z', '"5" pipe"');
  const good = fc.constantFrom(
    'Piet',
    'a b',
    "O'Neil",
    '5" pipe',
    'Ümit',
    '"Berg"',
    '"Berg, ""Dal"" |;\t"',
    '',
  );
  /** Of a good line the number, of an odd one nothing that is to be found. */
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.record({ first: good, isOdd: fc.constant(false) }) },
    { weight: 1, arbitrary: fc.record({ first: odd, isOdd: fc.constant(true) }) },
  );
  const file = fc.record({
    lines: fc.array(line, { maxLength: 120 }),
    separator,
    lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
    isEnded: fc.boolean(),
    pieceLength: fc.integer({ min: 1, max: 200 }),
  });

  test('no good line is lost for the odd marks of others, and every line is told', () => {
    fc.assert(
      fc.property(file, ({ lines, separator, lineBreak, isEnded, pieceLength }) => {
        const numbers = lines.map((_, index) => `082${1_000_000 + index}`);
        const text =
          ['name', ...lines.map(({ first }) => first)]
            .map((first, index) => `${first}${separator}${index === 0 ? 'number' : numbers[index - 1]}`)
            .join(lineBreak) + (isEnded ? lineBreak : '');
        const rows = readRows(text, { separator, columns: [1], headerRows: 1, pieceLength });
        expect(rows.map(([at]) => at)).toEqual(lines.map((_, index) => index + 2));
        lines.forEach(({ isOdd }, index) => {
          if (isOdd) expect(rows[index]?.[1]).toMatch(/^odd-quote: /);
          else expect(rows[index]?.[1]).toBe(numbers[index]);
        });
      }),
      propertyRuns(500),
    );
  });

  test('the columns asked for are those of the whole row', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '0821234567', ' '),
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 40 }),
        (content, column, cut) => {
          const all = readRows(content, { columns: null });
          const one = readRows(content, { columns: [column], pieceLength: cut });
          const isBroken = ([, cell]: Told) => cell?.startsWith('odd-quote') ?? false;
          expect(one).toEqual(all.map((row) => (isBroken(row) ? row : [row[0], row[column + 1] ?? ''])));
        },
      ),
      propertyRuns(2000),
    );
  });
});
