import { expect, test } from 'vitest';
import { classifyReply, standardKeywords } from '@/lib/opt-outs/matcher';
import { composeKeywords } from './own-keywords';

const own = (word: string) => [{ word, match: 'EXACT' as const }];

test('an account without keywords has the standard ones, compiled once for all', () => {
  expect(composeKeywords(1, [])).toBe(standardKeywords);
});

test('the array stays the same for as long as its content does, so that it is compiled once', () => {
  const first = composeKeywords(2, own('klaar'));
  expect(composeKeywords(2, own('klaar'))).toBe(first);
  expect(classifyReply('Klaar!', first)).toMatchObject({ verdict: 'opt-out', rule: 'own:exact:klaar' });
});

test('a change counts at once', () => {
  const first = composeKeywords(3, own('klaar'));
  const second = composeKeywords(3, own('genoeg'));
  expect(second).not.toBe(first);
  expect(classifyReply('klaar', second).verdict).toBe('none');
  expect(classifyReply('genoeg', second).verdict).toBe('opt-out');
  const asPrefix = composeKeywords(3, [{ word: 'genoeg', match: 'PREFIX' }]);
  expect(classifyReply('genoeg nou', second).verdict).toBe('none');
  expect(classifyReply('genoeg nou', asPrefix).rule).toBe('own:prefix:genoeg');
});

test('the keywords of one account are no other’s', () => {
  composeKeywords(4, own('klaar'));
  expect(classifyReply('klaar', composeKeywords(5, own('genoeg'))).verdict).toBe('none');
});

test('an account that has not been asked for long is forgotten, and is right when it comes back', () => {
  const first = composeKeywords(10, own('klaar'));
  for (let id = 11; id < 300; id++) composeKeywords(id, own(`word ${id}`));
  const again = composeKeywords(10, own('klaar'));
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});
