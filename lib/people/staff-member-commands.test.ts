import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mintStaffReadScope, mintStaffScope } from '@/lib/auth/scope';
import { findLiveSession, startSession } from '@/lib/auth/sessions';
import { checkSignIn } from '@/lib/auth/sign-in';
import type { StaffRole } from '@/lib/db/generated/enums';
import { createAccount, createUser } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects, readToken } from '@/testing/people';
import { setUpApp, signInAs } from '@/testing/second-factors';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { choosePassword } from './recovery';
import * as commands from './staff-member-commands';
import { listStaff } from './staff-member-queries';

let db: TestDatabase;
let adminId: number;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.pool.query(`delete from portal_user where role = 'STAFF'`);
  adminId = await add('ADMINISTRATOR');
});
afterAll(() => db.close());

const add = (staffRole: StaffRole) => createUser(db.pool, { accountId: null, staffRole });
const addApp = async (userId: number) => {
  const now = new Date();
  await setUpApp(db.pool, await signInAs(db.pool, { userId, accountId: null }, now), now);
};
const as = (userId: number) => mintStaffScope(userId);
const reasonOf = (result: { ok: boolean; reason?: string }) => (result.ok ? 'ok' : result.reason);
const readRoles = async () =>
  Object.fromEntries(
    (await listStaff(db.pool, mintStaffReadScope(adminId))).map(({ userId, role, isSuspended }) => [
      userId,
      isSuspended ? 'SUSPENDED' : role,
    ]),
  );
const readActions = async () =>
  (
    await db.pool.query<{ action: string; target: string; details: object }>(
      `select action, target, details from audit_entry where user_id = $1 order by id`,
      [adminId],
    )
  ).rows;
const soon = () => new Date(Date.now() + 60_000);
const from = { address: null, deviceId: null };
const newcomer = {
  name: 'Naledi Khumalo',
  email: 'naledi@provider.example',
  username: 'naledi.k',
  role: 'SUPPORT',
} as const;

test('somebody new gets a link, chooses a password, and is led to a second factor', async () => {
  const mail = new MemoryMail();
  expect(await commands.addStaffMember(db.pool, as(adminId), newcomer)).toEqual({ ok: true });
  const found = (await listStaff(db.pool, mintStaffReadScope(adminId))).find(
    ({ username }) => username === newcomer.username,
  );
  expect(found).toMatchObject({ role: 'SUPPORT', isSuspended: false, lastSignInAt: null });
  expect(await readActions()).toEqual([
    {
      action: 'staff.add',
      target: 'naledi.k, Naledi Khumalo',
      details: { email: newcomer.email, role: 'SUPPORT' },
    },
  ]);
  // a second press, and somebody else under the same address
  expect(await commands.addStaffMember(db.pool, as(adminId), newcomer)).toMatchObject({
    fields: { username: '“naledi.k” is taken. Choose another username.' },
  });
  expect(
    await commands.addStaffMember(db.pool, as(adminId), {
      ...newcomer,
      username: 'other',
      email: 'Naledi@Provider.example',
    }),
  ).toMatchObject({ fields: { email: 'Naledi Khumalo has this address and is of the staff already.' } });

  await runDueJobs(db.pool, soon(), mail);
  const first = readToken(mail, newcomer.email);
  expect(
    await commands.changeStaffMember(db.pool, as(adminId), found?.userId as number, 'send-link'),
  ).toEqual({ ok: true });
  await runDueJobs(db.pool, soon(), mail);
  const password = 'proteas and tulips';
  expect(reasonOf(await choosePassword(db.pool, { token: first, password }, { address: null }))).not.toBe(
    'ok',
  );
  const token = readToken(mail, newcomer.email);
  expect(await choosePassword(db.pool, { token, password }, { address: null })).toEqual({ ok: true });
  const credentials = { username: newcomer.username, password };
  expect(await checkSignIn(db.pool, credentials, from, new Date(), true)).toMatchObject({
    ok: true,
    lacksSecondFactor: true,
  });
  // as in the demo
  expect(await checkSignIn(db.pool, credentials, from, new Date(), false)).toMatchObject({
    ok: true,
    lacksSecondFactor: false,
  });
  expect(
    reasonOf(await commands.changeStaffMember(db.pool, as(adminId), found?.userId as number, 'send-link')),
  ).toBe('no-need');
});

test('a role counts at once; the last administrator keeps theirs, whoever else is suspended', async () => {
  const other = await add('SUPPORT');
  const barred = await add('ADMINISTRATOR');
  expect(await commands.changeStaffMember(db.pool, as(adminId), barred, 'suspend')).toEqual({ ok: true });
  const step = (userId: number, role: StaffRole, by = adminId) =>
    commands
      .changeStaffMember(db.pool, as(by), userId, role === 'SUPPORT' ? 'make-support' : 'make-administrator')
      .then(reasonOf);
  expect(await step(adminId, 'SUPPORT')).toBe('last-administrator');
  // with the scope of a moment ago: support, and whoever is suspended, decide nothing
  expect(await step(adminId, 'SUPPORT', other)).toBe('forbidden');
  expect(await step(other, 'ADMINISTRATOR', barred)).toBe('forbidden');
  expect(await step(other, 'ADMINISTRATOR')).toBe('ok');
  expect(await step(adminId, 'SUPPORT')).toBe('ok');
  expect(await step(other, 'SUPPORT')).toBe('forbidden');
  expect(await step(other, 'SUPPORT', other)).toBe('last-administrator');
  expect(await readRoles()).toEqual({
    [adminId]: 'SUPPORT',
    [other]: 'ADMINISTRATOR',
    [barred]: 'SUSPENDED',
  });
});

test.each(['remove', 'suspend'] as const)(
  'of two administrators who %s each other at once one is left',
  async (change) => {
    const other = await add('ADMINISTRATOR');
    const results = await Promise.all([
      commands.changeStaffMember(db.pool, as(adminId), other, change),
      commands.changeStaffMember(db.pool, as(other), adminId, change),
    ]);
    expect(results.map(reasonOf).sort()).toEqual(['forbidden', 'ok']);
    const roles = Object.values(await readRoles());
    expect(roles.filter((role) => role === 'ADMINISTRATOR')).toHaveLength(1);
  },
);

test('whoever is suspended or removed is out at once, and nobody does it to themselves', async () => {
  const other = await add('SUPPORT');
  const start = async (userId: number) =>
    (await startSession(db.pool, userId, { userAgent: null, address: null }, new Date())).id;
  const isLive = async (id: string) => (await findLiveSession(db.pool, id, new Date())) !== null;
  let session = await start(other);
  expect(await isLive(session)).toBe(true);
  await commands.changeStaffMember(db.pool, as(adminId), other, 'suspend');
  expect(await isLive(session)).toBe(false);
  await commands.changeStaffMember(db.pool, as(adminId), other, 'reinstate');
  session = await start(other);
  await commands.changeStaffMember(db.pool, as(adminId), other, 'remove');
  expect(await isLive(session)).toBe(false);
  expect(await readRoles()).toEqual({ [adminId]: 'ADMINISTRATOR' });
  for (const command of [
    commands.changeStaffMember(db.pool, as(adminId), other, 'make-administrator'),
    commands.changeStaffMember(db.pool, as(adminId), other, 'reinstate'),
    commands.changeStaffMember(db.pool, as(adminId), other, 'send-link'),
    commands.changeStaffMember(db.pool, as(adminId), other, 'remove'),
  ]) {
    expect(reasonOf(await command)).toBe('not-there');
  }
  await add('ADMINISTRATOR');
  for (const change of ['suspend', 'remove'] as const) {
    expect(reasonOf(await commands.changeStaffMember(db.pool, as(adminId), adminId, change))).toBe(
      'own-self',
    );
  }
  expect((await readActions()).map(({ action }) => action)).toEqual([
    'staff.suspend',
    'staff.reinstate',
    'staff.remove',
  ]);
});

test('of who was removed the name stays, and username, address and number are free', async () => {
  const mail = new MemoryMail();
  const again = { ...newcomer, email: 'again@provider.example', username: 'again' };
  const { email, username } = again;
  const gone = await createUser(db.pool, {
    ...{ username, email, name: 'Naledi Khumalo', msisdn: '27821110000' },
    ...{ accountId: null, staffRole: 'SUPPORT' },
  });
  await addApp(gone);
  await commands.changeStaffMember(db.pool, as(adminId), gone, 'remove');
  const { rows } = await db.pool.query(
    `select name, email, own_msisdn, status, password_hash = 'no password' as same,
       (select count(*)::int from authenticator_app where user_id = portal_user.id) as apps
     from portal_user where id = $1`,
    [gone],
  );
  expect(rows).toEqual([
    { name: 'Naledi Khumalo', email: '', own_msisdn: null, status: 'SUSPENDED', same: false, apps: 0 },
  ]);
  expect(await commands.addStaffMember(db.pool, as(adminId), again)).toEqual({ ok: true });
  await runDueJobs(db.pool, soon(), mail);
  expect(listSubjects(mail, email)).toEqual([
    'Your part in the provider’s staff has changed',
    'You are of the provider’s staff in the Client Zone',
  ]);
  await expect(
    db.pool.query(`update portal_user set status = 'ACTIVE' where id = $1`, [gone]),
  ).rejects.toThrow(/portal_user_left_staff_check/);
});

test('a lost second factor of staff is taken away with a reason; customers are none of the staff', async () => {
  const other = await add('SUPPORT');
  const reset = (userId: number) =>
    commands
      .resetStaffFactor(db.pool, as(adminId), { userId, reason: 'Lost phone, known by voice' })
      .then(reasonOf);
  expect(await reset(other)).toBe('none');
  await addApp(other);
  expect(await reset(other)).toBe('ok');
  expect(await reset(adminId)).toBe('own-self');
  expect(await readActions()).toMatchObject([
    { action: 'staff.reset-factor', details: { reason: 'Lost phone, known by voice' } },
  ]);
  const customer = (await createAccount(db.pool)).userId;
  for (const change of ['suspend', 'remove'] as const) {
    expect(reasonOf(await commands.changeStaffMember(db.pool, as(adminId), customer, change))).toBe(
      'not-there',
    );
  }
  expect(await reset(customer)).toBe('not-there');
});

test('the first administrator is added where none can sign in, with a link, once', async () => {
  const first = { name: 'Lindiwe Dube', email: 'lindiwe@provider.example', username: 'lindiwe.first' };
  expect(reasonOf(await commands.addFirstAdministrator(db.pool, first))).toBe('not-first');
  await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [adminId]);
  await add('SUPPORT');
  // at the same moment too
  const results = await Promise.all([
    commands.addFirstAdministrator(db.pool, first),
    commands.addFirstAdministrator(db.pool, { ...first, username: 'lindiwe.second' }),
  ]);
  expect(results.map(reasonOf).sort()).toEqual(['not-first', 'ok']);
  const [added] = results.filter((result) => result.ok);
  const token = added?.ok ? (/token=(.*)$/.exec(added.path)?.[1] ?? '') : '';
  expect(await choosePassword(db.pool, { token, password: 'proteas and tulips' }, { address: null })).toEqual(
    {
      ok: true,
    },
  );
  const { rows } = await db.pool.query(
    `select user_id, action from audit_entry where target like 'lindiwe.%' order by id`,
  );
  expect(rows).toEqual([{ user_id: 0, action: 'staff.add' }]);
});
