import { NextRequest } from 'next/server';
import { unstable_doesMiddlewareMatch as doesMatch } from 'next/experimental/testing/server';
import { expect, test } from 'vitest';
import nextConfig from '@/next.config';
import { config, proxy } from '@/proxy';
import * as unknownAddress from './api/[...path]/route';

const isMet = (url: string, headers: Record<string, string> = {}) =>
  doesMatch({ config, nextConfig, url, headers });

test.each(['/', '/sign-in', '/no-such.png', '/a/b.svg', '/favicon.ico', '/healthz', '/api', '/apiary.woff2'])(
  'the pages’ policy is on %s, whatever it looks like',
  (path) => {
    expect(isMet(path)).toBe(true);
  },
);

test('what answers programs has it, too, unless a body comes with the request', () => {
  expect(isMet('/api/events')).toBe(true);
  expect(isMet('/api/no-such/thing.png')).toBe(true);
  expect(isMet('/api/number-lists', { 'content-length': '200000000' })).toBe(false);
  expect(isMet('/api/carrier/simulator/reply', { 'transfer-encoding': 'chunked' })).toBe(false);
});

test('the files of the build have none of their own: theirs is the bare one, as are answers to bodies', async () => {
  expect(isMet('/_next/static/chunks/x.js')).toBe(false);
  const routes = (await nextConfig.headers?.()) ?? [];
  for (const source of ['/api/:path*', '/_next/:path*']) {
    const policy = routes
      .filter((route) => route.source === source)
      .flatMap(({ headers }) => headers)
      .find(({ key }) => key === 'Content-Security-Policy');
    expect(policy?.value).toContain("default-src 'none'");
    expect(policy?.value).toContain("frame-ancestors 'none'");
    // with a colon in it, Next would read a parameter of the path there
    expect(policy?.value).not.toContain(':');
  }
});

test('an answer that went through the proxy carries the pages’ policy', () => {
  const answer = proxy(new NextRequest('http://localhost/api/events'));
  expect(answer.headers.get('content-security-policy')).toContain("'strict-dynamic'");
});

test('an address below /api that is none is said so in the words that programs read', async () => {
  const answers = Object.values(unknownAddress).map((answer) => answer());
  expect(answers).toHaveLength(7);
  for (const answer of answers) {
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ title: 'Not found' });
  }
});
