import { expect, test } from 'vitest';
import { composeFileName, formatAccountNumber } from './account-number';

test('an account number begins with a W', () => {
  expect(formatAccountNumber(58324)).toBe('W58324');
});

test('a file’s name says whose it is, of what, and the date where the account lives', () => {
  expect(composeFileName(58324, 'auto-opt-outs', 'Africa/Johannesburg')).toMatch(
    /^W58324-auto-opt-outs-\d{4}-\d\d-\d\d$/,
  );
});
