import { describe, expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { measureRatio, measureProcessorMs } from '@/testing/growth';
import { classifyThoroughly, standardKeywords, type Keyword } from './matcher';
import { mayHoldWish } from './word-check';

/** Characters that are read: 2 MB is the most that a gateway may hand us. */
const length = (isLong ? 2048 : 128) * 1024;
/**
 * A stranger chooses what is read. No text may take many times as long as everyday words of the same length:
 * all were seen to take 0.02 to 4.4 times as long. A step for each pair of characters takes hundreds of
 * times.
 *
 * Two lengths of one text are not compared: the engine has other ways for long strings than for short ones,
 * and work that is linear was seen to take 75 times as long for eight times the length.
 */
const bound = 12;
const everyday = 'Good morning Thabo, your parcel left Durban at 7:45 and will be with you before noon.\n';

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
  'a phrase in one character': '\ufdfa',
  'a word in one character': '\u3316',
  'a sign in brackets in one character': '\u3236',
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

describe.each(Object.entries(units))('%s', (_, unit) => {
  test('take no longer than everyday words of their length', { timeout: 120_000 }, async () => {
    const everydayText = write(everyday);
    const text = write(unit);
    const ratio = await measureRatio(measureProcessorMs, {
      tried: () => read(text),
      base: () => read(everydayText),
      nearEnough: bound,
    });
    expect(ratio).toBeLessThan(bound);
  });
});

test('many wildcards are not tried in all ways against many marks', { timeout: 20_000 }, () => {
  const marks = '\u0316\u0301'.repeat(14);
  expect(classifyThoroughly(`a${marks}b${marks}c`, own).verdict).toBe('none');
  expect(classifyThoroughly(`x${'🇿'.repeat(60)}`, own).verdict).toBe('none');
});

function write(unit: string): string {
  return `please a${unit.repeat(length / unit.length)} z`;
}

function read(text: string): void {
  mayHoldWish(text);
  classifyThoroughly(text, own);
}
