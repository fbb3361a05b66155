import { expect, test } from 'vitest';
import { describeNext } from './labels';
import { removalRequestStates } from './schema';

test('what happens next is said for every state, asked or not, and of nobody that they were silent who was not asked', () => {
  const words = removalRequestStates.flatMap((state) =>
    [null, '2026-11-20T08:00:00.000Z'].map((consentSentAt) => describeNext({ state, consentSentAt })),
  );
  expect(words.every((sentence) => sentence.endsWith('.'))).toBe(true);
  expect(describeNext({ state: 'EXPIRED', consentSentAt: null })).toContain('before the recipient was asked');
  expect(describeNext({ state: 'EXPIRED', consentSentAt: '2026-11-20T08:00:00.000Z' })).toContain('No YES');
});
