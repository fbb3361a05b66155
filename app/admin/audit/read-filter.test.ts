import { expect, test } from 'vitest';
import { readAuditFilter } from './read-filter';

const nothing = { search: '', action: null, userId: null, accountId: null, from: null, to: null };

test('a URL without filters narrows nothing', () => {
  expect(readAuditFilter({})).toEqual(nothing);
});

test('each filter is read', () => {
  expect(
    readAuditFilter({
      q: 'bus stop',
      action: 'account.suspend',
      user: '3',
      account: ' w58324',
      from: '2026-11-01',
      to: '2026-11-22',
    }),
  ).toEqual({
    search: 'bus stop',
    action: 'account.suspend',
    userId: 3,
    accountId: 58324,
    from: '2026-11-01',
    to: '2026-11-22',
  });
});

test.each([
  [{ action: 'account.destroy' }],
  [{ user: 'me' }],
  [{ user: '0' }],
  [{ user: '99999999999' }],
  [{ account: 'W' }],
  [{ account: '5832400000000' }],
  [{ from: '2026-02-30' }],
  [{ to: 'yesterday' }],
  [{ q: ['a', 'b'], action: ['account.suspend'], user: ['1'], account: ['W1'], from: ['2026-11-01'] }],
])('%j counts as not given', (parameters) => {
  expect(readAuditFilter(parameters)).toEqual(nothing);
});
