import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';

/** However busy a session is, it ends after so many days; unused, after so many hours. */
export const sessionDays = 30;
export const idleHours = 12;

const hourMs = 3_600_000;
/** The time a session was last seen is written at most so often: it serves the idle limit, not the second. */
const seenEveryMs = 5 * 60_000;
/** A user agent serves to tell one's own browsers apart; what is longer is cut. */
const longestUserAgent = 200;

/**
 * The NOTIFY channel on which every process hears that sessions may have ended: somebody signed out, or was suspended. The
 * payload says nothing; whoever listens asks {@link findEnded}. For streams: {@link watchSession} in session-watch.ts.
 */
export const sessionEndedChannel = 'session_ended';

/** A session that lives, and whose it is, as the database has it now. */
export interface LiveSession {
  id: string;
  expiresAt: Date;
  lastSeenAt: Date;
  user: { id: number; name: string; username: string };
  /** Null: a member of staff. */
  account: { id: number; name: string; timeZone: string } | null;
}

/**
 * What makes a session live, for `user_session` as s, `portal_user` as u and `account` as a. $2 is now, $3 is when it must
 * have been seen. Suspended people, and people of suspended accounts, have none.
 */
const liveSql = `
  s.expires_at > $2 and s.last_seen_at > $3 and u.status = 'ACTIVE'
  and case u.role when 'STAFF' then true else coalesce(a.status = 'ACTIVE', false) end`;

const idleSince = (now: Date) => new Date(now.getTime() - idleHours * hourMs);

/**
 * Begins a session. The id is the secret in its token.
 *
 * @param from the browser, as it names itself, and its address where that is known; null otherwise
 */
export async function startSession(
  pool: Pool,
  userId: number,
  from: { userAgent: string | null; address: string | null },
  now: Date,
): Promise<{ id: string; expiresAt: Date }> {
  const id = randomUUID();
  const expiresAt = new Date(now.getTime() + sessionDays * 24 * hourMs);
  await pool.query(
    `insert into user_session (id, user_id, created_at, last_seen_at, expires_at, user_agent, address)
     values ($1, $2, $3, $3, $4, $5, $6)`,
    [id, userId, now, expiresAt, from.userAgent?.slice(0, longestUserAgent) ?? null, from.address],
  );
  return { id, expiresAt };
}

/** Session, user and account in one statement. Null when it is not live, whatever the reason. */
export async function findLiveSession(pool: Pool, id: string, now: Date): Promise<LiveSession | null> {
  const { rows } = await pool.query<{
    expires_at: Date;
    last_seen_at: Date;
    user_id: number;
    name: string;
    username: string;
    role: 'CUSTOMER' | 'STAFF';
    account_id: number | null;
    account_name: string | null;
    time_zone: string | null;
  }>({
    name: 'find-live-session',
    text: `
      select s.expires_at, s.last_seen_at, s.user_id, u.name, u.username, u.role,
        a.id as account_id, a.name as account_name, a.time_zone
      from user_session s join portal_user u on u.id = s.user_id left join account a on a.id = u.account_id
      where s.id = $1 and ${liveSql}`,
    values: [id, now, idleSince(now)],
  });
  const row = rows[0];
  if (!row) return null;
  const { account_id: accountId, account_name: accountName, time_zone: timeZone } = row;
  return {
    id,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    user: { id: row.user_id, name: row.name, username: row.username },
    account:
      row.role === 'STAFF' || accountId === null || accountName === null || timeZone === null
        ? null
        : { id: accountId, name: accountName, timeZone },
  };
}

/** Keeps a session from falling idle; writes only when the last time is some minutes ago. */
export async function keepSeen(
  pool: Pool,
  session: Pick<LiveSession, 'id' | 'lastSeenAt'>,
  now: Date,
): Promise<void> {
  if (now.getTime() - session.lastSeenAt.getTime() < seenEveryMs) return;
  // Never backwards: of two requests at once the later one counts.
  await pool.query('update user_session set last_seen_at = $2 where id = $1 and last_seen_at < $2', [
    session.id,
    now,
  ]);
}

/** Ends a session on the server: its token opens nothing from now on, and its event streams end. */
export async function endSession(pool: Pool, id: string): Promise<void> {
  await withTransaction(pool, async (client) => {
    const { rowCount } = await client.query('delete from user_session where id = $1', [id]);
    if (rowCount) await notifySessionsEnded(client);
  });
}

/** Tells every process, on commit, that sessions may have ended. */
export async function notifySessionsEnded(client: { query: Pool['query'] }): Promise<void> {
  await client.query('select pg_notify($1, $2)', [sessionEndedChannel, '']);
}

/** A session as it was when somebody began to listen with it. */
export interface WatchedSession {
  id: string;
  /** Null: of a member of staff. */
  accountId: number | null;
}

/** Which of these sessions are not live any more, or belong to another account by now; in one statement. */
export async function findEnded(
  pool: Pool,
  watched: readonly WatchedSession[],
  now: Date,
): Promise<Set<string>> {
  const ids = [...new Set(watched.map(({ id }) => id))];
  const { rows } = await pool.query<{ id: string; account_id: number | null }>({
    name: 'find-live-sessions',
    text: `
      select s.id, case u.role when 'STAFF' then null else a.id end as account_id
      from user_session s join portal_user u on u.id = s.user_id left join account a on a.id = u.account_id
      where s.id = any ($1::uuid[]) and ${liveSql}`,
    values: [ids, now, idleSince(now)],
  });
  const owners = new Map(rows.map((row) => [row.id, row.account_id]));
  return new Set(watched.flatMap(({ id, accountId }) => (owners.get(id) === accountId ? [] : [id])));
}

/** Removes sessions that are over: unused for long, or at their end, which nobody can use either. */
export async function pruneSessions(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from user_session where last_seen_at <= $1 or expires_at <= $2', [
    idleSince(now),
    now,
  ]);
}
