import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '@/lib/db/client';
import type { MemberRole, SignInMethod, StaffRole } from '@/lib/db/generated/enums';
import { notify } from '@/lib/db/notify';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement, type Connection } from '@/lib/db/statement';
import { recordActivity } from './activity';
import { beginningAccountSql } from './membership-sql';
import type { HalfScope } from './scope';

/** However busy a session is, it ends after so many days; unused, after so many hours. */
export const sessionDays = 30;
export const idleHours = 12;
/** A session that lacks its second factor ends after so long: time enough to set one up. */
export const halfMinutes = 30;

const hourMs = 3_600_000;
/** The time a session was last seen is written at most so often: it serves the idle limit, not the second. */
const seenEveryMs = 5 * 60_000;
/** A user agent serves to tell one's own browsers apart; what is longer is cut. */
const longestUserAgent = 200;

/**
 * The NOTIFY channel on which every process hears that sessions may have ended: somebody signed out, or was
 * suspended. The payload says nothing; whoever listens asks {@link findEnded}. For streams:
 * {@link watchSession} in session-watch.ts.
 */
export const sessionEndedChannel = 'session_ended';

/** A session that lives, and whose it is, as the database has it now. */
export interface LiveSession {
  id: string;
  expiresAt: Date;
  lastSeenAt: Date;
  user: { id: number; name: string; username: string };
  /** In which they work, and as what; null for staff, and for whoever belongs to no account. */
  account: { id: number; name: string; timeZone: string; role: MemberRole } | null;
  /** Of staff; null for customers. */
  staffRole: StaffRole | null;
  /** It opens nothing but the second step. */
  lacksSecondFactor: boolean;
  /** Of the sign-in; null when it is not known. */
  address: string | null;
}

/**
 * What makes a session live, for `user_session` as s, `portal_user` as u, `membership` as m and `account` as
 * a; `idleSince` is when it must have been seen, `halfSince` when it must have begun while it lacks its
 * second factor. Suspended people, and people of suspended accounts, have none. A membership that is gone
 * took its sessions with it; one without an account is of somebody who belongs to none.
 */
const liveSql = ($: { now: string; idleSince: string; halfSince: string }) => `
  s.expires_at > ${$.now} and s.last_seen_at > ${$.idleSince}
  and (not s.lacks_second_factor or s.created_at > ${$.halfSince}) and u.status = 'ACTIVE'
  and (s.account_id is null or (m.suspended_at is null and a.status = 'ACTIVE'))`;

const ofSessionSql = `
  user_session s join portal_user u on u.id = s.user_id
  left join membership m on m.account_id = s.account_id and m.user_id = s.user_id
  left join account a on a.id = m.account_id`;

/** The times against which sessions are held. */
export const reckonLimits = (now: Date) => ({
  now,
  idleSince: new Date(now.getTime() - idleHours * hourMs),
  halfSince: new Date(now.getTime() - halfMinutes * 60_000),
});
const limitTypes = { now: 'timestamptz', idleSince: 'timestamptz', halfSince: 'timestamptz' } as const;

const insertSession = statement({
  name: 'start-session',
  values: {
    id: 'uuid',
    userId: 'int4',
    now: 'timestamptz',
    expiresAt: 'timestamptz',
    userAgent: 'text?',
    address: 'text?',
    method: 'SignInMethod',
    lacksSecondFactor: 'bool',
    passwordHash: 'text?',
  },
  columns: { accountId: 'UserSession.accountId' },
  sql: ($) => `
    insert into user_session (id, user_id, account_id, created_at, last_seen_at, expires_at, user_agent, address, method, lacks_second_factor)
    select ${$.id}, u.id, ${beginningAccountSql}, ${$.now}, ${$.now}, ${$.expiresAt}, ${$.userAgent}, ${$.address},
      ${$.method}, ${$.lacksSecondFactor}
    from portal_user u where u.id = ${$.userId} and u.password_hash = coalesce(${$.passwordHash}, u.password_hash)
    -- whoever changes the password ends the sessions that there are: not before this one is among them
    for share of u
    on conflict do nothing
    returning account_id as "accountId"`,
});

/** How somebody has signed in. */
export interface SessionBeginning {
  /** By which factor. */
  method: SignInMethod;
  /** The second one is still to come ({@link completeSession}). */
  lacksSecondFactor: boolean;
  /** Of the password that was right: if it has been changed since, no session begins. */
  passwordHash?: string;
}

/** The password has been changed since it was right. Its message is what the form is told of a wrong one. */
class PasswordChangedError extends Error {
  override readonly name = 'PasswordChangedError';
  constructor() {
    super('wrong');
  }
}

/**
 * Begins a session, in the account that they used last. The id is the secret in its token.
 *
 * @param from the browser, as it names itself, and its address where that is known; null otherwise
 */
export async function startSession(
  pool: Pool,
  userId: number,
  from: { userAgent: string | null; address: string | null },
  now: Date,
  how: SessionBeginning = { method: 'PASSWORD', lacksSecondFactor: false },
): Promise<{ id: string; expiresAt: Date; accountId: number | null }> {
  const id = randomUUID();
  const expiresAt = new Date(now.getTime() + sessionDays * 24 * hourMs);
  const begun = await insertSession.one(pool, {
    id,
    userId,
    now,
    expiresAt,
    userAgent: from.userAgent?.slice(0, longestUserAgent) ?? null,
    address: from.address,
    passwordHash: null,
    ...how,
  });
  if (!begun) throw new PasswordChangedError();
  return { id, expiresAt, accountId: begun.accountId };
}

const holdHalf = statement({
  name: 'hold-half-session',
  values: { id: 'uuid', userId: 'int4', halfSince: 'timestamptz' },
  sql: ($) => `
    select from user_session
    where id = ${$.id} and user_id = ${$.userId} and lacks_second_factor and created_at > ${$.halfSince} for update`,
});

/** Holds a session that lacks its second factor, so that no code is used up for one that has ended. */
export async function holdHalfSession(client: PoolClient, half: HalfScope, now: Date): Promise<boolean> {
  const { sessionId: id, userId } = half;
  return (await holdHalf.run(client, { id, userId, halfSince: reckonLimits(now).halfSince })) === 1;
}

/**
 * Makes a session whole once its second factor has been shown, in the transaction that takes the factor.
 *
 * @returns false when it has ended meanwhile, or is whole already
 */
export async function completeSession(
  client: PoolClient,
  half: HalfScope,
  method: SignInMethod,
  now: Date,
): Promise<boolean> {
  const { sessionId, userId, accountId, address } = half;
  const { userSession, user } = prismaOn(client);
  const { count } = await userSession.updateMany({
    where: {
      id: sessionId,
      userId,
      lacksSecondFactor: true,
      createdAt: { gt: reckonLimits(now).halfSince },
    },
    data: { lacksSecondFactor: false, method, lastSeenAt: now },
  });
  if (count !== 1) return false;
  await user.updateMany({ where: { id: userId }, data: { lastSignInAt: now } });
  await recordActivity(client, { kind: 'sign-in', userId, accountId, address, details: { method } }, now);
  return true;
}

const findLive = statement({
  name: 'find-live-session',
  values: { id: 'uuid', ...limitTypes },
  columns: {
    ...columnsOf('UserSession', 'expiresAt', 'lastSeenAt', 'lacksSecondFactor', 'address', 'userId'),
    ...columnsOf('User', 'name', 'username', 'staffRole'),
    accountId: 'Account.id?',
    accountName: 'Account.name?',
    timeZone: 'Account.timeZone?',
    role: 'Membership.role?',
  },
  sql: ($) => `
    select s.expires_at as "expiresAt", s.last_seen_at as "lastSeenAt", s.lacks_second_factor as "lacksSecondFactor",
      s.address, s.user_id as "userId", u.name, u.username, u.staff_role as "staffRole",
      a.id as "accountId", a.name as "accountName", a.time_zone as "timeZone", m.role
    from ${ofSessionSql}
    where s.id = ${$.id} and ${liveSql($)}`,
});

/** Session, user, membership and account in one statement. Null when it is not live, whatever the reason. */
export async function findLiveSession(pool: Pool, id: string, now: Date): Promise<LiveSession | null> {
  const row = await findLive.one(pool, { id, ...reckonLimits(now) });
  if (!row) return null;
  const { accountId, accountName, timeZone, role, staffRole } = row;
  return {
    id,
    expiresAt: row.expiresAt,
    lastSeenAt: row.lastSeenAt,
    lacksSecondFactor: row.lacksSecondFactor,
    address: row.address,
    user: { id: row.userId, name: row.name, username: row.username },
    account:
      accountId === null || accountName === null || timeZone === null || role === null
        ? null
        : { id: accountId, name: accountName, timeZone, role },
    staffRole,
  };
}

// Never backwards: of two requests at once the later one counts.
const writeSeen = statement({
  name: 'keep-session-seen',
  values: { id: 'uuid', now: 'timestamptz' },
  sql: ($) => `
    with seen as (
      update user_session set last_seen_at = ${$.now} where id = ${$.id} and last_seen_at < ${$.now}
      returning account_id, user_id
    )
    update membership set last_seen_at = ${$.now} from seen
    where membership.account_id = seen.account_id and membership.user_id = seen.user_id
      and (membership.last_seen_at is null or membership.last_seen_at < ${$.now})`,
});

/**
 * Keeps a session from falling idle, and its member in the list of people; writes only when the last time is
 * some minutes ago.
 */
export async function keepSeen(
  pool: Pool,
  session: Pick<LiveSession, 'id' | 'lastSeenAt'>,
  now: Date,
): Promise<void> {
  if (now.getTime() - session.lastSeenAt.getTime() < seenEveryMs) return;
  await writeSeen.run(pool, { id: session.id, now });
}

/**
 * Ends a session on the server: its token opens nothing from now on, and its event streams end.
 *
 * @returns false when it had ended before
 */
export async function endSession(pool: Pool, id: string): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const { count } = await prismaOn(client).userSession.deleteMany({ where: { id } });
    if (count > 0) await notifySessionsEnded(client);
    return count > 0;
  });
}

/** Tells every process, on commit, that sessions may have ended. */
export async function notifySessionsEnded(connection: Connection): Promise<void> {
  await notify(connection, sessionEndedChannel, ['']);
}

/** A session as it was when somebody began to listen with it. */
export interface WatchedSession {
  id: string;
  /** Null: of a member of staff, or of somebody who belongs to no account. */
  accountId: number | null;
}

const findLiveOnes = statement({
  name: 'find-live-sessions',
  values: { ids: 'uuid[]', ...limitTypes },
  columns: { ...columnsOf('UserSession', 'id'), accountId: 'int4?' },
  sql: ($) => `
    select s.id, a.id as "accountId"
    from ${ofSessionSql}
    where s.id = any (${$.ids}) and not s.lacks_second_factor and ${liveSql($)}`,
});

/** Which of these sessions are not live any more, or belong to another account by now; in one statement. */
export async function findEnded(
  pool: Pool,
  watched: readonly WatchedSession[],
  now: Date,
): Promise<Set<string>> {
  const ids = [...new Set(watched.map(({ id }) => id))];
  const rows = await findLiveOnes.all(pool, { ids, ...reckonLimits(now) });
  const owners = new Map(rows.map((row) => [row.id, row.accountId]));
  return new Set(watched.flatMap(({ id, accountId }) => (owners.get(id) === accountId ? [] : [id])));
}

const removeOver = statement({
  name: 'remove-over-sessions',
  values: limitTypes,
  sql: ($) => `
    delete from user_session
    where last_seen_at <= ${$.idleSince} or expires_at <= ${$.now} or (lacks_second_factor and created_at <= ${$.halfSince})`,
});

/** Removes sessions that are over: unused for long, or at their end, which nobody can use either. */
export async function pruneSessions(pool: Pool, now: Date): Promise<void> {
  await removeOver.run(pool, reckonLimits(now));
}
