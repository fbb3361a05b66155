import { expect, test } from 'vitest';
import { checkOwnKeyword } from './keyword-check';
import { maxOwnKeywords, type KeywordMatch } from './schema';

const list = [
  { word: 'klaar', match: 'exact' },
  { word: 'teken my', match: 'prefix' },
] as const;

test.each<[string, KeywordMatch, string]>([
  ['  Genoeg!! ', 'exact', 'genoeg'],
  ['Haal my  AF', 'exact', 'haal my af'],
  ['ＳＴＡＡＫ', 'exact', 'staak'],
  ['ngiyeke', 'prefix', 'ngiyeke'],
  ['стоп', 'exact', 'стоп'],
  ['不要', 'exact', '不要'],
  ['n', 'exact', 'n'],
  ['klaar', 'prefix', 'klaar'],
  // wider than the published word
  ['stop', 'prefix', 'stop'],
])('%j (%s) is kept as %j', (typed, match, word) => {
  expect(checkOwnKeyword(typed, match, list)).toEqual({ ok: true, keyword: { word, match, source: 'own' } });
});

test.each<[string, KeywordMatch, RegExp]>([
  ['', 'exact', /^Write a word or a few\.$/],
  ['  ', 'prefix', /^Write a word or a few\.$/],
  ['!!', 'exact', /at least one letter or digit/],
  ['👍', 'exact', /at least one letter or digit/],
  ['n', 'prefix', /too short for “starts with”/],
  ['no', 'prefix', /too short/],
  ['n_o', 'prefix', /too short/],
  ['STOP', 'exact', /“stop” already opts out, for every account/],
  ['unsub', 'exact', /“unsub” already opts out, for every account/],
  ['Stop sending me this', 'exact', /what starts with “stop send” does/],
  ['opt out please', 'prefix', /what starts with “opt out” does/],
  ['KLAAR.', 'exact', /“klaar” is on your list already/],
  ['teken my', 'prefix', /is on your list already/],
  ['teken my', 'exact', /your list has what starts with “teken my”/],
  ['teken my uit', 'prefix', /your list has what starts with “teken my”/],
  ['x'.repeat(101), 'exact', /100 characters/],
])('%j (%s) is refused with the reason', (typed, match, message) => {
  expect(checkOwnKeyword(typed, match, list)).toEqual({ ok: false, message: expect.stringMatching(message) });
});

test('there are at most so many', () => {
  const full = Array.from({ length: maxOwnKeywords }, (_, index) => ({
    word: `word ${index}`,
    match: 'exact' as const,
  }));
  expect(checkOwnKeyword('genoeg', 'exact', full)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/the most there can be/),
  });
  expect(checkOwnKeyword('genoeg', 'exact', full.slice(1)).ok).toBe(true);
});
