import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { createAccount, type TestAccount } from '@/lib/testing/factories';

// Only what Next.js and next-auth do is stood in for: whose token it is, and where one is sent. Who that is, and what
// they may, comes from the database.
const token = vi.hoisted(() => ({ current: null as { userId: number; sessionEpoch: number } | null }));
vi.mock('next-auth', () => ({ getServerSession: async () => token.current }));
vi.mock('next/headers', () => ({ cookies: async () => ({ delete: () => undefined }) }));
vi.mock('next/navigation', () => ({
  redirect: (path: string) => {
    throw new Error(`redirect ${path}`);
  },
  notFound: () => {
    throw new Error('not found');
  },
}));

const { findCustomer, findHome, requireCustomer, requireStaff } = await import('./gates');

let db: TestDatabase;
let account: TestAccount;
let staffId: number;

beforeAll(async () => {
  db = await createTestDatabase();
  (globalThis as { clientZoneDatabase?: TestDatabase }).clientZoneDatabase = db;
  const { rows } = await db.pool.query<{ id: number }>(
    `insert into portal_user (username, email, name, password_hash, role)
     values ('staff', 'staff@example.com', 'Staff', 'none', 'STAFF') returning id`,
  );
  staffId = rows[0]?.id as number;
});
beforeEach(async () => {
  account = await createAccount(db.pool);
  token.current = { userId: account.userId, sessionEpoch: 0 };
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

test('staff get a scope, and no customer’s page', async () => {
  token.current = { userId: staffId, sessionEpoch: 0 };
  expect((await requireStaff()).scope).toMatchObject({ userId: staffId, actor: `staff:${staffId}` });
  expect(await findHome()).toBe('/admin');
  expect(await findCustomer()).toBeNull();
  await expect(requireCustomer()).rejects.toThrow('redirect /admin');
});

test('nobody is sent to sign in', async () => {
  token.current = null;
  await expect(requireCustomer()).rejects.toThrow(/^redirect \/sign-in$/);
  await expect(requireStaff()).rejects.toThrow(/^redirect \/sign-in$/);
  expect(await findCustomer()).toBeNull();
  expect(await findHome()).toBeNull();
});

describe('while signed in, at the next request', () => {
  const changes: [string, () => Promise<unknown>][] = [
    ['the user is suspended', () => setUser(`status = 'SUSPENDED'`)],
    [
      'the account is suspended',
      () => db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]),
    ],
    ['every session of the user is ended', () => setUser('session_epoch = session_epoch + 1')],
    ['the user is gone', () => db.pool.query('delete from portal_user where id = $1', [account.userId])],
  ];

  test.each(changes)('%s: the session has ended', async (_, change) => {
    expect((await requireCustomer()).scope.accountId).toBe(account.id);
    await change();
    await expect(requireCustomer()).rejects.toThrow(ended);
    expect(await findCustomer()).toBeNull();
    expect(await findHome()).toBeNull();
  });

  test('a customer who moves to another account sees that one', async () => {
    const other = await createAccount(db.pool);
    await setUser(`account_id = ${other.id}`);
    expect((await requireCustomer()).scope.accountId).toBe(other.id);
  });

  test('a customer who becomes staff is no customer any more', async () => {
    await setUser(`role = 'STAFF', account_id = null`);
    await expect(requireCustomer()).rejects.toThrow('redirect /admin');
    expect((await requireStaff()).scope.userId).toBe(account.userId);
  });
});

function setUser(change: string): Promise<unknown> {
  return db.pool.query(`update portal_user set ${change} where id = $1`, [account.userId]);
}
