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
  return timingSafeEqual(digest(one), digest(other));
}

/** Of equal length, whatever was offered. */
const digest = (value: string) => hash('sha256', value, 'buffer');

/** Of our own secrets, which are few and the same with each request. */
const ownDigests = new Map<string, Buffer>();

function digestOwn(secret: string): Buffer {
  const known = ownDigests.get(secret);
  if (known) return known;
  if (ownDigests.size >= mostOwn) ownDigests.clear();
  const made = digest(secret);
  ownDigests.set(secret, made);
  return made;
}
const mostOwn = 100;

/** Whether it is one of our own secrets, in a time that says nothing of which, or how much of it is right. */
export function isOneOf(offered: string, own: readonly string[]): boolean {
  const digested = digest(offered);
  return own.map((secret) => timingSafeEqual(digested, digestOwn(secret))).includes(true);
}
