import { env } from '@/lib/env';

/**
 * Whether a request that changes something may come from where it comes from. Browsers say so in
 * Sec-Fetch-Site, old ones in Origin; a program that says neither carries nobody's cookies but its own.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  return origin === null || origin === new URL(env.APP_URL).origin;
}
