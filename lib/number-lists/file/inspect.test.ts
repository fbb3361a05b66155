import { describe, expect, test } from 'vitest';
import { judgeCell } from './cell-look';
import { countMore, findLeftOut } from './columns';
import { detectEncoding } from './encoding';
import { firstPartBytes, inspectFile, type Correction, type Preview } from './inspect';

function inspect(content: string | Uint8Array, correction?: Correction) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return inspectFile(bytes.subarray(0, firstPartBytes), [bytes], correction);
}

async function preview(content: string | Uint8Array, correction?: Correction): Promise<Preview> {
  const inspection = await inspect(content, correction);
  if (!inspection.ok) throw new Error(inspection.problem);
  return inspection.preview;
}

/** The name of the column that is proposed, and how many numbers those hold that are left out. */
async function propose(content: string): Promise<{ chosen: string; left: Record<string, number> }> {
  const { columns, format } = await preview(content);
  const left = findLeftOut(columns, format.columns).map((column) => [
    columns[column]!.name,
    countMore(columns, column, format.columns),
  ]);
  return { chosen: columns[format.columns[0]!]!.name, left: Object.fromEntries(left) };
}

describe('the encoding', () => {
  const text = 'Naïve;0821234567\n';
  test.each([
    { what: 'UTF-8', bytes: Buffer.from(text), encoding: 'utf-8' },
    { what: 'UTF-8 with its mark', bytes: Buffer.from(`\uFEFF${text}`), encoding: 'utf-8' },
    { what: 'UTF-8 cut within a character', bytes: Buffer.from(text).subarray(0, 3), encoding: 'utf-8' },
    { what: 'UTF-16', bytes: Buffer.from(`\uFEFF${text}`, 'utf16le'), encoding: 'utf-16le' },
    { what: 'UTF-16 without its mark', bytes: Buffer.from(text, 'utf16le'), encoding: 'utf-16le' },
    {
      what: 'UTF-16, big-endian',
      bytes: Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
      encoding: 'utf-16be',
    },
    { what: 'the same without its mark', bytes: Buffer.from(text, 'utf16le').swap16(), encoding: 'utf-16be' },
    { what: 'Windows-1252', bytes: Buffer.from(text, 'latin1'), encoding: 'windows-1252' },
    { what: 'no text', bytes: Buffer.from([1, 0, 0, 0, 7, 9, 0, 0, 0, 200]), encoding: null },
  ])('is found to be $what', ({ bytes, encoding }) => {
    expect(detectEncoding(bytes)).toBe(encoding);
  });

  test('can be corrected', async () => {
    const bytes = Buffer.from('Na\xc3\xafve,0821234567\n', 'latin1');
    expect((await preview(bytes)).rows).toEqual([['Naïve', '0821234567']]);
    expect((await preview(bytes, { encoding: 'windows-1252' })).rows).toEqual([['NaÃ¯ve', '0821234567']]);
  });
});

describe('the format', () => {
  test.each([
    { content: '0821234567\n0831234567\n', separator: ',', column: 0, headerRows: 0 },
    { content: 'Number\n0821234567\n', separator: ',', column: 0, headerRows: 1 },
    { content: 'Name;Cell\r\nThandi;082 123 4567\r\n', separator: ';', column: 1, headerRows: 1 },
    { content: 'Thandi\t082 123 4567\nPriya\t083 123 4567', separator: '\t', column: 1, headerRows: 0 },
    { content: 'a|b|c\n1|2|+27 82 123 4567\n', separator: '|', column: 2, headerRows: 1 },
    // an identity number may be as long as a phone number, an account number is shorter
    {
      content: 'id,cell,account\n8001015009087,0821234567,58324\n',
      separator: ',',
      column: 1,
      headerRows: 1,
    },
    { content: 'a,b,c\n8001015009087,+44 7400 123456,58324\n', separator: ',', column: 1, headerRows: 1 },
    { content: '"Berg, Anna","082,1"\n"Dal, Piet",0821234567', separator: ',', column: 1, headerRows: 0 },
    { content: 'from,to\n+44 7400 123456,0821234567\n', separator: ',', column: 1, headerRows: 1 },
    { content: 'n\n2.78E+10\n2.78E+10', separator: ',', column: 0, headerRows: 1 },
    // short lists with a line break at their end
    { content: 'Thandi;0821234567\n', separator: ';', column: 1, headerRows: 0 },
    { content: 'Berg, Anna;0821234567\nDal, Piet;0831234567\n', separator: ';', column: 1, headerRows: 0 },
    {
      content: '0821234567;Berg, Anna\r\n0831234567;Dal, Piet\r\n',
      separator: ';',
      column: 0,
      headerRows: 0,
    },
    { content: 'Naam\tSelfoon\nThandi\t0821234567\n', separator: '\t', column: 1, headerRows: 1 },
    { content: '0821234567;0831234567\n0841234567;0851234567\n', separator: ';', column: 0, headerRows: 0 },
    { content: 'Thandi;27821234000,00\nPriya;27831234000,00\n', separator: ';', column: 1, headerRows: 0 },
    { content: 'sep=;\r\nname;number\r\nThandi;0821234567\r\n', separator: ';', column: 1, headerRows: 1 },
    { content: 'sep=|\r\nA,1|0821234567\r\n', separator: '|', column: 1, headerRows: 0 },
    { content: 'Name;Number\rThandi;0821234567\r', separator: ';', column: 1, headerRows: 1 },
    {
      content: 'Our customers\n\nName,Number\nThandi,0821234567\n',
      separator: ',',
      column: 1,
      headerRows: 2,
    },
    { content: ',,Cell\n,,0821234567\n,,0831234567\n', separator: ',', column: 2, headerRows: 1 },
    { content: '0821234567;;;\n0831234567;;;\n', separator: ';', column: 0, headerRows: 0 },
    { content: '"Berg; A","0821234567"\n"Dal; P","0831234567"', separator: ',', column: 1, headerRows: 0 },
    { content: '"name";"number"\n"Berg";="0821234567"\n', separator: ';', column: 1, headerRows: 1 },
    { content: 'a,n\nB,"27,821,234,000"\nC,"27,831,234,000"\n', separator: ',', column: 1, headerRows: 1 },
    { content: "a,n\nB,'0821234567\nC,082\u00a0123\u00a04567\n", separator: ',', column: 1, headerRows: 1 },
    { content: '0821234567,0831234567,0841234567\n', separator: ';', column: 0, headerRows: 0 },
    { content: 'Thandi,\nPriya,0821234567\n', separator: ',', column: 1, headerRows: 0 },
    { content: '"Piet" Botha,0821234567\nAnna,0831234567\n', separator: ',', column: 1, headerRows: 0 },
  ])('of $content is found', async ({ content, separator, column, headerRows }) => {
    const { format } = await preview(content);
    expect(format).toEqual({ encoding: 'utf-8', separator, columns: [column], headerRows });
  });

  test('can be corrected', async () => {
    const content = 'name,home,cell\nA,0215550123,0821234567\nB,,2.78E+10\nC,0831234567,x\n';
    const { columns, lines } = await preview(content);
    expect(columns).toMatchObject([
      { name: 'name', numbers: 0, scientific: 0, others: 3 },
      { name: 'home', numbers: 1, scientific: 0, others: 1 },
      { name: 'cell', numbers: 1, scientific: 1, others: 1 },
    ]);
    expect(lines).toBe(3);
    const withoutHeader = await preview(content, { headerRows: 0 });
    expect(withoutHeader.lines).toBe(4);
    expect(withoutHeader.columns.map(({ name }) => name)).toEqual(['Column 1', 'Column 2', 'Column 3']);
    expect((await preview(content, { separator: ';' })).columns).toHaveLength(1);
  });

  test('is found in the first part, and all of the file is counted', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `Client ${index},082${1_000_000 + index},\r\n`,
    );
    const last = 'Late,0831234567,0841234567\r\n';
    const found = await preview(`name,cell,other phone\r\n${lines.join('')}${last}`);
    expect(found.lines).toBe(20_001);
    expect(found.format.columns).toEqual([1]);
    expect(found.columns.map(({ numbers }) => numbers)).toEqual([0, 20_001, 1]);
    expect(findLeftOut(found.columns, [1])).toEqual([2]);
  });

  test('of odd quotation marks is told', async () => {
    expect(await preview('n,m\n"Piet" Botha,0821234567\nA,0831234567\n"B,0841234567\n')).toMatchObject({
      lines: 3,
      broken: 2,
      firstBroken: 2,
      columns: [{ numbers: 0 }, { numbers: 1 }],
    });
  });
});

describe('the column that is proposed', () => {
  const optOuts =
    'Number,Kind,Reply text,Rule,Opted out,Confirmation,Sender number\n' +
    '26658123456,Reply,Stop,stop,2026-11-01 10:00:00,Delivered,27600001111\n' +
    '27821234567,Reply,"Stop, please",stop,2026-11-01 10:00:00,Delivered,27600001111\n';
  test.each([
    { what: 'of our own list with a number from Lesotho', content: optOuts, chosen: 'Number', left: {} },
    {
      what: 'with the sender number in front',
      content: 'Sender number,Number\n27600001111,26658123456\n27600001111,26658123457\n',
      chosen: 'Number',
      left: {},
    },
    {
      what: 'of a list without names in which all numbers are foreign',
      content: 'Neo,26658123456\nPule,26658123457\n',
      chosen: 'Column 2',
      left: {},
    },
    {
      what: 'of contacts of Google',
      content:
        'First Name,Last Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n' +
        'Thandi,Nkosi,Mobile,+27 82 123 4567 ::: +27 83 123 4567,Work,084 123 4567\n' +
        'Piet,Botha,* Mobile,085 123 4567,,\n',
      chosen: 'Phone 1 - Value',
      left: { 'Phone 2 - Value': 1 },
    },
    {
      what: 'of contacts of Outlook',
      content:
        'First Name,Business Fax,Business Phone,Home Phone,Mobile Phone,Pager\n' +
        'Thandi,0821230000,0115550123,0731234567,0821234567,\n' +
        'Piet,,,0741234567,0831234567,\n' +
        'Anna,,0741234568,,,\n',
      chosen: 'Mobile Phone',
      left: { 'Home Phone': 2, 'Business Phone': 1 },
    },
    {
      what: 'of a report, where the numbers stand twice',
      content: 'Line,As given,Number,Result,Reason\n1,082 123 4567,27821234567,Clear,\n',
      chosen: 'Number',
      left: {},
    },
    {
      what: 'of leads',
      content: 'id,created_time,full_name,phone_number\nl:1,2026-11-01,Thandi,p:+27821234567\n',
      chosen: 'phone_number',
      left: {},
    },
    {
      what: 'of names that stray numbers stand under',
      content: `cell,b\n0821234567,0831234567\n${'x,0831234568\n'.repeat(30)}`,
      chosen: 'b',
      left: { cell: 1 },
    },
  ])('$what', async ({ content, chosen, left }) => {
    expect(await propose(content)).toEqual({ chosen, left });
  });
});

test.each([
  { cell: '082 123 4567', numbers: 1, isPure: true },
  { cell: '="0821234567"', numbers: 1, isPure: true },
  { cell: '+44 7400 123456', numbers: 1, isPure: true },
  { cell: '26658123456', numbers: 1, isPure: true },
  { cell: '0821234567 ::: 0831234567', numbers: 2, isPure: true },
  { cell: '0821234567, Thandi', numbers: 1, isPure: false },
  { cell: '٠٨٢١٢٣٤٥٦٧', numbers: 1, isPure: true },
  { cell: '8001015009087', numbers: 0, isPure: false },
  { cell: '2348031234567', numbers: 1, isPure: true },
  { cell: '1234567890', numbers: 0, isPure: false },
  { cell: '2,78E+10', numbers: 0, isScientific: true },
  { cell: '+2.78212E+10', numbers: 0, isScientific: true },
  { cell: '021 555 0123', numbers: 0, isPure: false },
  { cell: '2026-11-01 10:00:00', numbers: 0, isPure: false },
  { cell: '', numbers: 0, isPure: false },
])('$cell looks like $numbers', ({ cell, ...look }) => {
  expect(judgeCell(cell)).toMatchObject(look);
});

test.each([
  { what: 'a workbook', content: 'PK\u0003\u0004…', says: 'Excel workbook or a zip' },
  { what: 'an old workbook', content: Buffer.from('d0cf11e0a1b11ae1', 'hex'), says: 'old Excel workbook' },
  { what: 'something compressed', content: Buffer.from('1f8b0800', 'hex'), says: 'compressed' },
  { what: 'a PDF', content: '%PDF-1.7', says: 'PDF' },
  { what: 'contacts', content: 'BEGIN:VCARD\r\nTEL:+27821234567\r\nEND:VCARD', says: 'contacts (vCard)' },
  {
    what: 'contacts in UTF-16',
    content: Buffer.from('\uFEFFBEGIN:VCARD\r\nTEL:+27821234567', 'utf16le'),
    says: 'contacts (vCard)',
  },
  { what: 'a web page', content: '\uFEFF<html><table><td>0821234567', says: 'web page or an XML file' },
  { what: 'a document', content: '{\\rtf1 0821234567', says: 'word processor' },
  { what: 'a picture', content: Buffer.from('89504e470d0a1a0a0000000d', 'hex'), says: 'no text' },
  { what: 'nothing', content: ' \r\n\n', says: 'nothing in this file' },
])('$what is refused', async ({ content, says }) => {
  const inspection = await inspect(content);
  expect(inspection.ok ? '' : inspection.problem).toContain(says);
});
