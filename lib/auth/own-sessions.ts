import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import type { SignInMethod } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { endSessionsOf } from './end-sessions';
import type { PersonScope } from './scope';
import { endSession, reckonLimits } from './sessions';

/** A session as its owner looks at it. */
export interface OwnSession {
  /** Names it on a page; its id is a secret. */
  handle: string;
  isThisOne: boolean;
  userAgent: string | null;
  address: string | null;
  method: SignInMethod;
  createdAt: Date;
  lastSeenAt: Date;
}

function nameSession(id: string): string {
  return createHash('sha256').update(`session:${id}`).digest('base64url').slice(0, 22);
}

/** Where somebody is signed in: this browser first, then the one last seen. */
export async function listOwnSessions(pool: Pool, person: PersonScope, now: Date): Promise<OwnSession[]> {
  const sessions = await prismaOn(pool).userSession.findMany({
    where: {
      userId: person.userId,
      lacksSecondFactor: false,
      expiresAt: { gt: now },
      lastSeenAt: { gt: reckonLimits(now).idleSince },
    },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
  });
  return sessions
    .map(({ id, userAgent, address, method, createdAt, lastSeenAt }) => ({
      handle: nameSession(id),
      isThisOne: id === person.sessionId,
      userAgent,
      address,
      method,
      createdAt,
      lastSeenAt,
    }))
    .sort((one, other) => Number(other.isThisOne) - Number(one.isThisOne));
}

/**
 * Ends one of somebody's own sessions, at once: its next request is refused, and its event streams end.
 *
 * @returns false when there is none of that name, or not any more
 */
export async function endOwnSessionByName(pool: Pool, person: PersonScope, handle: string): Promise<boolean> {
  const sessions = await prismaOn(pool).userSession.findMany({
    where: { userId: person.userId },
    select: { id: true },
  });
  const id = sessions.find((session) => nameSession(session.id) === handle)?.id;
  return id !== undefined && endSession(pool, id);
}

/**
 * Ends all of somebody's sessions but the one they act by; also those that still lack their second factor.
 */
export async function endOtherSessions(pool: Pool, person: PersonScope): Promise<number> {
  return withTransaction(pool, (client) => endSessionsOf(client, person.userId, person.sessionId));
}
