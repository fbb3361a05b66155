import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyReply, classifyThoroughly, standardKeywords, type Keyword } from './matcher';
import vectors from './reply-vectors.json';

/** Texts that look like replies: keywords, their pieces, and what people put around them. */
const replyLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'stop',
        'STOP',
        'Stop',
        'end',
        'cancel',
        'quit',
        'unsub',
        'unsubscribe',
        'opt',
        'out',
        'send',
        'please',
      ),
      fc.constantFrom(
        ' ',
        '  ',
        '\n',
        '.',
        '!',
        '_',
        '-',
        '\u200b',
        '\ufeff',
        '🛑',
        '“',
        '”',
        'me',
        'sms',
        'all',
        'don’t',
        'off',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('the published vectors', () => {
  test.each(vectors.map(({ text, expect: verdict, why }) => [verdict, text, why] as const))(
    '%s: %j (%s)',
    (verdict, text) => {
      expect(classifyReply(text).verdict).toBe(verdict);
    },
  );
});

describe('rules', () => {
  test.each([
    ['Stop', 'exact:stop'],
    ['stop sending', 'prefix:stop send'],
    ['opt out now', 'prefix:opt out'],
    ['opt-out', 'prefix:opt_out'],
    ['STOPALL', 'extra:stopall'],
    ['stop please', 'review:keyword-with-words'],
    ['🛑', 'review:stop-sign'],
    ['sotp', 'review:slip'],
    ['leave me alone', 'review:phrase'],
    ['good morning', null],
  ])('%j matches %s', (text, rule) => {
    expect(classifyReply(text).rule).toBe(rule);
  });

  test('the normalised text comes with every verdict', () => {
    expect(classifyReply(' “STOP”! ').normalised).toBe('stop');
    expect(classifyReply('Good  MORNING.').normalised).toBe('good morning');
  });
});

describe('an account’s own keywords', () => {
  const own: Keyword[] = [
    ...standardKeywords,
    { word: 'staak', match: 'exact', source: 'own' },
    { word: 'geen sms', match: 'prefix', source: 'own' },
    { word: 'ከ', match: 'exact', source: 'own' },
  ];

  test.each([
    ['Staak!', 'own:exact:staak'],
    ['Geen SMS meer nie', 'own:prefix:geen sms'],
    ['ከ', 'own:exact:ከ'],
    ['Stop', 'exact:stop'],
  ])('%j matches %s', (text, rule) => {
    expect(classifyReply(text, own)).toMatchObject({ verdict: 'opt-out', rule });
  });

  test('count for that account alone', () => {
    expect(classifyReply('Staak!').verdict).not.toBe('opt-out');
  });

  test('are matched the same whether or not the text looks ordinary at a glance', () => {
    fc.assert(
      fc.property(fc.oneof(replyLike, fc.constantFrom('staak', 'geen sms', 'Geen  SMSe')), (text) => {
        expect(classifyReply(text, own).rule).toBe(classifyThoroughly(text, own).rule);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the glance', () => {
  test('never changes a verdict', () => {
    fc.assert(
      fc.property(
        fc.oneof(replyLike, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
        (text) => {
          const { verdict, rule, normalised } = classifyReply(text);
          expect({ verdict, rule, normalised }).toEqual(classifyThoroughly(text));
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('whatever comes', () => {
  test.each([
    ['a megabyte of one letter', 'a'.repeat(1_000_000)],
    ['a megabyte that begins with stop', `stop ${'x'.repeat(1_000_000)}`],
    ['a megabyte of combining marks', `a${'\u0301'.repeat(500_000)}`],
    ['a megabyte of emoji', '🛑'.repeat(250_000)],
    ['lone surrogates', '\ud83d'.repeat(1000)],
    ['NULs', '\0'.repeat(1000)],
  ])('%s is read and does not throw', (_name, text) => {
    expect(['opt-out', 'review', 'none']).toContain(classifyReply(text).verdict);
  });

  test('a megabyte after a prefix is still an opt-out', () => {
    expect(classifyReply(`opt out ${'please '.repeat(150_000)}`).verdict).toBe('opt-out');
  });
});
