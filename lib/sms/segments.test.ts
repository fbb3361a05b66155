import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxTextLength, measureText } from './segments';

describe('known lengths', () => {
  test.each([
    ['nothing', '', 'GSM-7', 0, 0],
    ['160 letters', 'a'.repeat(160), 'GSM-7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 161, 2],
    ['306 letters', 'a'.repeat(306), 'GSM-7', 306, 2],
    ['307 letters', 'a'.repeat(307), 'GSM-7', 307, 3],
    ['918 letters', 'a'.repeat(918), 'GSM-7', 918, 6],
    ['80 euro signs, two units each', '€'.repeat(80), 'GSM-7', 160, 1],
    ['81 euro signs', '€'.repeat(81), 'GSM-7', 162, 2],
    ['é and ñ are GSM', 'éñ', 'GSM-7', 2, 1],
    ['ë is not', 'ë', 'UCS-2', 1, 1],
    ['70 of UCS-2', 'ë'.repeat(70), 'UCS-2', 70, 1],
    ['71 of UCS-2', 'ë'.repeat(71), 'UCS-2', 71, 2],
    ['134 of UCS-2', 'ë'.repeat(134), 'UCS-2', 134, 2],
    ['135 of UCS-2', 'ë'.repeat(135), 'UCS-2', 135, 3],
    ['35 emoji, two units each', '🛑'.repeat(35), 'UCS-2', 70, 1],
    ['36 emoji', '🛑'.repeat(36), 'UCS-2', 72, 2],
  ] as const)('%s', (_name, text, encoding, units, segments) => {
    expect(measureText(text)).toMatchObject({ encoding, units, segments });
  });

  test('an escape is never parted from its character: 152 letters, then a euro sign, then 153 letters', () => {
    expect(measureText(`${'a'.repeat(152)}€${'a'.repeat(151)}`).segments).toBe(2);
    expect(measureText(`${'a'.repeat(152)}€${'a'.repeat(152)}`).segments).toBe(3);
  });

  test('a surrogate pair is parted, as Kannel does: 66 letters, then an emoji', () => {
    expect(measureText(`ë${'a'.repeat(65)}🛑${'a'.repeat(66)}`).segments).toBe(2);
    expect(measureText(`ë${'a'.repeat(65)}🛑${'a'.repeat(67)}`).segments).toBe(3);
    expect(measureText('🛑'.repeat(67)).segments).toBe(2);
    expect(measureText('🛑'.repeat(68)).segments).toBe(3);
  });
});

describe('the live counter', () => {
  test.each([
    ['nothing', '', 160, 160],
    ['one letter', 'a', 160, 159],
    ['a full segment', 'a'.repeat(160), 160, 0],
    ['one letter more: both segments hold less', 'a'.repeat(161), 153, 145],
    ['an escape that did not fit: what it left is lost', `${'a'.repeat(152)}€${'a'.repeat(7)}`, 153, 144],
    ['one of UCS-2', 'ж', 70, 69],
    ['71 of UCS-2', 'ж'.repeat(71), 67, 63],
  ] as const)('%s', (_name, text, unitsPerSegment, unitsLeft) => {
    expect(measureText(text)).toMatchObject({ unitsPerSegment, unitsLeft });
  });

  test('every character of the alphabet is GSM-7, and the extension table takes two units', () => {
    const basic =
      '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
    expect(basic).toHaveLength(127);
    expect(measureText(basic)).toMatchObject({ encoding: 'GSM-7', units: 127 });
    expect(measureText('\f^{}\\[~]|€')).toMatchObject({ encoding: 'GSM-7', units: 20 });
  });
});

/** Cuts a text into segments the slow way, character by character. */
function splitNaively(characters: { units: number }[], single: number, part: number): number {
  const total = characters.reduce((sum, { units }) => sum + units, 0);
  if (total <= single) return total === 0 ? 0 : 1;
  let segments = 1;
  let used = 0;
  for (const { units } of characters) {
    if (used + units > part) {
      segments += 1;
      used = 0;
    }
    used += units;
  }
  return segments;
}

test('agrees with cutting character by character', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '€', 'Z', '{', ' '), { minLength: 1, maxLength: maxTextLength }),
      (letters) => {
        const cut = splitNaively(
          letters.map((letter) => ({ units: letter === '€' || letter === '{' ? 2 : 1 })),
          160,
          153,
        );
        expect(measureText(letters.join('')).segments).toBe(cut);
      },
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'ë', '🛑', 'ж'), { minLength: 1, maxLength: 600 }),
      (letters) => {
        const text = `ë${letters.join('')}`;
        const cut = splitNaively(
          Array.from({ length: text.length }, () => ({ units: 1 })),
          70,
          67,
        );
        expect(measureText(text).segments).toBe(cut);
      },
    ),
  );
});

test('a longer text never takes fewer segments', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '€', 'b') }),
      fc.constantFrom('a', '€'),
      (text, more) => {
        expect(measureText(text + more).segments).toBeGreaterThanOrEqual(measureText(text).segments);
      },
    ),
  );
});
