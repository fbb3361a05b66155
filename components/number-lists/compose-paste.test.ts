import { expect, test } from 'vitest';
import { composePaste } from './compose-paste';

test('numbers go on lines of their own; other things stay as they are', () => {
  expect(composePaste('082 123 4567, 0831234567;\n\n+27 (0)84-123.4567')).toBe(
    '082 123 4567\n0831234567\n+27 (0)84-123.4567',
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

test.each([
  { pasted: '0821234567, 083 123 4567;\n+27841234567', content: '0821234567\n083 123 4567\n+27841234567' },
  { pasted: '0821234567\t0831234567', content: '0821234567\n0831234567' },
  { pasted: '082 123 4567 ::: 083 123 4567 / 0841234567', content: '082 123 4567\n083 123 4567\n0841234567' },
  { pasted: '"0821234567","0831234567"', content: '"0821234567"\n"0831234567"' },
  { pasted: '27821234000,00\n27831234000,00', content: '27821234000,00\n27831234000,00' },
  { pasted: 'Thandi\t0821234567\nPriya\t0831234567', content: 'Thandi\t0821234567\nPriya\t0831234567' },
  { pasted: 'Name;Number\nThandi;0821234567', content: 'Name;Number\nThandi;0821234567' },
])('$pasted, pasted, is read as $content', ({ pasted, content }) => {
  expect(composePaste(pasted)).toBe(content);
});
