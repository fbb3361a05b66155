import { cookies } from 'next/headers';
import type { NextAuthOptions } from 'next-auth';
import { encode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import type { Pool } from 'pg';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { log } from '@/lib/log';
import { recordActivity } from './activity';
import { beginSession } from './begin-session';
import { composeCookie, deviceCookie, sessionCookie } from './cookies';
import { addKnownDevice, findKnownDevice, knownDeviceDays } from './known-device';
import { endSession, findLiveSession, sessionDays, type SessionBeginning } from './sessions';
import { checkSignIn, normaliseUsername } from './sign-in';

declare module 'next-auth/jwt' {
  interface JWT {
    sessionId?: string;
    /** When the session ends, however busy it is: seconds since 1970. */
    endsAt?: number;
  }
}
declare module 'next-auth' {
  interface User {
    sessionId: string;
    endsAt: number;
  }
}

/** The session of a token has ended. next-auth then removes the cookie. */
class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/** Who signs in with a passkey, or why not, in the words of client.ts. */
export type PasskeySignIn =
  | { ok: true; userId: number; username: string }
  | { ok: false; reason: 'passkey' | 'suspended' };

/**
 * Looks at what a passkey has signed. From lib/second-factor, which stands on this room: handed in by the
 * route.
 *
 * @param response as the browser sent it
 */
export type CheckPasskey = (pool: Pool, response: string, now: Date) => Promise<PasskeySignIn>;

/**
 * next-auth with username and password, or with a passkey, which counts for both factors. Its token says only
 * which session it is of; whose that is, whether it still lives, what it lacks and what they may do is read
 * from the database at each request (gates.ts, sessions.ts).
 */
export function getAuthOptions(checkPasskey: CheckPasskey): NextAuthOptions {
  return {
    secret: env.AUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionDays * 86_400 },
    jwt: {
      // next-auth makes a new token whenever it is asked for the session: none lives longer than the session.
      encode: ({ token, ...rest }) => encode({ ...rest, token, maxAge: readSecondsLeft(token?.endsAt) }),
    },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    cookies: { sessionToken: sessionCookie },
    logger: {
      error: (code, metadata) => {
        if (isSessionEnd(metadata)) return;
        log.error({ code, err: metadata }, 'next-auth error');
      },
      warn: (code) => log.warn({ code }, 'next-auth warning'),
      debug: () => undefined,
    },
    providers: [
      CredentialsProvider({
        credentials: { username: {}, password: {} },
        authorize: (credentials, request) =>
          signIn(credentials?.username ?? '', credentials?.password ?? '', request.headers ?? {}),
      }),
      CredentialsProvider({
        id: 'passkey',
        credentials: { response: {} },
        authorize: async (credentials, request) => {
          const now = new Date();
          const outcome = await checkPasskey(getPool(), credentials?.response ?? '', now);
          if (!outcome.ok) throw new Error(outcome.reason);
          const how = { method: 'PASSKEY', lacksSecondFactor: false } as const;
          return openSession(outcome, request.headers ?? {}, now, how);
        },
      }),
    ],
    callbacks: {
      async jwt({ token, user }) {
        if (user) return { sessionId: user.sessionId, endsAt: user.endsAt };
        if (!token.sessionId || !(await findLiveSession(getPool(), token.sessionId, new Date()))) {
          throw new SessionEndedError('The session has ended.');
        }
        return token;
      },
      async session({ token }) {
        const expires = new Date((token.endsAt ?? 0) * 1000).toISOString();
        const live = token.sessionId && (await findLiveSession(getPool(), token.sessionId, new Date()));
        // Whoever asks must not take half a sign-in for a whole one.
        return live && !live.lacksSecondFactor ? { expires } : { expires, lacks: 'second factor' };
      },
    },
    events: {
      // next-auth's own way to sign out, POST /api/auth/signout
      async signOut({ token }) {
        if (token?.sessionId) await endSession(getPool(), token.sessionId);
      },
    },
  };
}

/**
 * Throws with the words that the form makes a sentence of (client.ts): next-auth hands an error's message on
 * as it is.
 */
async function signIn(typed: string, password: string, headers: Record<string, unknown>) {
  const pool = getPool();
  const jar = await cookies();
  const username = normaliseUsername(typed);
  const now = new Date();
  const known = jar.get(deviceCookie.name)?.value;
  const address = readVisitorAddress(readHeader(headers, 'x-forwarded-for'));
  const deviceId = findKnownDevice(known, username, now);
  const outcome = await checkSignIn(pool, { username, password }, { address, deviceId }, now);
  if (!outcome.ok) {
    throw new Error(outcome.reason === 'throttled' ? `throttled:${outcome.waitSeconds}` : outcome.reason);
  }
  const { userId, lacksSecondFactor, passwordHash } = outcome;
  return openSession({ userId, username }, headers, now, {
    method: 'PASSWORD',
    lacksSecondFactor,
    passwordHash,
  });
}

/**
 * The session that next-auth writes into its token; the sign-in is recorded, and the browser is known from
 * now on.
 */
async function openSession(
  { userId, username }: { userId: number; username: string },
  headers: Record<string, unknown>,
  now: Date,
  how: SessionBeginning,
) {
  const pool = getPool();
  const jar = await cookies();
  const address = readVisitorAddress(readHeader(headers, 'x-forwarded-for'));
  const from = { userAgent: readHeader(headers, 'user-agent'), address };
  const session = await beginSession(userId, from, now, how);
  if (!how.lacksSecondFactor) {
    const { method } = how;
    const { accountId } = session;
    await recordActivity(pool, { kind: 'sign-in', userId, accountId, address, details: { method } }, now);
  }
  const known = jar.get(deviceCookie.name)?.value;
  jar.set(composeCookie(deviceCookie, addKnownDevice(known, username, now), knownDeviceDays * 86_400));
  return {
    id: String(userId),
    sessionId: session.id,
    endsAt: Math.floor(session.expiresAt.getTime() / 1000),
  };
}

function readHeader(headers: Record<string, unknown>, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function readSecondsLeft(endsAt = 0): number {
  return Math.max(0, endsAt - Math.floor(Date.now() / 1000));
}

function isSessionEnd(metadata: unknown): boolean {
  return (
    metadata instanceof SessionEndedError ||
    (metadata as { error?: unknown } | null)?.error instanceof SessionEndedError
  );
}
