import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { encode } from 'next-auth/jwt';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { watchStatements } from '@/testing/watch-statements';
import { sessionCookie, type CookieToSet } from './cookies';
import { requestedPathHeader } from './return-path';
import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';
import { ForbiddenError } from './forbidden';
import {
  listPermissions,
  listStaffPermissions,
  permissions,
  staffPermissions,
  type CustomerPermission,
  type StaffPermission,
} from './permissions';
import { startSession } from './sessions';

// Only what Next.js does is stood in for: which cookies and headers came, and where one is sent. Who that is,
// and what they may, comes from the token and the database.
const request = vi.hoisted(() => ({ cookies: new Map<string, string>(), headers: new Headers() }));
const jar = {
  get: (name: string) => {
    const value = request.cookies.get(name);
    return value === undefined ? undefined : { name, value };
  },
  set: vi.fn<(cookie: CookieToSet) => void>(),
};
vi.mock('next/headers', () => ({ cookies: async () => jar, headers: async () => request.headers }));
vi.mock('next/navigation', () => ({
  redirect: (path: string) => {
    throw new Error(`redirect ${path}`);
  },
  notFound: () => {
    throw new Error('not found');
  },
}));

const {
  endOwnSession,
  findCustomer,
  findHalf,
  findHome,
  findStaff,
  requireCustomer,
  requireHalf,
  requirePerson,
  requireStaff,
} = await import('./gates');

let db: TestDatabase;
let account: TestAccount;
let staffId: number;

const nowhere = { userAgent: null, address: null };

/** Signs in, as the cookie of the requests to come says. Answers with the session's id. */
async function signInAs(userId: number, startedAt = new Date(), lacksSecondFactor = false): Promise<string> {
  const how = { method: 'PASSWORD', lacksSecondFactor } as const;
  const { id } = await startSession(db.pool, userId, nowhere, startedAt, how);
  await carryToken({ sessionId: id });
  return id;
}

async function carryToken(token: object, maxAge = 3600): Promise<void> {
  const secret = 'a-secret-for-tests-that-guards-nothing';
  request.cookies.set(sessionCookie.name, await encode({ token: { ...token }, secret, maxAge }));
}

beforeAll(async () => {
  db = await createTestDatabase();
  (globalThis as { clientZoneDatabase?: TestDatabase }).clientZoneDatabase = db;
  staffId = await createUser(db.pool, { accountId: null });
});
beforeEach(async () => {
  account = await createAccount(db.pool);
  request.cookies.clear();
  request.headers = new Headers();
  await signInAs(account.userId);
});
afterAll(async () => {
  delete (globalThis as { clientZoneDatabase?: TestDatabase }).clientZoneDatabase;
  await db.close();
});

const ended = 'redirect /sign-in?reason=ended';

test('a customer gets a scope of their own account, and no staff page', async () => {
  const session = await requireCustomer();
  expect(session.scope).toMatchObject({
    accountId: account.id,
    userId: account.userId,
    actor: `user:${account.userId}`,
  });
  expect(session.account).toMatchObject({ id: account.id, name: account.name });
  expect((await findCustomer())?.scope).toEqual(session.scope);
  expect(await findHome()).toBe('/');
  await expect(requireStaff()).rejects.toThrow('not found');
});

test('what changes something knows where from its session was begun', async () => {
  const { id } = await startSession(
    db.pool,
    account.userId,
    { userAgent: null, address: '203.0.113.9' },
    new Date(),
  );
  await carryToken({ sessionId: id });
  const { scope } = await requireCustomer('settings.change');
  expect(scope.address).toBe('203.0.113.9');
});

test('staff get a scope, and no customer’s page', async () => {
  await signInAs(staffId);
  expect((await requireStaff()).scope).toMatchObject({ userId: staffId, actor: `staff:${staffId}` });
  expect(await findHome()).toBe('/admin');
  expect(await findStaff()).toEqual(await requireStaff());
  expect(await findCustomer()).toBeNull();
  await expect(requireCustomer()).rejects.toThrow('redirect /admin');
});

test('either is a person, for what is their own', async () => {
  const { person } = await requirePerson();
  expect(person).toMatchObject({ userId: account.userId, accountId: account.id, isHalf: false });
  const sessionId = await signInAs(staffId);
  expect((await requirePerson()).person).toEqual({
    userId: staffId,
    accountId: null,
    sessionId,
    address: null,
    isHalf: false,
  });
  expect(await findHalf()).toBeNull();
  // The second step is over: from the sign-in page they are led where they belong.
  await expect(requireHalf()).rejects.toThrow(/^redirect \/sign-in$/);
});

describe('who still lacks the second factor', () => {
  test.each([
    ['a customer', () => account.userId],
    ['a member of staff', () => staffId],
  ])('%s is let in nowhere, and sent to the second step', async (_, findUserId) => {
    await signInAs(findUserId(), new Date(), true);
    request.headers.set(requestedPathHeader, '/messages?tab=incoming');
    const step = new Error('redirect /sign-in/second-step?to=%2Fmessages%3Ftab%3Dincoming');
    const gates: (() => Promise<unknown>)[] = [requireCustomer, requireStaff, requirePerson];
    for (const gate of gates) {
      await expect(gate(), gate.name).rejects.toThrow(step);
    }
    const finds: (() => Promise<unknown>)[] = [findCustomer, findStaff, findHome];
    for (const find of finds) expect(await find(), find.name).toBeNull();
    expect((await findHalf())?.half).toMatchObject({ userId: findUserId(), isHalf: true });
    expect((await requireHalf()).user.id).toBe(findUserId());
  });

  test('is nobody half an hour later, or once it is ended', async () => {
    await signInAs(account.userId, new Date(Date.now() - 29 * 60_000), true);
    expect(await findHalf()).not.toBeNull();
    await signInAs(account.userId, new Date(Date.now() - 30 * 60_000), true);
    expect(await findHalf()).toBeNull();
    await expect(requireHalf()).rejects.toThrow(ended);
    await signInAs(account.userId, new Date(), true);
    await endOwnSession();
    await expect(requireHalf()).rejects.toThrow(ended);
  });
});

test('nobody is sent to sign in', async () => {
  request.cookies.clear();
  await expect(requireCustomer()).rejects.toThrow(/^redirect \/sign-in$/);
  await expect(requireStaff()).rejects.toThrow(/^redirect \/sign-in$/);
  expect(await findCustomer()).toBeNull();
  expect(await findHome()).toBeNull();
  expect(await findStaff()).toBeNull();
});

test('nobody is sent to sign in, and from there to the page that was asked for', async () => {
  request.cookies.clear();
  request.headers.set(requestedPathHeader, '/messages?tab=incoming');
  const path = '/sign-in?to=%2Fmessages%3Ftab%3Dincoming';
  await expect(requireCustomer()).rejects.toThrow(new Error(`redirect ${path}`));
  request.headers.set(requestedPathHeader, '//evil.example/');
  await expect(requireStaff()).rejects.toThrow(new Error('redirect /sign-in'));
});

test.each([
  ['is made up', 'eyJhbGciOiJub25lIn0.e30.', 'redirect /sign-in'],
  ['is empty', '', 'redirect /sign-in'],
])('a token that %s is nobody’s', async (_, value, where) => {
  request.cookies.set(sessionCookie.name, value);
  await expect(requireCustomer()).rejects.toThrow(new Error(where));
});

test.each([
  ['is of an earlier version', { userId: 1, sessionEpoch: 0 }, 3600],
  ['names no session that there is', { sessionId: '00000000-0000-4000-8000-000000000000' }, 3600],
  ['names no session', { sessionId: "' or true --" }, 3600],
  ['is past its time', { sessionId: '00000000-0000-4000-8000-000000000000' }, -60],
])('a token that %s: the session has ended', async (_, token, maxAge) => {
  await carryToken(token, maxAge);
  await expect(requireCustomer()).rejects.toThrow(ended);
});

test('session and user are read in one statement, and nothing is written each time', async () => {
  const statements = await watchStatements(() => requireCustomer());
  expect(statements).toHaveLength(1);
  expect(statements[0]).toMatch(/^\s*select/);
});

describe('a session', () => {
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  const readSeen = async (id: string) => {
    const { rows } = await db.pool.query<{ seen: Date }>(
      'select last_seen_at as seen from user_session where id = $1',
      [id],
    );
    return rows[0]?.seen.getTime() ?? 0;
  };

  test('is kept alive by being used, and ends unused for twelve hours', async () => {
    const id = await signInAs(account.userId, hoursAgo(11.9));
    expect((await requireCustomer()).user.id).toBe(account.userId);
    expect(await readSeen(id)).toBeGreaterThan(hoursAgo(0.1).getTime());
    await signInAs(account.userId, hoursAgo(12.1));
    await expect(requireCustomer()).rejects.toThrow(ended);
  });

  test('is not kept alive by an event stream, which connects by itself', async () => {
    const id = await signInAs(account.userId, hoursAgo(11));
    const before = await readSeen(id);
    request.headers.set('accept', 'text/event-stream');
    expect(await findCustomer()).not.toBeNull();
    expect(await readSeen(id)).toBe(before);
  });

  test('ends after thirty days, however busy', async () => {
    const id = await signInAs(account.userId, hoursAgo(30 * 24 + 0.1));
    await db.pool.query('update user_session set last_seen_at = now() where id = $1', [id]);
    await expect(requireCustomer()).rejects.toThrow(ended);
    const young = await signInAs(account.userId, hoursAgo(30 * 24 - 0.1));
    await db.pool.query('update user_session set last_seen_at = now() where id = $1', [young]);
    expect((await requireCustomer()).user.id).toBe(account.userId);
  });

  test('ends on the server when one signs out: its token opens nothing more, another browser stays', async () => {
    const token = request.cookies.get(sessionCookie.name) as string;
    await endOwnSession();
    expect(jar.set).toHaveBeenLastCalledWith({
      ...sessionCookie.options,
      name: sessionCookie.name,
      value: '',
      maxAge: 0,
    });
    await expect(requireCustomer()).rejects.toThrow(ended);
    const elsewhere = await signInAs(account.userId);
    expect((await requireCustomer()).session).toEqual({ id: elsewhere, accountId: account.id });
    request.cookies.set(sessionCookie.name, token);
    await expect(requireCustomer()).rejects.toThrow(ended);
  });

  test('signing out ends nobody else’s', async () => {
    const other = await createAccount(db.pool);
    await signInAs(other.userId);
    const othersToken = request.cookies.get(sessionCookie.name) as string;
    await signInAs(account.userId);
    await endOwnSession();
    request.cookies.set(sessionCookie.name, othersToken);
    expect((await requireCustomer()).scope.accountId).toBe(other.id);
  });
});

describe('while signed in, at the next request', () => {
  const changes: [string, () => Promise<unknown>][] = [
    ['the user is suspended', () => setUser(`status = 'SUSPENDED'`)],
    [
      'the account is suspended',
      () => db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]),
    ],
    [
      'every session of the user is ended',
      () => db.pool.query('delete from user_session where user_id = $1', [account.userId]),
    ],
    ['the user is gone', () => db.pool.query('delete from portal_user where id = $1', [account.userId])],
  ];

  test.each(changes)('%s: the session has ended', async (_, change) => {
    expect((await requireCustomer()).scope.accountId).toBe(account.id);
    await change();
    await expect(requireCustomer()).rejects.toThrow(ended);
    expect(await findCustomer()).toBeNull();
    expect(await findHome()).toBeNull();
  });

  test('a session that switches to another account sees that one, as what they are there', async () => {
    const other = await createAccount(db.pool);
    await setMember({ account_id: other.id, role: 'SENDER' });
    await db.pool.query('update user_session set account_id = $1 where user_id = $2', [
      other.id,
      account.userId,
    ]);
    expect(await requireCustomer()).toMatchObject({ scope: { accountId: other.id }, role: 'SENDER' });
  });

  test('whoever is suspended in one account begins in another', async () => {
    const other = await createAccount(db.pool);
    await setMember({ account_id: other.id, role: 'VIEWER' });
    await db.pool.query('update membership set suspended_at = now() where account_id = $1', [account.id]);
    await expect(requireCustomer()).rejects.toThrow(ended);
    await signInAs(account.userId);
    expect((await requireCustomer()).scope.accountId).toBe(other.id);
  });

  test('whoever is taken out of their only account has no session, and then a page that says so', async () => {
    await db.pool.query('delete from membership where user_id = $1', [account.userId]);
    await expect(requireCustomer()).rejects.toThrow(ended);
    await signInAs(account.userId);
    await expect(requireCustomer()).rejects.toThrow(/^redirect \/accounts$/);
    expect(await findCustomer()).toBeNull();
    expect(await findHome()).toBe('/accounts');
    await expect(requireStaff()).rejects.toThrow('not found');
    expect(await requirePerson()).toMatchObject({
      account: null,
      isStaff: false,
      person: { accountId: null },
    });
  });

  test('a customer who becomes staff is no customer any more', async () => {
    await setUser(`role = 'STAFF', staff_role = 'SUPPORT'`);
    await expect(requireCustomer()).rejects.toThrow('redirect /admin');
    expect((await requireStaff()).scope.userId).toBe(account.userId);
  });
});

describe('a role', () => {
  test.each(Object.entries(permissions) as [CustomerPermission, readonly MemberRole[]][])(
    '%s is for those whom the table names, at once when the role changes',
    async (may, roles) => {
      for (const role of ['OWNER', 'ADMINISTRATOR', 'SENDER', 'VIEWER'] as const) {
        await setMember({ account_id: account.id, role });
        if (roles.includes(role)) {
          expect(await requireCustomer(may), role).toMatchObject({ role, scope: { accountId: account.id } });
          expect(await findCustomer(may), role).not.toBeNull();
        } else {
          await expect(requireCustomer(may), role).rejects.toThrow(ForbiddenError);
          await expect(findCustomer(may), role).rejects.toThrow(ForbiddenError);
        }
      }
    },
  );

  test.each(Object.entries(staffPermissions) as [StaffPermission, readonly StaffRole[]][])(
    '%s is for those of the staff whom the table names',
    async (may, roles) => {
      const id = await createUser(db.pool, { accountId: null, staffRole: 'SUPPORT' });
      await signInAs(id);
      if (roles.includes('SUPPORT')) expect(await requireStaff(may)).toMatchObject({ role: 'SUPPORT' });
      else await expect(requireStaff(may)).rejects.toThrow(ForbiddenError);
      await db.pool.query(`update portal_user set staff_role = 'ADMINISTRATOR' where id = $1`, [id]);
      expect(await findStaff(may)).toMatchObject({ role: 'ADMINISTRATOR', scope: { userId: id } });
    },
  );

  test('of staff and of an account: everything has somebody who may, and looking is for all', () => {
    for (const [may, roles] of Object.entries(permissions)) expect(roles, may).toContain('OWNER');
    for (const [may, roles] of Object.entries(staffPermissions))
      expect(roles, may).toContain('ADMINISTRATOR');
    expect(listPermissions('VIEWER')).toEqual(['account.read']);
    expect(listStaffPermissions('SUPPORT')).toEqual(['staff.read']);
    expect(listPermissions('OWNER')).toEqual(Object.keys(permissions));
  });
});

function setMember({ account_id, role }: { account_id: number; role: MemberRole }): Promise<unknown> {
  return db.pool.query(
    `insert into membership (account_id, user_id, role) values ($1, $2, $3)
     on conflict (account_id, user_id) do update set role = excluded.role`,
    [account_id, account.userId, role],
  );
}

function setUser(change: string): Promise<unknown> {
  return db.pool.query(`update portal_user set ${change} where id = $1`, [account.userId]);
}
