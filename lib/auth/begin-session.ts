import 'server-only';
import { cookies, headers } from 'next/headers';
import { encode } from 'next-auth/jwt';
import { getPool } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { env } from '@/lib/env';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { composeCookie, sessionCookie } from './cookies';
import { readSessionToken } from './session-token';
import { endSession, startSession, type SessionBeginning } from './sessions';

/**
 * Begins the session of whoever has just shown who they are. Whoever was signed in in this browser is no
 * longer.
 *
 * @param from as of {@link startSession}, as is `how`
 */
export async function beginSession(
  userId: number,
  from: { userAgent: string | null; address: string | null },
  now: Date,
  how?: SessionBeginning,
): ReturnType<typeof startSession> {
  const pool = getPool();
  const earlier = await readSessionToken((await cookies()).get(sessionCookie.name)?.value);
  if (earlier.sessionId !== null) await endSession(pool, earlier.sessionId);
  return startSession(pool, userId, from, now, how);
}

/**
 * Signs somebody in who has not come by the form: whoever has just registered. The cookie is the one that
 * next-auth sets.
 *
 * @param lacksSecondFactor their account asks everybody for one, so it is set up before anything else
 */
export async function signInRegistered(userId: number, now: Date, lacksSecondFactor = false): Promise<void> {
  const from = await headers();
  const session = await beginSession(
    userId,
    { userAgent: from.get('user-agent'), address: readVisitorAddress(from.get('x-forwarded-for')) },
    now,
    { method: 'PASSWORD', lacksSecondFactor },
  );
  // otherwise with the second step
  if (!lacksSecondFactor) {
    await prismaOn(getPool()).user.update({ where: { id: userId }, data: { lastSignInAt: now } });
  }
  const maxAge = Math.floor((session.expiresAt.getTime() - now.getTime()) / 1000);
  const endsAt = Math.floor(session.expiresAt.getTime() / 1000);
  const token = await encode({ token: { sessionId: session.id, endsAt }, secret: env.AUTH_SECRET, maxAge });
  (await cookies()).set(composeCookie(sessionCookie, token, maxAge));
}
