import { expect, test } from 'vitest';
import { describeRest, getRemoval } from './removal';

test('an account takes back what it made, requests what a reply made, asks for what the staff made', () => {
  expect((['MANUAL', 'IMPORT', 'API'] as const).map(getRemoval)).toEqual(['own', 'own', 'own']);
  expect((['REPLY', 'SHARED_SENDER'] as const).map(getRemoval)).toEqual(['request', 'request']);
  expect(getRemoval('STAFF')).toBe('ask');
});

test('what cannot be removed is counted, with the reason', () => {
  expect(describeRest([{ kind: 'MANUAL' }, { kind: 'API' }])).toBeNull();
  expect(
    describeRest([{ kind: 'REPLY' }, { kind: 'STAFF' }, { kind: 'SHARED_SENDER' }])?.replaceAll(
      '\u00a0',
      ' ',
    ),
  ).toBe('2 came by reply: only the recipient can lift them. 1 was made by our staff: ask us.');
});
