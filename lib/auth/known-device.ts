import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/env';

/**
 * A browser in which somebody has signed in keeps a cookie that says so, signed. Wrong passwords of strangers
 * then do not keep its owner out: what is tried from it is counted by itself (throttle.ts). It opens nothing,
 * and names nobody.
 *
 * The cookie holds entries "id.expiry.signature", the newest first; an entry is of one username, which only
 * the signature knows. Whose it is can be asked, not read.
 */
export const knownDeviceDays = 180;
/** People who share a browser; whoever came before them is forgotten. */
const kept = 4;
const between = '~';

/**
 * @returns the id by which this browser's attempts at this username are counted; null when it is not known
 *   there
 */
export function findKnownDevice(cookie: string | undefined, username: string, now: Date): string | null {
  for (const entry of readEntries(cookie)) {
    const [id = '', expiry = '', signature = ''] = entry.split('.');
    if (!isSame(signature, sign(id, expiry, username))) continue;
    if (parseInt(expiry, 36) * 1000 > now.getTime()) return id;
  }
  return null;
}

/** The cookie after a good sign-in with this username. */
export function addKnownDevice(cookie: string | undefined, username: string, now: Date): string {
  const id = findKnownDevice(cookie, username, now) ?? randomBytes(12).toString('base64url');
  const expiry = (Math.floor(now.getTime() / 1000) + knownDeviceDays * 86_400).toString(36);
  const others = readEntries(cookie).filter((entry) => {
    const [other = '', until = '', signature = ''] = entry.split('.');
    return !isSame(signature, sign(other, until, username));
  });
  return [`${id}.${expiry}.${sign(id, expiry, username)}`, ...others].slice(0, kept).join(between);
}

function readEntries(cookie: string | undefined): string[] {
  return (cookie ?? '')
    .slice(0, 1000)
    .split(between)
    .filter((entry) => /^[\w-]{16}\.[0-9a-z]{5,9}\.[\w-]{43}$/.test(entry))
    .slice(0, kept);
}

/** Of this use alone: the same secret signs other things. */
function sign(id: string, expiry: string, username: string): string {
  return createHmac('sha256', env.AUTH_SECRET)
    .update(['known device', id, expiry, username].join('\n'))
    .digest('base64url');
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
