import { expect, test } from 'vitest';
import { requestableKinds } from '@/lib/removal-requests/schema';
import { describeRest, getRemoval } from './removal';

test('an account takes back what it made, and may request exactly what the machine lets it request', () => {
  expect((['MANUAL', 'IMPORT', 'API'] as const).map(getRemoval)).toEqual(['own', 'own', 'own']);
  expect(requestableKinds.map(getRemoval)).toEqual(['request', 'request', 'request']);
});

test('what cannot be removed is counted, with the reason', () => {
  expect(describeRest([{ kind: 'MANUAL' }, { kind: 'API' }])).toBeNull();
  expect(describeRest([{ kind: 'MANUAL' }, { kind: 'STAFF' }])?.replaceAll('\u00a0', ' ')).toBe(
    '1 was not made by your account: only the recipient can lift it.',
  );
  expect(
    describeRest([{ kind: 'REPLY' }, { kind: 'STAFF' }, { kind: 'SHARED_SENDER' }])?.replaceAll(
      '\u00a0',
      ' ',
    ),
  ).toBe('3 were not made by your account: only the recipient can lift them.');
});
