import { expect, test } from 'vitest';
import { composePaste } from './compose-paste';

test('numbers go on lines of their own; other things stay as they are', () => {
  expect(composePaste('082 123 4567, 0831234567;\n\n+27 (0)84-123.4567')).toBe(
    '082 123 4567\n 0831234567\n+27 (0)84-123.4567',
  );
  expect(composePaste('Name,Number\nPiet,0821234567\nSannie,0831234567')).toBe(
    'Name,Number\nPiet,0821234567\nSannie,0831234567',
  );
  expect(composePaste('---\n...')).toBe('---\n...');
});

// A pattern that tries each digit in turn takes minutes over these: the test's time limit is the check.
test.each([
  ['digits and a letter', `${'0'.repeat(1_000_000)}x`],
  ['spaces, digits and a letter', `${'0 '.repeat(500_000)}x`],
  ['signs', '+('.repeat(500_000)],
])('a million of %s', (_, text) => {
  expect(composePaste(text)).toBe(text);
});
