import { expect, test } from 'vitest';
import { env } from '@/lib/env';
import { isSameOrigin } from './same-origin';

test.each([
  { from: 'our own page', headers: { 'sec-fetch-site': 'same-origin' }, allowed: true },
  { from: 'another site', headers: { 'sec-fetch-site': 'cross-site' }, allowed: false },
  { from: 'another port or subdomain', headers: { 'sec-fetch-site': 'same-site' }, allowed: false },
  { from: 'an old browser on our page', headers: { origin: new URL(env.APP_URL).origin }, allowed: true },
  { from: 'an old browser elsewhere', headers: { origin: 'https://evil.example' }, allowed: false },
  { from: 'a program', headers: {}, allowed: true },
])('a request from $from: $allowed', ({ headers, allowed }) => {
  expect(isSameOrigin(new Headers(headers as Record<string, string>))).toBe(allowed);
});
