import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitLines } from './fit-lines';

const wide = (character: string) => (character === 'W' ? 2 : 1);
const measureLine = (line: string) => [...line].reduce((sum, character) => sum + wide(character), 0);

test('a word longer than a line is cut at its width, and nothing else is touched', () => {
  expect(fitLines('abcdefghij kl', wide, 4)).toBe('abcd\nefgh\nij kl');
  expect(fitLines('WWW ab\ncd', wide, 4)).toBe('WW\nW ab\ncd');
  expect(fitLines('one two, three', wide, 6)).toBe('one two, three');
  expect(fitLines('🛑🛑🛑', wide, 2)).toBe('🛑🛑\n🛑');
  expect(fitLines('', wide, 4)).toBe('');
  // wider than any line: one to a line, none lost
  expect(fitLines('WWW', wide, 1)).toBe('W\nW\nW');
});

test('whatever the text: it is the same without the cuts, and no word is wider than a line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'W', ' ', '\n', 'é', '🛑'), maxLength: 200 }),
      fc.integer({ min: 2, max: 20 }),
      (text, width) => {
        const fitted = fitLines(text, wide, width);
        expect(fitted.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
        for (const word of fitted.split(/\n|(?<= )(?! )/u))
          expect(measureLine(word)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('measures each character once', () => {
  let measured = 0;
  fitLines('x'.repeat(1_000_000), () => (measured += 1) && 1, 80);
  expect(measured).toBe(1_000_000);
});
