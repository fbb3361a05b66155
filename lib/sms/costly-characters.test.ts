import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  listCostlyCharacters,
  nameInvisible,
  planReplacement,
  replaceCostlyCharacters,
  splitCostlyCharacters,
} from './costly-characters';
import { isGsm, measureText } from './segments';

describe('what makes a text dearer', () => {
  test.each([
    ['Today only\u00a0R99', 'no-break space', 'after “only”', true],
    ['\ufeffSale', 'byte-order mark', 'before “Sale”', true],
    ['Spring\u200b sale', 'zero-width space', 'after “Spring”', true],
    ['Mon\t9:00', 'tab', 'after “Mon”', true],
    ['Sale!\u2028Today', 'line separator', 'after “Sale”', true],
    ['Unsub\u00adscribe', 'soft hyphen', 'after “Unsub”', true],
    ['Ring \u202a082\u202c', 'left-to-right embedding', 'after “Ring”', true],
    ['Ring\u0007', 'control character U+0007', 'after “Ring”', true],
    ['Ring\ud83d', 'half a character', 'after “Ring”', true],
    ['Cafe\u0301', 'é written as two characters', 'after “Caf”', true],
    ['It’s on', 'curly quotation mark ’', 'after “It”', false],
    ['9–5', 'dash –', 'after “9”', false],
    ['Wait… now', 'ellipsis …', 'after “Wait”', false],
    ['S\u0430le', 'Cyrillic \u0430', 'after “S”', false],
    ['Môre', 'ô', 'after “M”', false],
    ['🛑', '🛑', 'at the beginning', false],
    [`${'!'.repeat(60)}\u00a0`, 'no-break space', 'among other signs', true],
  ])('%j: %s, %s', (text, name, place, isInvisible) => {
    expect(listCostlyCharacters(text)[0]).toMatchObject({ name, place, isInvisible, count: 1 });
  });

  test('each once, in order, with how often it is there', () => {
    const found = listCostlyCharacters('Môre “vriend” – môre\u00a0🛑 €5 [ok]');
    expect(found.map(({ character, count }) => [character, count])).toEqual([
      ['ô', 2],
      ['“', 1],
      ['”', 1],
      ['–', 1],
      ['\u00a0', 1],
      ['🛑', 1],
    ]);
    expect(listCostlyCharacters('Plain text @ R5: Ç ñ Ω é\r\n{[€]}')).toEqual([]);
  });

  test('is marked in the text', () => {
    expect(splitCostlyCharacters('Only\u00a0R99 “now”')).toEqual([
      { text: 'Only', costly: false },
      { text: '\u00a0', costly: true },
      { text: 'R99 ', costly: false },
      { text: '“', costly: true },
      { text: 'now', costly: false },
      { text: '”', costly: true },
    ]);
    expect([nameInvisible('\u00a0'), nameInvisible('“')]).toEqual(['no-break space', null]);
  });
});

describe('what says the same', () => {
  test.each([
    ['Today only\u00a0R99', 'Today only R99'],
    ['\ufeffSa\u00adle\u200b\u2060', 'Sale'],
    ['a\tb\u2003c\u3000d', 'a b c d'],
    ['one\u2028two\u2029three\u0085four', 'one\ntwo\nthree\nfour'],
    ['“It’s” ‘on’ „now‟ «x» ‹y›', `"It's" 'on' "now" "x" 'y'`],
    ['9–5 — 3−1 ‐', '9-5 - 3-1 -'],
    ['Wait…', 'Wait...'],
    ['ﬁne ﬂat', 'fine flat'],
    ['ＳＴＯＰ 𝐒𝐓𝐎𝐏', 'STOP STOP'],
    ['Cafe\u0301 nin\u0303o', 'Café niño'],
    ['Ohm \u2126, \u212bngstrom', 'Ohm Ω, Ångstrom'],
    ['x\ufe0f y\u200dz', 'x yz'],
    ['Ring\u0007 \ud83d!', 'Ring !'],
    ['\u202aRing\u202c', 'Ring'],
  ])('%j is %j', (text, plain) => {
    expect(replaceCostlyCharacters(text)).toBe(plain);
    expect(measureText(plain).encoding).toBe('GSM-7');
  });

  test.each([
    ['letters with accents that the alphabet has not', 'Môre, ek sê ja: Zoë'],
    ['an emoji joined of several', 'Hi 👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🏴\u{e0067}\u{e0062}'],
    ['other scripts, and the marks that order them', 'שלום \u200fרב'],
  ])('nothing for %s', (_, text) => {
    expect(replaceCostlyCharacters(text)).toBe(text);
    expect(planReplacement(text)).toBeNull();
  });

  test('the saving is that of the whole text', () => {
    const text = `${'a'.repeat(150)}\u00a0b’c`;
    expect(planReplacement(text)).toEqual({
      text: `${'a'.repeat(150)} b'c`,
      count: 2,
      before: 3,
      after: 1,
      staysUcs2: false,
    });
    expect(planReplacement(`${text}🛑`)).toMatchObject({ before: 3, after: 3, staysUcs2: true });
    expect(planReplacement('plain')).toBeNull();
  });
});

/** Anything, and often what costs. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\u00a0',
      '“',
      '…',
      '\u200d',
      '\ufe0f',
      '🛑',
      'e',
      '\u0301',
      '\ud83d',
      'ש',
    ),
  }),
);

describe('whatever the text', () => {
  test('its pieces are the text, and the costly ones are those that are named', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const pieces = splitCostlyCharacters(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const costly = pieces.filter((piece) => piece.costly).map((piece) => piece.text);
        expect(listCostlyCharacters(text).map(({ character }) => character)).toEqual([...new Set(costly)]);
        expect(costly.length > 0).toBe(measureText(text).encoding === 'UCS-2');
      }),
    );
  });

  test('replacing keeps every GSM character, never makes it dearer in kind, and has nothing left to replace', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = replaceCostlyCharacters(text);
        expect(planReplacement(plain)?.text ?? plain).toBe(replaceCostlyCharacters(plain));
        if (listCostlyCharacters(text).every((one) => one.plain !== null && one.count === 1)) {
          expect([...plain].every(isGsm)).toBe(true);
        }
        if (measureText(text).encoding === 'GSM-7') expect(plain).toBe(text);
      }),
    );
  });

  test.each(['\u00a0', 'a\u0301', '\u200d', '“', ' ', 'a', '\ud83d', '👨\u200d'])(
    'half a million of %j takes one pass',
    (unit) => {
      const many = unit.repeat(500_000 / unit.length);
      expect(listCostlyCharacters(many).length).toBeLessThan(4);
      expect(replaceCostlyCharacters(many).length).toBeLessThanOrEqual(many.length);
    },
  );
});
