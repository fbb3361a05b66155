import { env } from '@/lib/env';

const { protocol, port } = new URL(env.APP_URL);
const secure = protocol === 'https:';
/**
 * As browsers see it. That of the process is another for each web behind a proxy, and a session of one would
 * be none of the other.
 */
const publicPort = port || (secure ? '443' : '80');
const prefix = secure ? '__Host-' : '';

/**
 * What a cookie of ours is set with, and removed with: a browser refuses to remove a `__Host-` cookie by one
 * without `Secure`, and keeps it.
 */
const options = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;

/**
 * Cookies are shared by all ports of a host: the port keeps two instances on one machine apart. It does not
 * stand at the end: next-auth takes whatever begins like the name for parts of the token, port 30001's for
 * one of port 3000's, and removes both (findings/next-auth-cookie-names.sh).
 */
export const sessionCookie = { name: `${prefix}client-zone-${publicPort}-session`, options };

/** Which usernames this browser has signed in with: known-device.ts. */
export const deviceCookie = { name: `${prefix}client-zone-${publicPort}-device`, options };

/** As `cookies()` of Next.js takes it. */
export type CookieToSet = { name: string; value: string; maxAge: number } & typeof options;

/** @param maxAgeSeconds 0 removes it */
export function composeCookie({ name }: { name: string }, value: string, maxAgeSeconds: number): CookieToSet {
  return { name, value, maxAge: maxAgeSeconds, ...options };
}

/** Whose registration this browser goes on with, from the form to the code (lib/people). */
export const registrationCookie = { name: `${prefix}client-zone-${publicPort}-registration`, options };
