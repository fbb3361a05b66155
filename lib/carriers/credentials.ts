import { hash, timingSafeEqual } from 'node:crypto';

/** What a header shows: a bearer token, or the name and password of HTTP Basic; empty for anything else. */
export function readCredentials(authorization: string | null | undefined): { user: string; secret: string } {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return { user: '', secret: credentials };
  if (scheme.toLowerCase() !== 'basic') return { user: '', secret: '' };
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // Without a colon it was taken as the password before, and still is.
  return colon === -1
    ? { user: '', secret: decoded }
    : { user: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

/** In a time that says nothing of how much of it is right. */
export function isSameSecret(one: string, other: string): boolean {
  // Digests have equal lengths whatever was offered.
  const digest = (value: string) => hash('sha256', value, 'buffer');
  return timingSafeEqual(digest(one), digest(other));
}
