import 'server-only';
import { cookies, headers } from 'next/headers';
import { encode } from 'next-auth/jwt';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { composeCookie, sessionCookie } from './cookies';
import { endOwnSession } from './gates';
import { startSession } from './sessions';

/**
 * Signs somebody in who has just shown who they are in another way than by a password: with the account that
 * they registered. The cookie is the one that next-auth sets.
 */
export async function beginSession(userId: number, now: Date): Promise<void> {
  await endOwnSession();
  const from = await headers();
  const session = await startSession(
    getPool(),
    userId,
    { userAgent: from.get('user-agent'), address: readVisitorAddress(from.get('x-forwarded-for')) },
    now,
  );
  const maxAge = Math.floor((session.expiresAt.getTime() - now.getTime()) / 1000);
  const endsAt = Math.floor(session.expiresAt.getTime() / 1000);
  const token = await encode({ token: { sessionId: session.id, endsAt }, secret: env.AUTH_SECRET, maxAge });
  (await cookies()).set(composeCookie(sessionCookie, token, maxAge));
}
