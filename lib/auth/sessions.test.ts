import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mintPersonScope, mintStaffScope, type PersonScope } from '@/lib/auth/scope';
import { suspendAccount } from '@/lib/accounts/commands';
import { createListener, type Listener } from '@/lib/db/listen';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { isSomebodyWaiting } from '@/testing/lock-waits';
import { waitUntil } from '@/testing/poll';
import { watchStatements } from '@/testing/watch-statements';
import { endSessionsOf } from './end-sessions';
import { endOtherSessions, endOwnSessionByName, listOwnSessions } from './own-sessions';
import { SessionWatch } from './session-watch';
import {
  endSession,
  findEnded,
  findLiveSession,
  keepSeen,
  pruneSessions,
  startSession,
  type WatchedSession,
} from './sessions';

let db: TestDatabase;
let account: TestAccount;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const now = new Date('2026-11-28T10:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const nowhere = { userAgent: null, address: null };

async function start(owner: TestAccount, at = now): Promise<WatchedSession> {
  const { id } = await startSession(db.pool, owner.userId, nowhere, at);
  return { id, accountId: owner.id };
}
const isLive = async ({ id }: { id: string }, at: Date) => (await findLiveSession(db.pool, id, at)) !== null;

describe('a session', () => {
  test('keeps little of the browser', async () => {
    const from = { userAgent: 'x'.repeat(5000), address: '203.0.113.9' };
    const { id, expiresAt } = await startSession(db.pool, account.userId, from, now);
    expect(expiresAt).toEqual(later(30 * 24));
    const { rows } = await db.pool.query(
      'select length(user_agent) as length, address from user_session where id = $1',
      [id],
    );
    expect(rows).toEqual([{ length: 200, address: '203.0.113.9' }]);
  });

  test('does not begin with a password that was changed while it was checked', async () => {
    const { userId } = account;
    const { rows } = await db.pool.query<{ hash: string }>(
      'select password_hash as hash from portal_user where id = $1',
      [userId],
    );
    const passwordHash = rows[0]?.hash ?? '';
    const start = () =>
      startSession(db.pool, userId, nowhere, now, {
        method: 'PASSWORD',
        lacksSecondFactor: false,
        passwordHash,
      });
    const { id } = await start();
    const changing = await db.pool.connect();
    try {
      await changing.query('begin');
      await changing.query(`update portal_user set password_hash = 'another' where id = $1`, [userId]);
      await endSessionsOf(changing, userId);
      const starting = expect(start()).rejects.toThrow('wrong');
      await waitUntil('the session waits for the change', () => isSomebodyWaiting(db.owner));
      await changing.query('commit');
      await starting;
    } finally {
      changing.release();
    }
    const sessions = await db.pool.query('select from user_session where user_id = $1', [userId]);
    expect(sessions.rowCount).toBe(0);
    expect(await isLive({ id }, now)).toBe(false);
  });

  test('is unused for twelve hours at most', async () => {
    const session = await start(account);
    expect(await isLive(session, later(11.9))).toBe(true);
    expect(await isLive(session, later(12))).toBe(false);
  });

  test('is written at most every few minutes, and never backwards', async () => {
    const { id } = await start(account);
    const use = async (at: Date) => {
      const live = await findLiveSession(db.pool, id, at);
      return watchStatements(async () => live && keepSeen(db.pool, live, at));
    };
    const writes: number[] = [];
    for (const minutes of [1, 4, 6, 7, 10, 12]) writes.push((await use(later(minutes / 60))).length);
    expect(writes).toEqual([0, 0, 1, 0, 0, 1]);
    await keepSeen(db.pool, { id, lastSeenAt: now }, later(5));
    await keepSeen(db.pool, { id, lastSeenAt: now }, later(1));
    expect((await findLiveSession(db.pool, id, later(5)))?.lastSeenAt).toEqual(later(5));
  });

  test('in use ends after thirty days', async () => {
    const { id } = await start(account);
    for (let hours = 10; hours < 30 * 24; hours += 10) {
      const live = await findLiveSession(db.pool, id, later(hours));
      if (!live) throw new Error(`It ended after ${hours} hours.`);
      await keepSeen(db.pool, live, later(hours));
    }
    expect(await isLive({ id }, later(30 * 24 - 0.1))).toBe(true);
    expect(await isLive({ id }, later(30 * 24))).toBe(false);
  });

  test('that is over is removed by the job, others stay', async () => {
    await db.pool.query('delete from user_session');
    const [idle, old, young] = [await start(account), await start(account), await start(account)];
    const at = later(30 * 24);
    await db.pool.query('update user_session set last_seen_at = $2 where id = $1', [old.id, at]);
    await db.pool.query(`update user_session set last_seen_at = $2, expires_at = $3 where id = $1`, [
      young.id,
      later(30 * 24 - 11),
      later(30 * 24 + 1),
    ]);
    await pruneSessions(db.pool, at);
    const { rows } = await db.pool.query<{ id: string }>('select id from user_session');
    expect(rows).toEqual([{ id: young.id }]);
    expect(await isLive(young, at)).toBe(true);
    expect(await isLive(idle, now)).toBe(false);
  });

  test('that lacks its second factor is none that a stream may be open by, and is cleared after half an hour', async () => {
    const how = { method: 'PASSWORD', lacksSecondFactor: true } as const;
    const { id } = await startSession(db.pool, account.userId, nowhere, now, how);
    const half = { id, accountId: account.id };
    const whole = await start(account);
    expect(await findEnded(db.pool, [half, whole], now)).toEqual(new Set([id]));
    await pruneSessions(db.pool, later(0.49));
    expect(await isLive(half, later(0.49))).toBe(true);
    await pruneSessions(db.pool, later(0.5));
    const { rows } = await db.pool.query('select id from user_session where user_id = $1', [account.userId]);
    expect(rows).toEqual([{ id: whole.id }]);
  });

  test('goes with its user', async () => {
    const session = await start(account);
    await db.pool.query('delete from portal_user where id = $1', [account.userId]);
    expect(await isLive(session, now)).toBe(false);
  });
});

describe('one’s own sessions', () => {
  const own = (owner: TestAccount, { id }: { id: string }): PersonScope =>
    mintPersonScope({ userId: owner.userId, accountId: owner.id, sessionId: id, address: null });

  test('are listed, this one first, without their ids; half ones, ended ones and others’ are not', async () => {
    const from = { userAgent: 'Firefox', address: '203.0.113.9' };
    const first = await startSession(db.pool, account.userId, from, now);
    const second = await start(account, later(1));
    const stranger = await createAccount(db.pool);
    const strange = await start(stranger);
    const how = { method: 'PASSWORD', lacksSecondFactor: true } as const;
    await startSession(db.pool, account.userId, nowhere, later(1), how);
    const gone = await start(account);
    await endSession(db.pool, gone.id);

    const list = await listOwnSessions(db.pool, own(account, first), later(1));
    expect(list).toMatchObject([
      { isThisOne: true, userAgent: 'Firefox', address: '203.0.113.9', method: 'PASSWORD', createdAt: now },
      { isThisOne: false, userAgent: null, createdAt: later(1) },
    ]);
    const shown = JSON.stringify(list);
    for (const { id } of [first, second]) expect(shown).not.toContain(id);
    expect(await listOwnSessions(db.pool, own(stranger, strange), now)).toHaveLength(1);
    expect(await listOwnSessions(db.pool, own(account, first), later(12.5))).toHaveLength(1);
  });

  test('are ended one by one, or all but this; nobody else’s', async () => {
    const [here, there, elsewhere] = [await start(account), await start(account), await start(account)];
    const stranger = await createAccount(db.pool);
    const strange = await start(stranger);
    const me = own(account, here);
    const nameOf = async (person: PersonScope, session: { id: string }) => {
      const list = await listOwnSessions(db.pool, { ...person, sessionId: session.id }, now);
      return list[0]?.handle as string;
    };
    const othersName = await nameOf(own(stranger, strange), strange);
    expect(await endOwnSessionByName(db.pool, me, othersName)).toBe(false);
    expect(await endOwnSessionByName(db.pool, me, there.id)).toBe(false);
    expect(await endOwnSessionByName(db.pool, me, await nameOf(me, there))).toBe(true);
    expect([await isLive(here, now), await isLive(there, now), await isLive(elsewhere, now)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await endOtherSessions(db.pool, me)).toBe(1);
    expect(await endOtherSessions(db.pool, me)).toBe(0);
    expect([await isLive(here, now), await isLive(elsewhere, now), await isLive(strange, now)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

test('of many sessions, those that have ended are found in one statement', async () => {
  const others = await Promise.all(['a', 'b', 'c', 'd'].map(() => createAccount(db.pool)));
  const sessions = await Promise.all([account, ...others].map((owner) => start(owner)));
  const [alive, signedOut, suspended, moved, ofSuspended] = sessions as [
    WatchedSession,
    WatchedSession,
    WatchedSession,
    WatchedSession,
    WatchedSession,
  ];
  expect(await findEnded(db.pool, sessions, now)).toEqual(new Set());
  await endSession(db.pool, signedOut.id);
  await db.pool.query(`update membership set suspended_at = now() where account_id = $1`, [
    suspended.accountId,
  ]);
  await db.pool.query(
    `with joined as (
       insert into membership (account_id, user_id, role)
       select $2, user_id, 'SENDER' from membership where account_id = $1
     )
     update user_session set account_id = $2 where id = $3`,
    [moved.accountId, account.id, moved.id],
  );
  await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [ofSuspended.accountId]);
  let ended = new Set<string>();
  const statements = await watchStatements(async () => {
    ended = await findEnded(db.pool, sessions, now);
  });
  expect(ended).toEqual(new Set([signedOut.id, suspended.id, moved.id, ofSuspended.id]));
  expect(ended.has(alive.id)).toBe(false);
  expect(statements).toHaveLength(1);
  expect(await findEnded(db.pool, sessions, later(12))).toContain(alive.id);
});

describe('what is open for a session', () => {
  let listener: Listener;
  beforeAll(() => {
    listener = createListener(db.url);
  });
  afterAll(() => listener.close());

  /** Looks by itself so rarely that only what is said on the channel can be the cause. */
  const createWatch = (everyMs = 3_600_000) =>
    new SessionWatch(listener, (watched) => findEnded(db.pool, watched, now), everyMs);

  test('is told when one signs out, at once, and nobody else is', async () => {
    const other = await createAccount(db.pool);
    const watch = createWatch();
    const told: string[] = [];
    const [mine, again, others] = [await start(account), await start(account), await start(other)];
    watch.watch(mine, () => told.push('mine'));
    watch.watch(mine, () => told.push('mine, another tab'));
    watch.watch(again, () => told.push('my other browser'));
    watch.watch(others, () => told.push('others'));
    await endSession(db.pool, mine.id);
    await waitUntil('both tabs are told', () => told.length === 2);
    expect(told).toEqual(['mine', 'mine, another tab']);
    expect(watch.size).toBe(2);
    await endSession(db.pool, others.id);
    await waitUntil('the other is told', () => told.length === 3);
    expect(told.at(-1)).toBe('others');
  });

  test('is told when staff suspend its account', async () => {
    const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
    const watch = createWatch();
    let told = 0;
    watch.watch(await start(account), () => (told += 1));
    watch.watch(await start(await createAccount(db.pool)), () => (told += 100));
    expect(await suspendAccount(db.pool, staff, account.id, 'Unpaid')).toEqual({ ok: true });
    await waitUntil('it is told', () => told > 0);
    expect(told).toBe(1);
  });

  test('is told at the next look when nobody said so', async () => {
    const watch = createWatch(20);
    let told = 0;
    watch.watch(await start(account), () => (told += 1));
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [account.userId]);
    await waitUntil('it is told', () => told > 0);
    expect(watch.size).toBe(0);
  });

  test('is told of a session that had ended before', async () => {
    const watch = createWatch();
    const session = await start(account);
    await endSession(db.pool, session.id);
    await new Promise<void>((resolve) => void watch.watch(session, resolve));
  });

  test('is told nothing once it has stopped watching, and nothing runs any more', async () => {
    const looks: number[] = [];
    const find = (watched: readonly WatchedSession[]) => {
      looks.push(watched.length);
      return findEnded(db.pool, watched, now);
    };
    const watch = new SessionWatch(listener, find, 3_600_000);
    const [one, two] = [await start(account), await start(account)];
    let told = 0;
    const stop = watch.watch(one, () => (told += 1));
    stop();
    stop();
    expect(watch.size).toBe(0);
    await endSession(db.pool, one.id);
    // A later word on the same channel comes after that one.
    const heard = createWatch();
    await new Promise<void>((resolve) => {
      heard.watch(two, resolve);
      void endSession(db.pool, two.id);
    });
    expect(told).toBe(0);
    expect(looks.length).toBeLessThanOrEqual(1);
  });
});
