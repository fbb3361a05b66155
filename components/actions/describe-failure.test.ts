import { expect, test } from 'vitest';
import { describeFailure } from './describe-failure';

const words = { undone: 'Nothing was sent.', unsure: 'We do not know whether it was sent.' };

test.each([
  [{ kind: 'offline', isUndone: true }, 'You are offline. Nothing was sent.'],
  [
    { kind: 'unreachable', isUndone: false },
    'The server could not be reached. We do not know whether it was sent.',
  ],
  [
    { kind: 'outdated', isUndone: true },
    'This page is older than the server. Nothing was sent. Reload it to go on; what you typed is kept.',
  ],
  [
    { kind: 'broken', isUndone: false, code: '3051' },
    'The server had a problem. We do not know whether it was sent. If it happens again, tell support this code: 3051.',
  ],
] as const)('%j', (failure, sentence) => {
  expect(describeFailure(failure, words)).toBe(sentence);
});

test('a form that asks for a password does not say that it is kept', () => {
  const reload = 'Reload it to go on, and type your password again.';
  expect(describeFailure({ kind: 'outdated', isUndone: true }, { ...words, reload })).toBe(
    `This page is older than the server. Nothing was sent. ${reload}`,
  );
  expect(describeFailure({ kind: 'offline', isUndone: true }, { ...words, reload })).toBe(
    'You are offline. Nothing was sent.',
  );
});
