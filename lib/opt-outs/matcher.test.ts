import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '@/testing/property-runs';
import { loadSmsCorpus } from '@/testing/sms-corpus';
import { classifyReply, classifyThoroughly, standardKeywords, type Keyword } from './matcher';
import heldBack from './reply-vectors-held-back.json';
import vectors from './reply-vectors.json';
import { listStandardSigns } from './signs';
import { listPhraseExamples, wishesAlone, wishesAloneAtLast } from './wish-phrases';
import { greetings, openers } from './wish-surroundings';
import { wishes } from './wishes';
import { mayHoldWish } from './word-check';

const talk = 'We only take orders for coffee on this number until five.';

/** All wishes that stand alone, and of each phrase one with each word that it may begin with. */
function listExamples(): string[] {
  const phrases = Object.values(wishes).flatMap((language) => language.phrases.flatMap(listPhraseExamples));
  return [...wishesAlone, ...wishesAloneAtLast, ...phrases];
}

const between = [
  ...[
    '',
    '',
    ' ',
    ' ',
    '  ',
    '\n',
    '.',
    '!',
    '_',
    '-',
    "'",
    '’',
    '“',
    '…',
    '\u00a0',
    '\u200b',
    '\ufeff',
    '\0',
    '\ud83d',
  ],
  ...[
    '🛑',
    '👨‍👩‍👧',
    '🇿🇦',
    '1️⃣',
    '1',
    'a',
    'é',
    'İ',
    'ſ',
    'Ａ',
    '\u0301',
    '\u0307',
    '\u0338',
    '\u20e3',
    '´',
    '²',
    'ﬁ',
  ],
];

/**
 * Texts that look like replies: keywords, how wishes begin, what people put around them, and slips in all of
 * it.
 */
const replyLike = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof(
          fc.constantFrom(...standardKeywords.map(({ word }) => word)),
          fc.constantFrom(...listStandardSigns(standardKeywords, []).beginnings),
          fc.constantFrom(...openers, ...greetings),
          fc.constantFrom('me', 'sms', 'my number', 'out', 'off', 'it', 'again'),
          fc.string({ unit: 'grapheme', maxLength: 3 }),
          fc.string({ unit: 'binary', maxLength: 2 }),
        ),
        fc.constantFrom(...between),
      ),
      { maxLength: 5 },
    ),
    fc.array(
      fc.record({ at: fc.nat(40), typed: fc.constantFrom(...between), left: fc.nat(1), right: fc.nat(2) }),
      { maxLength: 2 },
    ),
    fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.normalize('NFD'),
    ),
  )
  .map(([pieces, slips, write]) => {
    let text = pieces.flat().join('');
    for (const { at, typed, left, right } of slips) {
      text = text.slice(0, at - left) + typed + text.slice(at + right);
    }
    return write(text);
  });

describe('the published vectors', () => {
  test.each(vectors.map(({ text, expect: verdict, why }) => [verdict, text, why] as const))(
    '%s: %j (%s)',
    (verdict, text) => {
      expect(classifyReply(text).verdict).toBe(verdict);
    },
  );

  test('of those that nobody looked at while the table of wishes was written, 19 in 20 are read right', () => {
    const wishes = heldBack.filter(({ expect: verdict }) => verdict === 'review');
    const seen = wishes.filter(({ text }) => classifyReply(text).verdict !== 'none');
    expect(wishes.length).toBeGreaterThan(180);
    expect(seen.length / wishes.length).toBeGreaterThan(0.95);
    const others = heldBack.filter(({ expect: verdict }) => verdict === 'none');
    const falseAlarms = others.filter(({ text }) => classifyReply(text).verdict !== 'none');
    expect(others.length).toBeGreaterThan(70);
    expect(falseAlarms.length / others.length).toBeLessThan(0.05);
  });
});

describe('rules', () => {
  test.each([
    ['Stop', 'exact:stop'],
    ['stop sending', 'prefix:stop send'],
    ['opt out now', 'prefix:opt out'],
    ['opt-out', 'prefix:opt_out'],
    ['STOPALL', 'extra:stopall'],
    ['stop please', 'review:keyword-with-words'],
    ['Kind regards\nPieter\n\nStop', 'review:keyword-alone'],
    ['This is a business line. Stop.', 'review:keyword-alone'],
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

/** The same of the keywords below. */
const ownLike = fc
  .array(
    fc.oneof(
      fc.constantFrom('staak', 'Geen  SMSe', 'ከ', 'été', 'e\u0301te\u0301', 'weg', 'met', 'BASTA'),
      fc.constantFrom(...between),
    ),
    { maxLength: 5 },
  )
  .map((pieces) => pieces.join(''));

describe('an account’s own keywords', () => {
  const own: Keyword[] = [
    ...standardKeywords,
    { word: 'staak', match: 'exact', source: 'own' },
    { word: 'geen sms', match: 'prefix', source: 'own' },
    { word: 'ከ', match: 'exact', source: 'own' },
    { word: 'été', match: 'exact', source: 'own' },
    { word: 'xyž', match: 'exact', source: 'own' },
    { word: '“Weg_Met”', match: 'prefix', source: 'own' },
    { word: ' Basta! ', match: 'exact', source: 'extra' },
    { word: 'stop', match: 'exact', source: 'own' },
    { word: '…', match: 'prefix', source: 'own' },
  ];

  test.each([
    ['Staak!', 'own:exact:staak'],
    ['Geen SMS meer nie', 'own:prefix:geen sms'],
    ['ከ', 'own:exact:ከ'],
    ['E\u0301te\u0301', 'own:exact:été'],
    ['xyz\u030c', 'own:exact:xyž'],
    ['weg-met julle', 'own:prefix:weg_met'],
    ['BASTA', 'extra:basta'],
    ['Stop', 'exact:stop'],
  ])('%j matches %s', (text, rule) => {
    expect(classifyReply(text, own)).toMatchObject({ verdict: 'opt-out', rule });
  });

  test('a keyword of nothing but punctuation matches nothing', () => {
    expect(classifyReply('…', own).verdict).toBe('none');
    expect(classifyReply('Good morning', own).verdict).toBe('none');
  });

  test.each([
    ['basta please', 'review:keyword-with-words'],
    ['été please', 'review:keyword-with-words'],
    ['Groete\nJan\n\nStaak', 'review:keyword-alone'],
    ['This is a work phone. Été.', 'review:keyword-alone'],
    ['Hallo\nGeen SMS meer asb\nJan', 'review:keyword-with-words'],
    ['staak is my word', null],
  ])('%j, where a published one would be for a person to review, is too: %s', (text, rule) => {
    expect(classifyReply(text, own).rule).toBe(rule);
  });

  test('count for that account alone', () => {
    expect(classifyReply('Staak!').verdict).not.toBe('opt-out');
  });

  test('opt out the same whether or not the prefilter has passed the text', () => {
    fc.assert(
      fc.property(fc.oneof(replyLike, ownLike), (text) => {
        expectSameOptOut(text, own);
      }),
      propertyRuns(600, 2_000),
    );
  });
});

function expectSameOptOut(text: string, keywords?: readonly Keyword[]): void {
  const { verdict, rule, normalised } = classifyReply(text, keywords);
  const thorough = classifyThoroughly(text, keywords);
  expect(normalised).toBe(thorough.normalised);
  // What it passes over may have been a wish, for a person; never a certain opt-out. What it does not is read
  // the same.
  if (thorough.verdict === 'opt-out' || verdict !== 'none') expect(rule).toBe(thorough.rule);
}

describe('the prefilter', () => {
  test('never hides a certain opt-out', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          { arbitrary: replyLike, weight: 4 },
          fc.string({ unit: 'grapheme' }),
          fc.string({ unit: 'binary' }),
        ),
        (text) => expectSameOptOut(text),
      ),
      // npm run soak -- --only properties runs ten thousand.
      propertyRuns(3_000, 10_000),
    );
  });

  test('hides none of the wishes of the vectors', () => {
    const hidden = vectors.filter(({ text }) => classifyReply(text).rule !== classifyThoroughly(text).rule);
    expect(hidden).toEqual([]);
  });

  test('lets every wish of the table be seen in its words, wherever it stands', () => {
    const hidden = listExamples().flatMap((wish) =>
      [
        wish,
        wish.toUpperCase(),
        `${wish}. ${talk}`,
        `${talk} ${wish}`,
        `Good morning\n${wish}\nKind regards`,
        `Good morning\r${wish}\rKind regards`,
        `Good morning\u2028${wish}\u2028Kind regards`,
        `Hi Thabo ${wish}`,
      ].filter((text) => !mayHoldWish(text) && classifyThoroughly(text).verdict !== 'none'),
    );
    expect(hidden).toEqual([]);
  });

  test.each([
    'R50 ＠ £5 § 停 鈥 please remove my number',
    'stop\ufffdsending\ufffdme\ufffdsms',
    'quit bothering me',
    'cease phoning us',
  ])('lets %j be seen in its words', (text) => {
    expect(classifyThoroughly(text).verdict).not.toBe('none');
    expect(mayHoldWish(text)).toBe(true);
  });

  test('takes no sign, and no character of a language that the table has not, for a wish', () => {
    for (const text of ['Love sms 鈥 ok', 'Only £5 © today', '停车场在哪里', 'lost \ufffd of it']) {
      expect(mayHoldWish(text)).toBe(false);
    }
  });

  test.each([
    'Hi, is the special still on? 😀',
    'Love it ❤️',
    '👍🏽 ok',
    'See you there 👨‍👩‍👧‍👦🇿🇦',
    'Great ✅ shop 💇‍♀️ today ☎️',
  ])('takes no emoji for a wish: %j', (text) => {
    expect(mayHoldWish(text)).toBe(false);
    expect(classifyThoroughly(text).verdict).toBe('none');
  });

  test('lets every wish of the table be seen among emoji', () => {
    const drawn = ['😀', '❤️', '👍🏽', '👩‍❤️‍👨', '🇿🇦', '1️⃣', '☎', '🅰', '\ufe0f', '\u200d', '\ud83d'];
    const hidden = listExamples().flatMap((wish, at) => {
      const one = drawn[at % drawn.length] as string;
      const other = drawn[(at * 3 + 1) % drawn.length] as string;
      return [
        `${one}${wish}`,
        `${wish}${one}`,
        `${wish} ${one}${other} ${talk}`,
        `${talk}${one}${wish}`,
        `${talk} ${one} ${wish} ${other}`,
        `${talk}.${one} ${wish}`,
        `Good morning ${one}\n${wish} ${other}\nKind regards`,
        `Hi Thabo ${one} ${wish}`,
        wish.replaceAll(' ', ` ${one} `),
        wish.replaceAll(' ', one),
      ].filter((text) => {
        if (mayHoldWish(text)) return false;
        // A slip is told by other means than its words.
        const { rule } = classifyThoroughly(text);
        return rule !== null && rule !== 'review:slip';
      });
    });
    expect(hidden).toEqual([]);
  });

  test.each(['🛑', '🚫🚫', '⛔️', '🙏🛑', '𝐒𝐓𝐎𝐏', '🅂🅃🄾🄿 😀', 'stop😀', '😀 stop'])(
    'reads %j as it is read without it',
    (text) => {
      expect(classifyReply(text).rule).toBe(classifyThoroughly(text).rule);
    },
  );

  test('lets every wish of the table pass that stands alone, or on a line of its own', () => {
    const hidden = listExamples().flatMap((wish) =>
      [wish, `${talk}\n${wish}\n${talk}`, `${talk}\n${wish}`, `${wish}\n${talk}`].filter(
        (text) => classifyReply(text).rule !== classifyThoroughly(text).rule,
      ),
    );
    expect(hidden).toEqual([]);
  });

  test('lets an ordinary reply be written as JSON like any other', () => {
    expect(JSON.parse(JSON.stringify(classifyReply('Good  morning!')))).toEqual({
      verdict: 'none',
      rule: null,
      normalised: 'good morning',
    });
  });
});

describe('55,835 real SMSs, ordinary conversation', () => {
  const texts = loadSmsCorpus();

  test.each([
    ['as replies are read', classifyReply],
    ['without the prefilter', classifyThoroughly],
  ])(
    'hold 5 published keywords, 1 extra one, and less than one in a thousand to review: %s',
    (_name, classify) => {
      const counts = new Map<string, number>();
      for (const text of texts) {
        const { verdict, rule } = classify(text);
        const key = verdict === 'opt-out' ? `${rule}` : verdict;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(texts).toHaveLength(55_835);
      const { none = 0, review = 0, ...optOuts } = Object.fromEntries(counts);
      expect(optOuts).toEqual({ 'exact:stop': 5, 'extra:unsub': 1 });
      expect(review).toBeGreaterThan(0);
      expect(review).toBeLessThan(texts.length / 1000);
      expect(none + review + 6).toBe(texts.length);
    },
    60_000,
  );
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

  test('a wish is seen behind a megabyte, and before one', () => {
    const long = 'We only take orders for coffee on this number, thank you. '.repeat(20_000);
    expect(classifyReply(`${long}\n\nStop`).rule).toBe('review:keyword-alone');
    expect(classifyReply(`Unsubscribe\n\n${long}`).rule).toBe('review:keyword-alone');
  });
});
