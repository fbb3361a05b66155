import { describe, expect, test } from 'vitest';
import { UnreadableFileError } from './column-reader';
import { LineComposer } from './line-composer';
import { maxFileLines } from './schema';

function compose(...cells: string[]) {
  const composer = new LineComposer(58324, '7');
  cells.forEach((cell, index) => composer.add(index + 1, cell));
  const { lines, invalid, duplicates, usable } = composer;
  return { rows: composer.take().toString(), counts: { lines, invalid, duplicates, usable } };
}

describe('lines for COPY', () => {
  test('hold what was typed, the number and why it is not used', () => {
    const { rows, counts } = compose(
      '082 123 4567',
      '+27821234567',
      '021 555 0123',
      '2.782E+10',
      '',
      '+44 7400 123456',
    );
    expect(rows.split('\n')).toEqual([
      '58324\t7\t1\t082 123 4567\t27821234567\t\\N',
      '58324\t7\t2\t+27821234567\t27821234567\tduplicate',
      '58324\t7\t3\t021 555 0123\t\\N\tnot-mobile',
      '58324\t7\t4\t2.782E+10\t\\N\tscientific-notation',
      '58324\t7\t5\t\t\\N\tempty',
      '58324\t7\t6\t+44 7400 123456\t447400123456\t\\N',
      '',
    ]);
    expect(counts).toEqual({ lines: 6, invalid: 3, duplicates: 1, usable: 2 });
  });

  test('hold nothing that COPY would take for its own', () => {
    const { rows } = compose('a\tb\\c\nd\re\0f', '\\N', '\\.');
    expect(rows.split('\n').map((row) => row.split('\t')[3])).toEqual([
      'a b\\\\c d ef',
      '\\\\N',
      '\\\\.',
      undefined,
    ]);
  });

  test('hold at most 200 characters of what was typed', () => {
    expect(compose('x'.repeat(5000)).rows.split('\t')[3]).toBe('x'.repeat(200));
  });

  test('hold letters of any script', () => {
    expect(
      compose('Ngiyabonga 🙏', 'Naïve', '٠٨٢١٢٣٤٥٦٧')
        .rows.split('\n')
        .map((row) => row.split('\t')[3]),
    ).toEqual(['Ngiyabonga 🙏', 'Naïve', '٠٨٢١٢٣٤٥٦٧', undefined]);
  });

  test('are as many as are added before they are taken', () => {
    const cells = Array.from({ length: 5000 }, (_, index) => `${'é'.repeat(150)}${index}`);
    const rows = compose(...cells).rows.split('\n');
    expect(rows.slice(0, -1).map((row) => row.split('\t')[3])).toEqual(cells);
  });

  test('are taken once', () => {
    const composer = new LineComposer(58324, '7');
    composer.add(1, '0821234567');
    expect(composer.take()).not.toHaveLength(0);
    expect(composer.take()).toHaveLength(0);
    composer.add(2, '0821234567');
    expect(composer.take().toString()).toBe('58324\t7\t2\t0821234567\t27821234567\tduplicate\n');
  });
});

test('a list of more than a million lines is refused', () => {
  const composer = new LineComposer(58324, '7');
  composer.lines = maxFileLines - 1;
  composer.add(maxFileLines, '0821234567');
  expect(() => composer.add(maxFileLines + 1, '0831234567')).toThrow(UnreadableFileError);
});
