import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '@/testing/property-runs';
import { normaliseText } from './text';

describe('known forms', () => {
  test.each([
    ['white space at the ends', '  Stop \t\r\n', 'stop'],
    ['runs of white space', 'stop \n\u00a0\u2028 sending', 'stop sending'],
    ['next line, a control that is white space', 'opt\u0085out', 'opt out'],
    ['punctuation and quotes at the ends', '*“«STOP»”*!?…', 'stop'],
    ['punctuation within stays', 'stop. thank-you', 'stop. thank-you'],
    ['accents standing alone, as quotes', '´stop´', 'stop'],
    ['emoji at the ends, of one code point or several', '🛑 stop 👨‍👩‍👧👍🏽🇿🇦❤️', 'stop'],
    ['keycap emoji at the ends', '1\ufe0f\u20e3 stop 2\ufe0f\u20e3', 'stop'],
    ['an enclosed letter is no emoji', 's\u20e3', 's\u20e3'],
    ['an emoji joined of several is its first', 'opt👨‍👩‍👧out', 'opt👨out'],
    ['zero-width characters and byte order marks', '\ufeffs\u200bt\u200do\u2060p', 'stop'],
    ['soft hyphens, direction marks, variation selectors', '\u202ast\u00adop\ufe0f\u202c', 'stop'],
    ['control characters', '\0st\x07op\x7f', 'stop'],
    ['lone surrogates', '\udc00stop\ud83d', 'stop'],
    ['full-width, circled and mathematical letters', 'ＳＴＯＰ ⓢⓣⓞⓟ 𝐒𝐓𝐎𝐏', 'stop stop stop'],
    ['a letter and a combining accent are one', 'arre\u0302t', 'arrêt'],
    ['Turkish capital İ', 'QUİT', 'quit'],
    ['Turkish dotless ı stays', 'quıt', 'quıt'],
    ['Greek capitals', 'ΣΤΟΠ', 'στοπ'],
    ['a character that stands for a phrase', 'stop\ufdfanow', 'stop now'],
    ['nothing', '', ''],
    ['nothing but what is dropped', ' \u200b…🛑\n', ''],
  ])('%s', (_name, text, normalised) => {
    expect(normaliseText(text)).toBe(normalised);
  });

  test('lower case does not depend on the locale: I is i, not the dotless ı of Turkish', () => {
    expect(normaliseText('QUIT UNSUBSCRIBE')).toBe('quit unsubscribe');
  });
});

/** Anything, and often what a normaliser trips over. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          'I',
          'İ',
          '\u0307',
          '\u0323',
          '\u0344',
          '\u20e3',
          '1',
          ' ',
          '\u0085',
          '\u200d',
          '\ufe0f',
          '🛑',
          '🏽',
        ],
        ...[
          '´',
          'ﬁ',
          '\uff9e',
          '\u1100',
          '\u1161',
          '\ud83d',
          '\udc00',
          'Σ',
          '_',
          '\u0e33',
          '\ufdfa',
          '\u3164',
          'ẞ',
        ],
      ),
    )
    .map((characters) => characters.join('')),
);

describe('whatever the text', () => {
  test('normalising twice changes nothing more', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = normaliseText(text);
        expect(normaliseText(once)).toBe(once);
      }),
      propertyRuns(2000),
    );
  });

  test('no white space but single spaces within, nothing invisible, no capitals', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const normalised = normaliseText(text);
        expect(normalised).not.toMatch(/^ | $| {2}|[^\S ]/u);
        expect(normalised).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(normalised).toBe(normalised.toLowerCase());
      }),
      propertyRuns(2000),
    );
  });

  // Each of these took minutes, or ran out of stack, with a plainer way of normalising: the test's time limit
  // is the check.
  test.each([
    ['combining marks of two classes', '\u0301\u0323'],
    ['half-width voiced marks', '\uff9e\u0323'],
    ['marks that are two marks', '\u0344\u0323'],
    ['lone surrogates', '\ud83d'],
    ['NULs', '\0'],
    ['punctuation', '!'],
    ['white space', ' \n'],
    ['emoji', '🛑'],
    ['emoji joined to a family of thousands', '👨\u200d'],
    ['accents standing alone', '´'],
  ])('hundreds of thousands of %s', (_name, unit) => {
    const many = unit.repeat(300_000 / unit.length);
    expect(normaliseText(many).length).toBeLessThan(50);
    // No letter composes with q.
    expect(normaliseText(`q${many}q`)).toMatch(/^q.*q$/su);
    expect(normaliseText(`中${many}q`)).toMatch(/^中.*q$/su);
  });
});
