import { expect, test } from 'vitest';
import { applyChange } from './use-address';

test('what is changed is changed, what is null goes, and the rest stays as it was', () => {
  expect(applyChange('', { q: '082 & 083' })).toBe('q=082+%26+083');
  expect(applyChange('kind=API&cursor=x&utm=a', { cursor: null, kind: 'API,IMPORT' })).toBe(
    'kind=API,IMPORT&utm=a',
  );
  expect(applyChange('q=1', { q: null, sort: null })).toBe('');
  expect(applyChange('q=St%C3%B6p', {})).toBe('q=St%C3%B6p');
});
