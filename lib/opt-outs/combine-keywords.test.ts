import { expect, test } from 'vitest';
import { classifyReply, standardKeywords } from '@/lib/opt-outs/matcher';
import { combineKeywords } from './combine-keywords';

const exactly = (word: string) => [{ word, match: 'EXACT' as const }];

test('without words of the staff or the account it is the standard list, compiled once for all', () => {
  expect(combineKeywords([], [])).toBe(standardKeywords);
});

test('the list stays the same for as long as its content does, so that it is compiled once', () => {
  const first = combineKeywords(exactly('yeka'), exactly('klaar'));
  expect(combineKeywords(exactly('yeka'), exactly('klaar'))).toBe(first);
  expect(classifyReply('Klaar!', first)).toMatchObject({ verdict: 'opt-out', rule: 'own:exact:klaar' });
  expect(classifyReply('Yeka', first)).toMatchObject({ verdict: 'opt-out', rule: 'platform:exact:yeka' });
});

test('a change counts at once', () => {
  const first = combineKeywords([], exactly('klaar'));
  const second = combineKeywords([], exactly('genoeg'));
  expect(second).not.toBe(first);
  expect(classifyReply('klaar', second).verdict).toBe('none');
  expect(classifyReply('genoeg', second).verdict).toBe('opt-out');
  const asPrefix = combineKeywords([], [{ word: 'genoeg', match: 'PREFIX' }]);
  expect(classifyReply('genoeg koffie', second).verdict).toBe('none');
  expect(classifyReply('genoeg koffie', asPrefix).rule).toBe('own:prefix:genoeg');
});

test('a word of the staff is not taken for one of the account', () => {
  expect(combineKeywords(exactly('klaar'), [])).not.toBe(combineKeywords([], exactly('klaar')));
});

test('a list that has been forgotten is right when it comes back', () => {
  const first = combineKeywords([], exactly('klaar'));
  for (let index = 0; index < 1001; index++) combineKeywords([], exactly(`word ${index}`));
  const again = combineKeywords([], exactly('klaar'));
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});
