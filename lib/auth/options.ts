import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { getDatabase } from '@/lib/db/client';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { log } from '@/lib/log';
import { checkSignIn } from './sign-in';

declare module 'next-auth/jwt' {
  interface JWT {
    userId?: number;
    sessionEpoch?: number;
  }
}
declare module 'next-auth' {
  interface Session {
    userId?: number;
    sessionEpoch?: number;
  }
  interface User {
    sessionEpoch: number;
  }
}

const secureCookies = env.APP_URL.startsWith('https:');
const sessionHours = 12;

/** Cookies are shared by all ports of a host: the port keeps two instances on one machine apart. */
export const sessionCookieName = `${secureCookies ? '__Host-' : ''}client-zone-session-${env.PORT}`;

/**
 * next-auth with username and password. Its token says only who signed in; what they may do is read from the database
 * at each request (gates.ts).
 */
export function getAuthOptions(): NextAuthOptions {
  return {
    secret: env.AUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionHours * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    cookies: {
      sessionToken: {
        name: sessionCookieName,
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: secureCookies },
      },
    },
    logger: {
      error: (code, metadata) => log.error({ code, err: metadata }, 'next-auth error'),
      warn: (code) => log.warn({ code }, 'next-auth warning'),
      debug: () => undefined,
    },
    providers: [
      CredentialsProvider({
        credentials: { username: {}, password: {} },
        async authorize(credentials, request) {
          const outcome = await checkSignIn(
            getDatabase(),
            { username: credentials?.username ?? '', password: credentials?.password ?? '' },
            readAddress(request.headers),
          );
          if (outcome.ok) return { id: String(outcome.userId), sessionEpoch: outcome.sessionEpoch };
          // next-auth hands the message of an error to the form, as it is.
          throw new Error(
            outcome.reason === 'throttled' ? `throttled:${outcome.waitSeconds}` : outcome.reason,
          );
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        if (user) {
          token.userId = Number(user.id);
          token.sessionEpoch = user.sessionEpoch;
        }
        return token;
      },
      session({ session, token }) {
        return { expires: session.expires, userId: token.userId, sessionEpoch: token.sessionEpoch };
      },
    },
  };
}

/**
 * Where a request comes from, when a trusted proxy in front says so. Without one, what visitors say of themselves in
 * X-Forwarded-For counts for nothing.
 */
function readAddress(headers: Record<string, unknown> | undefined): string | null {
  const forwarded = headers?.['x-forwarded-for'];
  return readVisitorAddress(typeof forwarded === 'string' ? forwarded : null);
}
