import type { Pool } from 'pg';
import type { PersonScope } from '@/lib/auth/scope';
import { listOwnSessions } from '@/lib/auth/own-sessions';
import { describeDevice, describePlace, methodWords } from './describe-session';
import type { SessionRow } from './schema';

/** Where somebody is signed in, in plain words: this browser first. */
export async function listSessionRows(pool: Pool, person: PersonScope, now: Date): Promise<SessionRow[]> {
  const sessions = await listOwnSessions(pool, person, now);
  return sessions.map((session) => ({
    handle: session.handle,
    isThisOne: session.isThisOne,
    ...describeDevice(session.userAgent),
    place: describePlace(session.address),
    method: methodWords[session.method],
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
  }));
}
