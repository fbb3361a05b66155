import { buffer } from 'node:stream/consumers';
import { strToU8, zipSync } from 'fflate';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { writeXlsx, type XlsxColumn, type XlsxRow } from '@/lib/lists/xlsx';
import { inspectFile } from './inspect';
import { readWorkbook, type Sheet } from './workbook';
import { isDateFormat, writeDate, writeNumber } from './workbook-cells';

async function writeOwn(columns: XlsxColumn[], rows: XlsxRow[], sheetRows?: number): Promise<Uint8Array> {
  async function* batches() {
    yield await Promise.resolve(rows);
  }
  const options = { sheetName: 'List', columns, ...(sheetRows !== undefined && { sheetRows }) };
  return buffer(writeXlsx(batches(), options));
}

const relationType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relate = (relations: Record<string, [type: string, target: string]>) =>
  `<Relationships>${Object.entries(relations)
    .map(
      ([id, [type, target]]) =>
        `<Relationship Id="${id}" Type="${relationType}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

interface Parts {
  /** What is within `sheetData`, by the attributes of the sheet. */
  sheets: Record<string, string>;
  texts?: string;
  styles?: string;
  workbookPr?: string;
}

/** A workbook by hand, as Excel writes it. */
function compose({ sheets, texts, styles, workbookPr = '' }: Parts): Uint8Array {
  const all = Object.entries(sheets);
  return zipSync({
    '_rels/.rels': strToU8(relate({ rId1: ['officeDocument', 'xl/workbook.xml'] })),
    'xl/workbook.xml': strToU8(
      `<?xml version="1.0"?><workbook xmlns:r="r">${workbookPr}<sheets>${all
        .map(([attributes], index) => `<sheet ${attributes} sheetId="${index + 1}" r:id="s${index}"/>`)
        .join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      relate({
        ...Object.fromEntries(
          all.map((_, index) => [`s${index}`, ['worksheet', `/xl/worksheets/sheet${index}.xml`] as const]),
        ),
        t: ['sharedStrings', 'sharedStrings.xml'],
        f: ['styles', 'styles.xml'],
      }),
    ),
    ...Object.fromEntries(
      all.map(([, rows], index) => [
        `xl/worksheets/sheet${index}.xml`,
        strToU8(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
      ]),
    ),
    ...(texts !== undefined && { 'xl/sharedStrings.xml': strToU8(`<sst>${texts}</sst>`) }),
    ...(styles !== undefined && { 'xl/styles.xml': strToU8(`<styleSheet>${styles}</styleSheet>`) }),
  });
}

function readSheets(file: Uint8Array): { sheets: Sheet[]; proposed: number } {
  const workbook = readWorkbook(file);
  if (!workbook.ok) throw new Error(workbook.problem);
  return workbook;
}

async function readFirst(file: Uint8Array): Promise<string> {
  return (await readSheets(file).sheets[0]?.csv.text()) ?? '';
}

const one = (rows: string, rest: Omit<Parts, 'sheets'> = {}) =>
  compose({ sheets: { 'name="Sheet1"': rows }, ...rest });

test('a workbook of our own is read as its list, and its column of numbers is found', async () => {
  const columns: XlsxColumn[] = [
    { label: 'Name', type: 'text' },
    { label: 'Number', type: 'number' },
    { label: 'As given', type: 'given-number' },
    { label: 'When', type: 'time' },
    { label: 'Parts', type: 'integer' },
  ];
  const file = await writeOwn(columns, [
    ['Berg, "Anna" & Zoë', '27821234567', '0821234567', '46349.5', '2'],
    ['two\nlines\r\n', '27831234567', '+27 83 123 4567', null, '0'],
    [null, null, null, null, null],
    ['_x0041_', '27841234567', null, '46349', null],
  ]);
  const { sheets } = readSheets(file);
  expect(sheets).toMatchObject([{ name: 'List', isHidden: false, numbers: 5 }]);
  const csv = (await sheets[0]?.csv.text()) ?? '';
  expect(csv.split('\n')).toEqual([
    'Name,Number,As given,When,Parts',
    '"Berg, ""Anna"" & Zoë",27821234567,0821234567,"2026-11-23 12:00:00",2',
    '"two; lines",27831234567,+27 83 123 4567,,0',
    '',
    '_x0041_,27841234567,,2026-11-23',
    '',
  ]);
  const bytes = strToU8(csv);
  expect(await inspectFile(bytes, [bytes], { encoding: 'utf-8', separator: ',' })).toMatchObject({
    ok: true,
    preview: { format: { columns: [1], headerRows: 1 }, lines: 3, broken: 0 },
  });
});

test('texts that are shared, made of runs, inline or the result of a formula', async () => {
  const file = one(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' +
      '<row r="2"><c r="A2" t="str"><f>"0"&amp;821234567</f><v>0821234567</v></c>' +
      '<c r="B2"><f>A2+0</f><v>27821234567</v></c><c r="C2" t="str"><f>""</f><v></v></c></row>' +
      '<row r="3"><c r="A3" t="inlineStr"><is><r><t>+27</t></r><r><t xml:space="preserve"> 83 1234567</t></r></is></c>' +
      '<c r="B3"><f>A3</f><v/></c><c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D3" t="b"><v>1</v></c></row>',
    {
      texts:
        '<si><t>Cell &amp; &#78;umber</t></si>' +
        '<si><r><t>Ho</t></r><r><t>me</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si>',
    },
  );
  expect((await readFirst(file)).split('\n')).toEqual([
    '"Cell & Number",Home',
    '0821234567,27821234567',
    '+27 83 1234567,Formula that was never calculated,"#DIV/0!",TRUE',
    '',
  ]);
});

test('numbers come whole, dates are dates, and rows stay where they are', async () => {
  const styles =
    '<numFmts><numFmt numFmtId="164" formatCode="&quot;day&quot; 000 000 0000"/>' +
    '<numFmt numFmtId="165" formatCode="[$-409]d\\ mmm\\ yyyy;@"/></numFmts>' +
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="11"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/></cellXfs>';
  const file = one(
    '<row r="3"><c r="B3" s="1"><v>2.7821234567E10</v></c><c r="C3" s="2"><v>821234567</v></c></row>' +
      '<row><c><v>27821234567.000004</v></c><c s="3"><v>46355</v></c><c s="4"><v>46355.25</v></c></row>' +
      '<row r="7" spans="1:3"><c r="A7" s="4"/><c r="B7" t="s"/></row>' +
      '<row r="9"><c r="A9" s="4"><v>27821234567</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>',
    { styles },
  );
  expect((await readFirst(file)).split('\n')).toEqual([
    '',
    '',
    ',27821234567,821234567',
    '27821234567,2026-11-29,"2026-11-29 06:00:00"',
    ...Array<string>(4).fill(''),
    // #### in Excel: no day is so far off
    '27821234567',
    '',
  ]);
});

test('a part is the same however its bytes fall into pieces', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `Zoë 🛑 ${index}`);
  const file = one(
    rows
      .map((_, index) => `<row><c t="s"><v>${index}</v></c><c><v>${27_820_000_000 + index}</v></c></row>`)
      .join(''),
    { texts: rows.map((text) => `<si><t>${text}</t></si>`).join('') },
  );
  const expected = rows.map((text, index) => `"${text}",${27_820_000_000 + index}\n`);
  expect(await readFirst(file)).toBe(expected.join(''));
});

test('a text that a program has shortened stays so, and is not taken for a number', async () => {
  const { sheets } = readSheets(one('<row r="1"><c r="A1" t="inlineStr"><is><t>2.78E+10</t></is></c></row>'));
  expect(sheets).toMatchObject([{ numbers: 0 }]);
  expect(await sheets[0]?.csv.text()).toBe('2.78E+10\n');
});

test.each([
  ['27821234567', '27821234567'],
  ['2.78E+10', '27800000000'],
  ['27821234567.0', '27821234567'],
  ['27821234566.999996', '27821234567'],
  ['0.1', '0.1'],
  ['-5', '-5'],
  ['0.00000012', '0'],
  ['1e21', '1000000000000000000000'],
])('the number %s is %s', (raw, written) => expect(writeNumber(raw)).toBe(written));

test.each([
  ['46355', false, '2026-11-29'],
  ['44893', true, '2026-11-29'],
  ['0.5', false, '12:00:00'],
  ['59', false, '1900-02-28'],
  ['1', false, '1900-01-01'],
  ['821234567', false, '821234567'],
  ['-1', false, '-1'],
])('the date %s (from 1904: %s) is %s', (raw, is1904, written) =>
  expect(writeDate(raw, is1904)).toBe(written),
);

test('formats of dates are told from those of numbers', () => {
  const dates = ['yyyy\\-mm\\-dd', '[h]:mm', 'mmm yy', '[$-1C09]dd mmmm yyyy;@', '"on" d/m'];
  const numbers = [
    '0',
    '@',
    'General',
    '"day" 0',
    '[Red]0',
    '0\\d',
    '(000) 000-0000',
    '+00 00 000 0000',
    '_d0',
  ];
  expect(dates.filter((code) => !isDateFormat(164, code))).toEqual([]);
  expect(numbers.filter((code) => isDateFormat(164, code))).toEqual([]);
  expect([0, 1, 11, 14, 22, 47, 49].map((id) => isDateFormat(id, undefined))).toEqual([
    ...[false, false, false],
    ...[true, true, true, false],
  ]);
});

describe('of several sheets', () => {
  const row = (value: string) => `<row><c t="inlineStr"><is><t>${value}</t></is></c></row>`;
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, index) => row(`082123${1000 + index}`)).join('');

  test.each<[string, Record<string, string>, string]>([
    [
      'the first with numbers',
      { 'name="Notes"': row('Read me'), 'name="A"': numbers(2), 'name="B"': numbers(3) },
      'A',
    ],
    ['not one on a cover', { 'name="Cover"': row('082 123 4567'), 'name="List"': numbers(30) }, 'List'],
    ['no hidden one', { 'name="Old" state="hidden"': numbers(9), 'name="New"': numbers(1) }, 'New'],
    [
      'a hidden one before none',
      { 'name="Words"': row('a'), 'name="Old" state="veryHidden"': numbers(1) },
      'Old',
    ],
    [
      'the first, where none has any',
      { 'name="Words"': row('a'), 'name="More &amp; more"': row('b') },
      'Words',
    ],
  ])('%s is proposed', (_, sheets, name) => {
    const workbook = readSheets(compose({ sheets }));
    expect(workbook.sheets[workbook.proposed]?.name).toBe(name);
  });

  test('those with nothing in them are not among them', async () => {
    const { sheets } = readSheets(
      compose({ sheets: { 'name="Empty"': '<row r="5"><c r="A5" s="1"/></row>', 'name="L"': row('a') } }),
    );
    expect(sheets.map(({ name }) => name)).toEqual(['L']);
    const own = await writeOwn([{ label: 'Number', type: 'number' }], [['27821234567'], ['27821234568']], 2);
    expect(readSheets(own).sheets.map(({ name }) => name)).toEqual(['List', 'List (2)']);
  });
});

/** The same zip, of which one entry says that it is of another size unpacked. */
function claimSize(zip: Uint8Array, name: string, size: number): Uint8Array {
  const claimed = Buffer.from(zip);
  // in the directory at the end: the name stands 46 bytes behind the mark of its entry, the size 24
  const entry = claimed.lastIndexOf('PK\u0001\u0002', claimed.lastIndexOf(name));
  claimed.writeUInt32LE(size, entry + 24);
  return new Uint8Array(claimed);
}

describe('what cannot be read says what to do', () => {
  const list = one('<row><c><v>1</v></c></row>');
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty workbook', one(''), /^There is nothing in this workbook\.$/],
    ['half a workbook', list.subarray(0, list.length / 2), /damaged, or not all of it is there.* as CSV/],
    ['no zip at all', strToU8('PK\u0003\u0004 and so on'), /damaged/],
    ['broken XML', one('<row><c><v>1</v></row>'), /damaged/],
    ['a text that is not there', one('<row><c t="s"><v>7</v></c></row>'), /damaged/],
    ['a row that no sheet has', one('<row r="99999999"><c><v>1</v></c></row>'), /damaged/],
    [
      'a part that is not what it was packed as',
      one('<row><c><v>1</v></c></row>').map((byte, index, all) =>
        index > 60 && index < 90 && all.length > 200 ? 0xff : byte,
      ),
      /damaged|no Excel workbook/,
    ],
    [
      'a relation to nothing that can be a part',
      zipSync({ '_rels/.rels': strToU8(relate({ r: ['officeDocument', 'http://%E0%A4%A'] })) }),
      /no Excel workbook/,
    ],
    ['another zip', zipSync({ 'notes.txt': strToU8('0821234567') }), /no Excel workbook.* as CSV/],
    [
      'a document of Word',
      zipSync({
        '_rels/.rels': strToU8(relate({ r: ['officeDocument', 'word/document.xml'] })),
        'word/document.xml': strToU8('<w:document xmlns:w="w"/>'),
      }),
      /no Excel workbook/,
    ],
    [
      'a binary workbook',
      zipSync({
        '_rels/.rels': strToU8(relate({ r: ['officeDocument', 'xl/workbook.bin'] })),
        'xl/workbook.bin': new Uint8Array([0x83, 1, 0]),
      }),
      /no Excel workbook/,
    ],
    ['one that is too large', new Uint8Array(50 * 1024 * 1024 + 1), /too large.*save the sheet as CSV/],
    [
      'one whose sheet is too large unpacked',
      claimSize(list, 'sheet0.xml', 600_000_000),
      /too large.*as CSV/,
    ],
  ])('%s', (_, file, problem) => {
    expect(readWorkbook(file)).toEqual({ ok: false, problem: expect.stringMatching(problem) as string });
  });
});

describe('a mistake of ours', () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ['while a cell is written', () => vi.spyOn(Array.prototype, 'join')],
    ['while the text of a sheet is encoded', () => vi.spyOn(TextEncoder.prototype, 'encode')],
  ])('%s goes up, and is not told as a damaged file', (_, spy) => {
    const file = one('<row><c><v>1</v></c></row>');
    expect(readWorkbook(file)).toMatchObject({ ok: true });
    const mistake = new TypeError('undefined is not a function');
    spy().mockImplementation(() => {
      throw mistake;
    });
    let thrown: unknown = null;
    try {
      readWorkbook(file);
    } catch (error) {
      thrown = error;
    }
    vi.restoreAllMocks();
    expect(thrown).toBe(mistake);
  });
});
