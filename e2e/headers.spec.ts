import type { APIResponse } from '@playwright/test';
import { expect, test, visit } from './fixtures';
import { baseURL, demo, port } from './instance';

// /no-such.png: what looks like a file is a page that says that there is none
const pages = ['/sign-in', '/simulator', '/no-such-page', '/no-such.png', '/a/b.svg', '/'];

function readPolicy(answer: APIResponse): Map<string, string> {
  const policy = answer.headers()['content-security-policy'] ?? '';
  return new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
}

for (const path of pages) {
  test(`${path} is guarded by its headers`, async ({ request }) => {
    const answer = await request.get(path);
    const headers = answer.headers();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toContain('no-store');

    const policy = readPolicy(answer);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('form-action')).toBe("'self'");
    const scripts = policy.get('script-src') ?? '';
    expect(scripts).toContain("'strict-dynamic'");
    expect(scripts).not.toContain('unsafe');
    expect(policy.get('style-src')).not.toContain('unsafe-inline');

    const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThan(20);
    const html = await answer.text();
    const scriptTags = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scriptTags.length).toBeGreaterThan(0);
    for (const tag of scriptTags) expect(tag).toContain(`nonce="${nonce}"`);
  });
}

test('no two answers share a nonce', async ({ request }) => {
  const policies = await Promise.all(
    Array.from({ length: 5 }, async () => readPolicy(await request.get('/sign-in')).get('script-src')),
  );
  expect(new Set(policies).size).toBe(5);
});

for (const [method, path, status] of [
  ['GET', '/api/downloads/outgoing', 401],
  ['GET', '/api/events', 401],
  ['GET', '/api/no-such', 404],
  ['POST', '/api/no-such', 404],
  ['PUT', '/api/no/such/thing.png', 404],
  ['GET', '/api/texts/reply/1', 401],
  ['POST', '/api/carrier/simulator/reply', 401],
  ['POST', '/api/number-lists', 403],
  ['GET', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['GET', '/metrics', 404],
  ['GET', '/favicon.svg', 200],
  ['GET', '/_next/static/no-such.js', 404],
  ['GET', '/_next/image?url=x&w=64&q=75', 400],
] as const) {
  test(`${method} ${path} is guarded as pages are`, async ({ request }) => {
    const body = method === 'GET' ? {} : { data: { a: 1 }, headers: { origin: 'https://elsewhere.example' } };
    const answer = await request.fetch(path, { method, ...body });
    expect(answer.status()).toBe(status);
    const headers = answer.headers();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['content-security-policy']?.match(/default-src/g)).toHaveLength(1);
    const policy = readPolicy(answer);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    if (path.startsWith('/api/') && status !== 200) {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(headers['cache-control']).toContain('no-store');
    }
  });
}

test('the session is in a cookie that scripts and other sites cannot use', async ({ page }) => {
  await visit(page, '/sign-in');
  await page.getByLabel('Username').fill(demo.priya.username);
  await page.getByLabel('Password', { exact: true }).fill(demo.priya.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/');

  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === `client-zone-${port}-session`);
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await page.evaluate(() => document.cookie)).not.toContain('session');
  for (const cookie of cookies.filter(({ name }) => name.startsWith('next-auth'))) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  }
});

test('another instance on this machine, on a port that begins alike, is signed in beside this one', async ({
  openAs,
  account,
}) => {
  const page = await openAs(account);
  const other = `client-zone-${port}1-session`;
  await page.context().addCookies([{ name: other, value: 'of-another-instance', url: baseURL }]);
  const answer = await page.request.get('/api/auth/session');
  expect(Object.keys((await answer.json()) as object)).toEqual(['expires']);
  expect((await page.context().cookies()).map(({ name }) => name)).toContain(other);
});
