import { expect, test, vi } from 'vitest';

async function nameSession(settings: { APP_URL: string; PORT: number }): Promise<string> {
  vi.resetModules();
  vi.doMock('@/lib/env', () => ({ env: settings }));
  return (await import('./cookies')).sessionCookie.name;
}

test('a session of one web is one of every web behind the same address', async () => {
  const url = 'https://zone.example.com';
  expect(await nameSession({ APP_URL: url, PORT: 3000 })).toBe('__Host-client-zone-443-session');
  expect(await nameSession({ APP_URL: url, PORT: 3010 })).toBe('__Host-client-zone-443-session');
});

test('two instances on one machine have each their own', async () => {
  const names = [3000, 3100].map((port) => ({ APP_URL: `http://localhost:${port}`, PORT: port }));
  expect(await nameSession(names[0] as never)).toBe('client-zone-3000-session');
  expect(await nameSession(names[1] as never)).toBe('client-zone-3100-session');
  expect(await nameSession({ APP_URL: 'http://localhost', PORT: 80 })).toBe('client-zone-80-session');
});
