import { describe, expect, test } from 'vitest';
import { chooseLanding, composeSecondStepPath, composeSignInPath, readReturnPath } from './return-path';

describe('a page of this site is kept', () => {
  test.each([
    '/',
    '/messages',
    '/messages?tab=incoming&q=082%20123',
    '/messages/opt-outs/27821234567',
    '/send?text=a%2Fb%3A%2F%2Fexample.com',
    '/admin/removal-requests/58324/7#decide',
    '/help#a%20b',
    '/signed-in',
    '/apiary',
  ])('%s', (path) => expect(readReturnPath(path)).toBe(path));

  test('with its dots resolved', () => {
    expect(readReturnPath('/messages/../send')).toBe('/send');
    expect(readReturnPath('/%2e%2e/send')).toBe('/send');
  });
});

describe('what is no page of this site is not', () => {
  test.each([
    undefined,
    null,
    42,
    ['/messages'],
    '',
    'messages',
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/messages\\..\\..\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\u0000/evil.example',
    '/\u0085/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2F/evil.example',
    '/%2fevil.example',
    '/%252fevil.example',
    '/%5Cevil.example',
    '/%5cevil.example',
    '/%255Cevil.example',
    '/%09/evil.example',
    '/%0d%0aLocation:%20https://evil.example',
    '/%',
    '/@evil.example/%zz',
    '/sign-in',
    '/sign-in?to=%2Fsign-in',
    '/api/auth/signout',
    '/_next/static/x.js',
    `/${'x'.repeat(2000)}`,
  ])('%j', (path) => expect(readReturnPath(path)).toBeNull());
});

test('the way to sign in remembers the page, but not the home page nor another site', () => {
  expect(composeSignInPath({ hasEnded: false, to: null })).toBe('/sign-in');
  expect(composeSignInPath({ hasEnded: false, to: '/' })).toBe('/sign-in');
  expect(composeSignInPath({ hasEnded: true, to: '/' })).toBe('/sign-in?reason=ended');
  expect(composeSignInPath({ hasEnded: true, to: '/send?a=1&b=2' })).toBe(
    '/sign-in?reason=ended&to=%2Fsend%3Fa%3D1%26b%3D2',
  );
  expect(composeSignInPath({ hasEnded: false, to: '//evil.example' })).toBe('/sign-in');
});

test('customers and staff come home when the page is none of theirs', () => {
  expect(chooseLanding('/', '/messages?q=1')).toBe('/messages?q=1');
  expect(chooseLanding('/', '/admin')).toBe('/');
  expect(chooseLanding('/', '/admin/audit')).toBe('/');
  expect(chooseLanding('/', '/administration')).toBe('/administration');
  expect(chooseLanding('/admin', '/admin/audit?page=2')).toBe('/admin/audit?page=2');
  expect(chooseLanding('/admin', '/admin?x')).toBe('/admin?x');
  expect(chooseLanding('/admin', '/messages')).toBe('/admin');
  expect(chooseLanding('/admin', '/simulator?phones=1')).toBe('/simulator?phones=1');
  expect(chooseLanding('/', '/simulator')).toBe('/');
  expect(chooseLanding('/admin', undefined)).toBe('/admin');
  expect(chooseLanding('/', '//evil.example')).toBe('/');
});

test('the second step keeps the way back, to pages of this site alone, and never to itself', () => {
  expect(composeSecondStepPath('/send?a=1')).toBe('/sign-in/second-step?to=%2Fsend%3Fa%3D1');
  for (const to of [
    null,
    undefined,
    '/',
    '//evil.example',
    '/sign-in/second-step?to=%2Fsend',
    ['/send', '/help'],
  ]) {
    expect(composeSecondStepPath(to)).toBe('/sign-in/second-step');
  }
});
