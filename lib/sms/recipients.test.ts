import { expect, test } from 'vitest';
import { splitRecipients } from './recipients';

test('lines, commas, semicolons and tabs part numbers; spaces belong to them', () => {
  expect(
    splitRecipients('082 123 4567\n+27 (0)83 123 4567\r\n0841234567, 0851234567;\t 0861234567 ;'),
  ).toEqual(['082 123 4567', '+27 (0)83 123 4567', '0841234567', '0851234567', '0861234567']);
});

test('nothing typed is nobody', () => {
  expect(splitRecipients('')).toEqual([]);
  expect(splitRecipients(' \n\r\n,;\t')).toEqual([]);
});
