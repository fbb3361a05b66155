import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mintAccountScope, mintPersonScope, type AccountScope } from '@/lib/auth/scope';
import { findLiveSession, startSession } from '@/lib/auth/sessions';
import type { MemberRole } from '@/lib/db/generated/enums';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects, readToken } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  acceptAsNew,
  acceptAsSelf,
  invite,
  newcomerForm,
  readInvitation,
  resendInvitation,
  withdrawInvitation,
} from './invitation-commands';
import {
  changeRole,
  handOver,
  leaveAccount,
  reinstateMember,
  removeMember,
  suspendMember,
  switchAccount,
} from './member-commands';
import { listInvitations, listMembers, listOwnAccounts } from './member-queries';

let db: TestDatabase;
let mail: MemoryMail;
let account: TestAccount;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  mail = new MemoryMail();
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const visit = { address: '203.0.113.9' };
const now = new Date();
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const reasonOf = (result: { ok: boolean; reason?: string }) => (result.ok ? 'ok' : result.reason);

async function add(role: MemberRole): Promise<{ userId: number; scope: AccountScope; email: string }> {
  const userId = await createUser(db.pool, { accountId: account.id, role });
  const { rows } = await db.pool.query<{ email: string }>('select email from portal_user where id = $1', [
    userId,
  ]);
  return { userId, scope: mintAccountScope(account.id, { userId }), email: rows[0]?.email as string };
}
const readRoles = async () =>
  Object.fromEntries((await listMembers(db.pool, account.scope)).map(({ userId, role }) => [userId, role]));
const start = async (userId: number) => {
  const session = await startSession(db.pool, userId, { userAgent: null, address: null }, now);
  return mintPersonScope({ userId, accountId: session.accountId, sessionId: session.id, address: null });
};
const readKinds = async (accountId = account.id) =>
  (
    await db.pool.query<{ kind: string }>('select kind from activity where account_id = $1 order by id', [
      accountId,
    ])
  ).rows.map(({ kind }) => kind);

describe('the last owner', () => {
  test('stays: not removed, suspended or made something else, by nobody', async () => {
    const { userId, scope } = account;
    const last = async (result: Promise<{ ok: boolean; reason?: string }>) => reasonOf(await result);
    expect(await last(removeMember(db.pool, scope, userId, visit))).toBe('last-owner');
    expect(await last(changeRole(db.pool, scope, { userId, role: 'VIEWER' }, visit))).toBe('last-owner');
    expect(await last(suspendMember(db.pool, scope, userId, visit))).toBe('own-self');
    // One who cannot sign in does not count.
    const other = await add('OWNER');
    expect(reasonOf(await suspendMember(db.pool, scope, other.userId, visit))).toBe('ok');
    expect(await last(removeMember(db.pool, scope, userId, visit))).toBe('last-owner');
    expect(reasonOf(await reinstateMember(db.pool, scope, other.userId, visit))).toBe('ok');
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [other.userId]);
    expect(await last(removeMember(db.pool, scope, userId, visit))).toBe('last-owner');
  });

  test.each([
    ['remove', removeMember],
    ['suspend', suspendMember],
  ] as const)('stays when two owners %s each other at the same moment', async (_, change) => {
    // Each pair anew: one that got through would leave nobody.
    for (let round = 0; round < 5; round += 1) {
      account = await createAccount(db.pool);
      const other = await add('OWNER');
      const results = await Promise.all([
        change(db.pool, account.scope, other.userId, visit),
        change(db.pool, other.scope, account.userId, visit),
      ]);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(results.map(reasonOf).sort()).toEqual(['forbidden', 'ok']);
      const { rows } = await db.pool.query(
        `select from membership where account_id = $1 and role = 'OWNER' and suspended_at is null`,
        [account.id],
      );
      expect(rows).toHaveLength(1);
    }
  });

  test('stays when two owners step down at the same moment', async () => {
    const other = await add('OWNER');
    const results = await Promise.all([
      removeMember(db.pool, account.scope, account.userId, visit),
      removeMember(db.pool, other.scope, other.userId, visit),
    ]);
    expect(results.map(reasonOf).sort()).toEqual(['last-owner', 'ok']);
  });

  test('stays when two owners leave at the same moment, and when one leaves as the other is removed', async () => {
    const count = async () =>
      (await listMembers(db.pool, account.scope)).filter(({ role }) => role === 'OWNER').length;
    let other = await add('OWNER');
    const [own, theirs] = [await start(account.userId), await start(other.userId)];
    const results = await Promise.all([
      leaveAccount(db.pool, own, account.id),
      leaveAccount(db.pool, theirs, account.id),
    ]);
    expect(results.map(reasonOf).sort()).toEqual(['last-owner', 'ok']);
    expect(await count()).toBe(1);

    account = await createAccount(db.pool);
    other = await add('OWNER');
    await Promise.all([
      leaveAccount(db.pool, await start(account.userId), account.id),
      removeMember(db.pool, account.scope, other.userId, visit),
    ]);
    expect(await count()).toBe(1);
  });

  test('hands the account over', async () => {
    const other = await add('VIEWER');
    expect(await handOver(db.pool, account.scope, other.userId, visit)).toEqual({ ok: true });
    expect(await readRoles()).toEqual({ [account.userId]: 'ADMINISTRATOR', [other.userId]: 'OWNER' });
    expect(await readKinds()).toEqual(['people.hand-over']);
    // Once: the second press is of an administrator.
    expect(reasonOf(await handOver(db.pool, account.scope, other.userId, visit))).toBe('owners-only');
  });
});

test.each(['VIEWER', 'SENDER', 'ADMINISTRATOR'] as const)(
  'somebody leaves an account as %s; the owners are told, and other accounts stay',
  async (role) => {
    const { userId, email } = await add(role);
    const elsewhere = await createAccount(db.pool);
    await db.pool.query(`insert into membership (account_id, user_id, role) select $1, $2, 'VIEWER'`, [
      elsewhere.id,
      userId,
    ]);
    const [here, there] = [await start(userId), await start(userId)];
    await db.pool.query('update user_session set account_id = $1 where id = $2', [
      account.id,
      here.sessionId,
    ]);
    await db.pool.query('update user_session set account_id = $1 where id = $2', [
      elsewhere.id,
      there.sessionId,
    ]);
    // An account that one is not in; a second press.
    expect(await leaveAccount(db.pool, here, (await createAccount(db.pool)).id)).toEqual({ ok: true });
    expect(await leaveAccount(db.pool, here, account.id)).toEqual({ ok: true });
    expect(await leaveAccount(db.pool, here, account.id)).toEqual({ ok: true });
    expect(Object.keys(await readRoles())).toEqual([String(account.userId)]);
    expect(await findLiveSession(db.pool, here.sessionId, now)).toBeNull();
    expect(await findLiveSession(db.pool, there.sessionId, now)).not.toBeNull();
    expect(await readKinds()).toEqual(['people.leave']);
    await runDueJobs(db.pool, days(1), mail);
    const owner = await db.pool.query<{ email: string }>('select email from portal_user where id = $1', [
      account.userId,
    ]);
    expect(listSubjects(mail, owner.rows[0]?.email as string)).toHaveLength(1);
    expect(listSubjects(mail, email)).toEqual([]);
  },
);

describe('an administrator', () => {
  test('decides about everybody but owners', async () => {
    const { scope, userId } = await add('ADMINISTRATOR');
    const viewer = await add('VIEWER');
    expect(await changeRole(db.pool, scope, { userId: viewer.userId, role: 'SENDER' }, visit)).toEqual({
      ok: true,
    });
    const refused = [
      await changeRole(db.pool, scope, { userId: viewer.userId, role: 'OWNER' }, visit),
      await changeRole(db.pool, scope, { userId, role: 'OWNER' }, visit),
      await changeRole(db.pool, scope, { userId: account.userId, role: 'VIEWER' }, visit),
      await removeMember(db.pool, scope, account.userId, visit),
      await suspendMember(db.pool, scope, account.userId, visit),
      await handOver(db.pool, scope, viewer.userId, visit),
      await invite(db.pool, scope, { email: 'a@florist.example', role: 'OWNER' }, visit),
    ];
    expect(refused.map(reasonOf)).toEqual(refused.map(() => 'owners-only'));
    expect(await readKinds()).toEqual(['people.change-role']);
  });

  test('whose role is taken while they are at work does nothing more', async () => {
    const { scope, userId } = await add('ADMINISTRATOR');
    const viewer = await add('VIEWER');
    await changeRole(db.pool, account.scope, { userId, role: 'VIEWER' }, visit);
    expect(reasonOf(await removeMember(db.pool, scope, viewer.userId, visit))).toBe('forbidden');
    expect(
      reasonOf(await invite(db.pool, scope, { email: 'b@florist.example', role: 'VIEWER' }, visit)),
    ).toBe('forbidden');
  });

  test('reaches nobody of another account', async () => {
    const other = await createAccount(db.pool);
    expect(reasonOf(await removeMember(db.pool, account.scope, other.userId, visit))).toBe('not-in');
    const role = { userId: other.userId, role: 'VIEWER' } as const;
    expect(reasonOf(await changeRole(db.pool, account.scope, role, visit))).toBe('not-in');
    expect((await listMembers(db.pool, account.scope)).map(({ userId }) => userId)).toEqual([account.userId]);
    await invite(db.pool, other.scope, { email: 'c@florist.example', role: 'VIEWER' }, visit);
    expect(await listInvitations(db.pool, account.scope)).toEqual([]);
    const [theirs] = await listInvitations(db.pool, other.scope);
    expect(reasonOf(await withdrawInvitation(db.pool, account.scope, theirs?.id ?? '0', visit))).toBe(
      'not-there',
    );
  });
});

test('whoever is removed or suspended is out at once, there alone, and is told', async () => {
  const person = await add('SENDER');
  const elsewhere = await createAccount(db.pool);
  await db.pool.query(`insert into membership (account_id, user_id, role) values ($1, $2, 'VIEWER')`, [
    elsewhere.id,
    person.userId,
  ]);
  const [here, there] = [await start(person.userId), await start(person.userId)];
  expect(here.accountId).toBe(account.id);
  expect(await switchAccount(db.pool, there, elsewhere.id, now)).toEqual({ ok: true });
  const isLive = async ({ sessionId }: typeof here) =>
    (await findLiveSession(db.pool, sessionId, now))?.account?.id ?? null;
  expect([await isLive(here), await isLive(there)]).toEqual([account.id, elsewhere.id]);

  expect(await suspendMember(db.pool, account.scope, person.userId, visit)).toEqual({ ok: true });
  expect([await isLive(here), await isLive(there)]).toEqual([null, elsewhere.id]);
  expect((await listOwnAccounts(db.pool, person.userId)).map(({ id }) => id)).toEqual([elsewhere.id]);
  expect(reasonOf(await switchAccount(db.pool, there, account.id, now))).toBe('not-in');

  await reinstateMember(db.pool, account.scope, person.userId, visit);
  expect(await switchAccount(db.pool, there, account.id, now)).toEqual({ ok: true });
  expect(await removeMember(db.pool, account.scope, person.userId, visit)).toEqual({ ok: true });
  expect(await isLive(there)).toBeNull();
  await runDueJobs(db.pool, new Date(Date.now() + 60_000), mail);
  expect(listSubjects(mail, person.email)).toHaveLength(3);
});

test('nobody switches to an account that asks for a second factor which they lack', async () => {
  const other = await createAccount(db.pool);
  const self = await start(account.userId);
  await db.pool.query(`insert into membership (account_id, user_id, role) values ($1, $2, 'VIEWER')`, [
    other.id,
    account.userId,
  ]);
  await db.pool.query('update account set requires_second_factor = true where id = $1', [other.id]);
  expect(reasonOf(await switchAccount(db.pool, self, other.id, now))).toBe('factor');
  expect(reasonOf(await switchAccount(db.pool, self, 999_999, now))).toBe('not-in');
});

describe('an invitation', () => {
  let serial = 0;
  async function inviteOne(role: MemberRole = 'SENDER', email?: string) {
    const to = email ?? `guest-${account.id}-${(serial += 1)}@florist.example`;
    expect(await invite(db.pool, account.scope, { email: to, role }, visit, now)).toEqual({ ok: true });
    return { email: to, token: await readLastToken(to) };
  }
  async function readLastToken(email: string): Promise<string> {
    await runDueJobs(db.pool, new Date(Date.now() + 60_000), mail);
    return readToken(mail, email);
  }
  const compose = (token: string, change: object = {}) => {
    const username = `guest-${account.id}-${(serial += 1)}`;
    const typed = { token, name: 'Guest', username, password: 'proteas and tulips', ...change };
    return newcomerForm.parse(typed);
  };

  test('makes a user of somebody new, once', async () => {
    const { email, token } = await inviteOne('VIEWER');
    expect(await readInvitation(db.pool, token, now)).toMatchObject({
      ok: true,
      accountName: account.name,
      role: 'VIEWER',
      email,
      hasUser: false,
    });
    const taken = compose(token, { username: account.username });
    expect(await acceptAsNew(db.pool, taken, visit, now)).toMatchObject({ fields: { username: /taken/ } });
    const weak = compose(token, { password: 'password123' });
    expect(await acceptAsNew(db.pool, weak, visit, now)).toMatchObject({ fields: { password: /./ } });
    // Of two presses at the same moment one gets in.
    const presses = await Promise.all([
      acceptAsNew(db.pool, compose(token), visit, now),
      acceptAsNew(db.pool, compose(token), visit, now),
    ]);
    expect(presses.map(reasonOf).sort()).toEqual(['ok', 'used']);
    const joined = presses.find(({ ok }) => ok) as { userId: number };
    expect(await readRoles()).toEqual({ [account.userId]: 'OWNER', [joined.userId]: 'VIEWER' });
    expect(await listInvitations(db.pool, account.scope)).toEqual([]);
    expect(await readKinds()).toEqual(['people.invite', 'people.join']);
    expect(reasonOf(await acceptAsNew(db.pool, compose(token), visit, now))).toBe('used');
    expect(reasonOf(await readInvitation(db.pool, token, now))).toBe('used');
  });

  test('is for seven days; sent again, the newer link counts, and withdrawn none', async () => {
    const { email, token } = await inviteOne();
    expect(reasonOf(await readInvitation(db.pool, token, days(7)))).toBe('expired');
    expect(await listInvitations(db.pool, account.scope, days(7))).toMatchObject([{ isExpired: true }]);
    const [open] = await listInvitations(db.pool, account.scope);
    const id = open?.id ?? '0';
    expect(await resendInvitation(db.pool, account.scope, id, visit, days(7))).toEqual({ ok: true });
    const newer = await readLastToken(email);
    expect(newer).not.toBe(token);
    expect(reasonOf(await readInvitation(db.pool, token, days(8)))).toBe('replaced');
    expect(reasonOf(await acceptAsNew(db.pool, compose(token), visit, days(8)))).toBe('replaced');
    // Inviting the same address, whatever its case, is sending it again, with the role of now.
    await invite(db.pool, account.scope, { email: email.toUpperCase(), role: 'VIEWER' }, visit, days(8));
    expect(reasonOf(await readInvitation(db.pool, newer, days(9)))).toBe('replaced');
    expect(await listInvitations(db.pool, account.scope)).toMatchObject([{ id, role: 'VIEWER' }]);
    expect(await withdrawInvitation(db.pool, account.scope, id, visit, days(8))).toEqual({ ok: true });
    expect(reasonOf(await withdrawInvitation(db.pool, account.scope, id, visit, days(8)))).toBe('not-there');
    const last = await readLastToken(email.toUpperCase());
    expect(reasonOf(await acceptAsNew(db.pool, compose(last), visit, days(9)))).toBe('replaced');
    expect(await listInvitations(db.pool, account.scope)).toEqual([]);
  });

  test('to somebody who is already in is refused, at the form and at the link', async () => {
    const person = await add('SENDER');
    const again = await invite(db.pool, account.scope, { email: person.email, role: 'VIEWER' }, visit, now);
    expect(again).toMatchObject({ fields: { email: /is in the account already/ } });
    const { token } = await inviteOne('VIEWER', 'new-address@florist.example');
    await db.pool.query('update portal_user set email = $1 where id = $2', [
      'new-address@florist.example',
      person.userId,
    ]);
    expect(reasonOf(await acceptAsSelf(db.pool, await start(person.userId), token, now))).toBe('already');
    expect((await readRoles())[person.userId]).toBe('SENDER');
  });

  test('to somebody of another account joins them, with their own address alone', async () => {
    const other = await createAccount(db.pool);
    const { rows } = await db.pool.query<{ email: string }>('select email from portal_user where id = $1', [
      other.userId,
    ]);
    const email = rows[0]?.email as string;
    const { token } = await inviteOne('ADMINISTRATOR', email.toUpperCase());
    expect(await readInvitation(db.pool, token, now)).toMatchObject({ hasUser: true });
    expect(reasonOf(await acceptAsNew(db.pool, compose(token), visit, now))).toBe('already');
    const stranger = await createAccount(db.pool);
    expect(reasonOf(await acceptAsSelf(db.pool, await start(stranger.userId), token, now))).toBe(
      'other-address',
    );
    const self = await start(other.userId);
    expect(await acceptAsSelf(db.pool, self, token, now)).toEqual({ ok: true });
    const live = await findLiveSession(db.pool, self.sessionId, now);
    expect(live?.account).toMatchObject({ id: account.id, role: 'ADMINISTRATOR' });
    expect((await listOwnAccounts(db.pool, other.userId)).map(({ id }) => id).sort()).toEqual(
      [account.id, other.id].sort(),
    );
    expect(reasonOf(await acceptAsSelf(db.pool, self, token, now))).toBe('used');
  });

  test('from a company named like a formula says its name and nothing else', async () => {
    const name = '=HYPERLINK("https://evil.example","Click <b>here</b>")';
    await db.pool.query('update account set name = $1 where id = $2', [name, account.id]);
    const { email } = await inviteOne();
    const sent = mail.taken.filter(({ to }) => to === email).at(-1);
    expect(sent?.html).not.toContain('<b>here</b>');
    expect(sent?.text).toContain(name);
  });
});
