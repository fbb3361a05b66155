import { describe, expect, test } from 'vitest';
import { composePaste } from './compose-paste';
import { detectEncoding, inspectFile, judgeCell, LineCounter, type Preview } from './inspect';

function inspect(content: string | Uint8Array, chosen = {}, isWhole = true) {
  return inspectFile(typeof content === 'string' ? Buffer.from(content) : content, isWhole, chosen);
}

function preview(content: string | Uint8Array, chosen = {}, isWhole = true): Preview {
  const inspection = inspect(content, chosen, isWhole);
  if (!inspection.ok) throw new Error(inspection.problem);
  return inspection.preview;
}

function problemOf(content: string | Uint8Array): string {
  const inspection = inspect(content);
  return inspection.ok ? '' : inspection.problem;
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

  test('can be corrected', () => {
    const bytes = Buffer.from('Na\xc3\xafve,0821234567\n', 'latin1');
    expect(preview(bytes).rows).toEqual([['Naïve', '0821234567']]);
    expect(preview(bytes, { encoding: 'windows-1252' }).rows).toEqual([['NaÃ¯ve', '0821234567']]);
  });
});

describe('the numbers', () => {
  test.each([
    { content: '0821234567\n0831234567\n', format: { separator: ',', column: 0, header: false } },
    { content: 'Number\n0821234567\n', format: { separator: ',', column: 0, header: true } },
    { content: 'Name;Cell\r\nThandi;082 123 4567\r\n', format: { separator: ';', column: 1, header: true } },
    {
      content: 'Thandi\t082 123 4567\nPriya\t083 123 4567',
      format: { separator: '\t', column: 1, header: false },
    },
    { content: 'a|b|c\n1|2|+27 82 123 4567\n', format: { separator: '|', column: 2, header: true } },
    // an identity number is longer than a phone number, an account number shorter
    {
      content: 'id,cell,account\n8001015009087,0821234567,58324\n',
      format: { separator: ',', column: 1, header: true },
    },
    {
      content: '"Berg, Anna","082,1"\n"Dal, Piet",0821234567',
      format: { separator: ',', column: 1, header: false },
    },
    { content: 'from,to\n+44 7400 123456,0821234567\n', format: { separator: ',', column: 1, header: true } },
    { content: 'n\n2.78E+10\n2.78E+10', format: { separator: ',', column: 0, header: true } },
  ])('of $content are found', ({ content, format }) => {
    expect(preview(content).format).toEqual({ encoding: 'utf-8', ...format });
  });

  test('are counted in the column that was chosen', () => {
    const content = 'name,home,cell\nA,0215550123,0821234567\nB,,2.78E+10\nC,0831234567,x\n';
    expect(preview(content, { column: 2 })).toMatchObject({ sampled: 3, numbers: 1, scientific: 1 });
    expect(preview(content, { column: 1 })).toMatchObject({ sampled: 3, numbers: 1, scientific: 0 });
    expect(preview(content, { column: 0 })).toMatchObject({ sampled: 3, numbers: 0, scientific: 0 });
    expect(preview(content, { column: 99 }).format.column).toBe(2);
    expect(preview(content, { header: false })).toMatchObject({
      sampled: 4,
      columns: ['Column 1', 'Column 2', 'Column 3'],
    });
  });

  test('of the last line are left out when it is cut off', () => {
    expect(preview('0821234567\n0831234567\n0841', {}, false).rows).toEqual([['0821234567'], ['0831234567']]);
  });
});

test.each([
  { cell: '082 123 4567', look: 'number' },
  { cell: '="0821234567"', look: 'number' },
  { cell: '+44 7400 123456', look: 'foreign' },
  { cell: '8001015009087', look: 'other' },
  { cell: '2,78E+10', look: 'scientific' },
  { cell: '021 555 0123', look: 'other' },
  { cell: '', look: 'other' },
])('$cell looks like $look', ({ cell, look }) => {
  expect(judgeCell(cell)).toBe(look);
});

test.each([
  { what: 'a workbook', content: 'PK\u0003\u0004…', says: 'Excel workbook or a zip' },
  { what: 'an old workbook', content: Buffer.from('d0cf11e0a1b11ae1', 'hex'), says: 'old Excel workbook' },
  { what: 'a PDF', content: '%PDF-1.7', says: 'PDF' },
  { what: 'a picture', content: Buffer.from('89504e470d0a1a0a0000000d', 'hex'), says: 'no text' },
  { what: 'nothing', content: ' \r\n\n', says: 'nothing in this file' },
])('$what is refused', ({ content, says }) => {
  expect(problemOf(content)).toContain(says);
});

describe('lines are counted', () => {
  const count = (bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be') => {
    const counter = new LineCounter(encoding);
    // an odd length, so that a character is cut in two
    for (let at = 0; at < bytes.length; at += 3) counter.add(bytes.subarray(at, at + 3));
    return counter.lines;
  };
  test.each(['a\nb\nc', 'a\nb\nc\n', 'a\r\nb\r\nc', 'a\r\nb\r\nc\r\n', 'a\rb\rc', 'a\rb\rc\r', 'ਊ\nb\nc'])(
    '%j',
    (text) => {
      expect(count(Buffer.from(text), 'utf-8')).toBe(3);
      expect(count(Buffer.from(text, 'utf16le'), 'utf-16le')).toBe(3);
      expect(count(Buffer.from(text, 'utf16le').swap16(), 'utf-16be')).toBe(3);
    },
  );
});

test.each([
  { pasted: '0821234567, 083 123 4567;\n+27841234567', content: '0821234567\n 083 123 4567\n+27841234567' },
  { pasted: '0821234567\t0831234567', content: '0821234567\n0831234567' },
  { pasted: 'Thandi\t0821234567\nPriya\t0831234567', content: 'Thandi\t0821234567\nPriya\t0831234567' },
  { pasted: 'Name;Number\nThandi;0821234567', content: 'Name;Number\nThandi;0821234567' },
])('$pasted, pasted, is read as $content', ({ pasted, content }) => {
  expect(composePaste(pasted)).toBe(content);
});
