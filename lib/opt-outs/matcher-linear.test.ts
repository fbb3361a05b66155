import { describe, expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { measureGrowth, measureProcessorMs } from '@/testing/growth';
import { classifyThoroughly, standardKeywords, type Keyword } from './matcher';
import { mayHoldWish } from './word-check';

// A stranger chooses what is read. Eight times the length may take eight times the time; a quadratic step
// takes 64 times.
const small = (isLong ? 64 : 32) * 1024;
const large = 8 * small;
/** These are read to 2 MB as well. */
const longest = 2 * 1024 * 1024;
const readToTheEnd = new Set(
  isLong ? ['spaces', 'line breaks', 'almost a phrase', 'marks of two classes'] : ['spaces', 'line breaks'],
);
const bound = 24;

const own: readonly Keyword[] = [
  ...standardKeywords,
  ...Array.from({ length: 30 }, (_, n): Keyword => ({
    word: `genoeg ${n}`,
    match: n % 2 ? 'exact' : 'prefix',
    source: 'own',
  })),
  { word: `a${'_'.repeat(40)}z`, match: 'prefix', source: 'own' },
  { word: `${'_a'.repeat(20)}`, match: 'exact', source: 'platform' },
  { word: `x${'_'.repeat(20)}y${'_'.repeat(20)}`, match: 'exact', source: 'own' },
];

/** What is repeated: runs of each kind of character, what parts sentences, and what is almost a wish. */
const units = {
  'one letter': 'a',
  spaces: ' ',
  tabs: '\t',
  'line breaks': '\n',
  'lines with spaces between': ' \n',
  punctuation: '!',
  'full stops and spaces': '. ',
  apostrophes: "'",
  quotes: '"',
  'curly quotes': '”',
  digits: '7',
  'marks of two classes': '\u0301\u0323',
  'letters with marks': 'e\u0301',
  'zero-width spaces': '\u200b',
  'joiners and emoji': '👨\u200d',
  emoji: '🛑',
  'skin tones': '👍🏽',
  flags: '🇿🇦',
  'half flags': '🇿',
  keycaps: '1\ufe0f\u20e3',
  'variation selectors': '\ufe0f',
  'lone surrogates': '\ud83d',
  NULs: '\0',
  'full-width letters': 'Ｓ',
  'Chinese characters': '停',
  'the keyword': 'stop',
  'the keyword with spaces': 'stop ',
  'almost the keyword': 'sto ',
  'almost a phrase': 'stop the ',
  'almost a sentence': 'please sto. ',
  'words of courtesy': 'please ',
  'words that may lead in': 'i would like ',
  'greetings and names': 'hi thabo ',
  'things that may follow': 'thank you now ',
  negations: "don't ",
  'Afrikaans negations': 'moenie weer ',
  'parts of a word written together': 'stopnow',
  'words written together': 'stopnowx ',
  'quoted lines': '> stop\n',
  'our own words': 'reply stop to ',
  'a reaction': 'liked “',
  'opt and signs': 'opt-----',
  'dragged letters': 'ooooo ',
  'clauses, each with a word of courtesy': 'please a, ',
  'lines, each almost a wish': 'please do not\n',
  'almost an own keyword': 'genoeg ',
} as const;

describe.each(Object.entries(units))('%s', (name, unit) => {
  test('take time in proportion to their length', { timeout: 120_000 }, async () => {
    const write = (length: number) => `please a${unit.repeat(length / unit.length)} z`;
    const by = readToTheEnd.has(name) ? longest / large : 1;
    const [shortText, longText] = [write(small * by), write(large * by)];
    const growth = await measureGrowth(measureProcessorMs, {
      short: () => read(shortText),
      long: () => read(longText),
      nearEnough: bound,
    });
    expect(growth).toBeLessThan(bound);
  });
});

test('many wildcards are not tried in all ways against many marks', { timeout: 20_000 }, () => {
  const marks = '\u0316\u0301'.repeat(14);
  expect(classifyThoroughly(`a${marks}b${marks}c`, own).verdict).toBe('none');
  expect(classifyThoroughly(`x${'🇿'.repeat(60)}`, own).verdict).toBe('none');
});

function read(text: string): void {
  mayHoldWish(text);
  classifyThoroughly(text, own);
}
