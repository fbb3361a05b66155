import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { addUsers } from '@/lib/accounts/open-accounts';
import { recordAudit, recordSystemAudit } from '@/lib/audit/commands';
import type { AuditAction } from '@/lib/audit/schema';
import { endSessionsOf } from '@/lib/auth/end-sessions';
import { staffRoles } from '@/lib/auth/labels';
import { hashPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import type { StaffRole } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { env, needsStaffSecondFactor } from '@/lib/env';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { endSecrets, issueSecret } from '@/lib/secrets/commands';
import { composeLinkPath } from '@/lib/secrets/derive';
import { findByEmail, findByUsername, lockPeople } from './find-people';
import { subjectOfUser } from './recovery';
import { refuseField } from './registration';
import type { StaffChange } from './schema';

type Result = { ok: true } | Refusal;

export interface NewStaffMember {
  name: string;
  email: string;
  /** Normalised. */
  username: string;
  role: StaffRole;
}

const hold = statement({
  name: 'hold-staff',
  sql: () => `select from portal_user where role = 'STAFF' order by id for no key update`,
});
const list = statement({
  name: 'list-held-staff',
  columns: columnsOf('User', 'id', 'name', 'username', 'email', 'staffRole', 'status', 'lastSignInAt'),
  sql: () => `
    select id, name, username, email, staff_role as "staffRole", status, last_sign_in_at as "lastSignInAt"
    from portal_user where role = 'STAFF' and left_staff_at is null order by id`,
});
type HeldStaff = Awaited<ReturnType<typeof list.all>>[number];

/**
 * Holds who is of the staff until the transaction ends, and looks again whether whoever acts still may. Of
 * two changes at once the second sees the first: otherwise two administrators could take each other out, and
 * nobody would be left to let anybody in.
 */
async function holdStaff(client: PoolClient, { userId }: StaffScope): Promise<HeldStaff[] | Refusal> {
  await hold.run(client, {});
  // In a statement of its own: what waits for a lock reads what was there before it waited.
  const staff = await list.all(client, {});
  if (staff.some((one) => one.id === userId && isAdministrator(one))) return staff;
  return {
    ok: false,
    reason: 'forbidden',
    message: 'Your own role was changed meanwhile, and does not allow this any more.',
  };
}

function isAdministrator({ staffRole, status }: HeldStaff): boolean {
  return staffRole === 'ADMINISTRATOR' && status === 'ACTIVE';
}

/** There is always an administrator who can sign in. Null: there is another one than this. */
function refuseLast(staff: readonly HeldStaff[], { id }: HeldStaff): Refusal | null {
  if (staff.some((other) => other.id !== id && isAdministrator(other))) return null;
  return {
    ok: false,
    reason: 'last-administrator',
    message: 'This is the only administrator. Make somebody else an administrator first.',
  };
}

const gone: Refusal = {
  ok: false,
  reason: 'not-there',
  message: 'This person is not of the staff any more. Reload the page.',
};

/** What has become of somebody, for the audit log and for themselves; null: nothing had to be done. */
interface Changed {
  action: AuditAction;
  details?: Record<string, unknown>;
  /** For themselves, by e-mail. */
  told?: string;
}

async function changeStaff(
  pool: Pool,
  scope: StaffScope,
  userId: number,
  change: (
    client: PoolClient,
    member: HeldStaff,
    staff: readonly HeldStaff[],
  ) => Promise<Refusal | Changed | null>,
): Promise<Result> {
  return withTransaction(pool, async (client): Promise<Result> => {
    const staff = await holdStaff(client, scope);
    if (!Array.isArray(staff)) return staff;
    const member = staff.find(({ id }) => id === userId);
    if (!member) return gone;
    const changed = await change(client, member, staff);
    if (!changed) return { ok: true };
    if ('ok' in changed) return changed;
    await audit(client, scope, changed.action, member, changed.details);
    if (changed.told !== undefined && userId !== scope.userId) await tell(client, member, changed.told);
    return { ok: true };
  });
}

async function audit(
  client: PoolClient,
  scope: StaffScope,
  action: AuditAction,
  { username, name }: { username: string; name: string },
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(client, scope, { action, target: `${username}, ${name}`, accountId: null, details });
}

async function tell(client: PoolClient, { id, email, username }: HeldStaff, told: string): Promise<void> {
  await queuePersonalEmail(client, {
    accountId: null,
    to: email,
    eventKey: `staff:${id}:${randomUUID()}`,
    subject: 'Your part in the provider’s staff has changed',
    heading: 'Your part in the provider’s staff has changed',
    paragraphs: [told, 'If you did not expect this, ask an administrator of the staff.'],
    action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
    footer: `You get this e-mail as ${username} of the Client Zone.`,
  });
}

/** The link by which somebody chooses their first password; the one before it ends. */
async function sendLink(
  client: PoolClient,
  { id, username, email, role }: { id: number; username: string; email: string; role: StaffRole },
  now: Date,
): Promise<void> {
  const secretId = randomUUID();
  await issueSecret(
    client,
    { id: secretId, purpose: 'recover-by-link', subject: subjectOfUser(id), sentTo: email },
    now,
  );
  await queuePersonalEmail(client, {
    accountId: null,
    to: email,
    eventKey: '',
    subject: 'You are of the provider’s staff in the Client Zone',
    heading: 'Choose a password to begin',
    paragraphs: [
      `You were added to the provider’s staff as ${staffRoles[role].label.toLowerCase()}. ${staffRoles[role].says} Your username is ${username}. Follow the link and choose a password; then you can sign in${needsStaffSecondFactor(env) ? ', and are led to set up a second factor' : ''}.`,
      'The link works once, for 30 minutes. After that, choose “Forgot your password?” on the sign-in page.',
    ],
    action: { label: 'Choose a password', purpose: 'recover-by-link', secretId },
    footer: 'You get this e-mail because an administrator of the provider’s staff entered your address.',
  });
}

/** Adds somebody to the staff, who gets a link to choose a password. */
export async function addStaffMember(
  pool: Pool,
  scope: StaffScope,
  { name, email, username, role }: NewStaffMember,
  now = new Date(),
): Promise<Result> {
  // Nobody knows it: the link is the way in.
  const passwordHash = await hashRandom();
  return withTransaction(pool, async (client): Promise<Result> => {
    await lockPeople(client);
    const staff = await holdStaff(client, scope);
    if (!Array.isArray(staff)) return staff;
    if (await findByUsername.one(client, { username })) {
      return refuseField('username', `“${username}” is taken. Choose another username.`);
    }
    const known = (await findByEmail.all(client, { email })).find(({ isStaff }) => isStaff);
    if (known) return refuseField('email', `${known.name} has this address and is of the staff already.`);
    const [id] = await addUsers(client, [
      { username, email, name, passwordHash, accountId: null, staffRole: role },
    ]);
    if (id === undefined) throw new Error('The member of staff was not added.');
    await audit(client, scope, 'staff.add', { username, name }, { email, role });
    await sendLink(client, { id, username, email, role }, now);
    return { ok: true };
  });
}

const hashRandom = () => hashPassword(randomBytes(32).toString('base64url'));

/** Sends whoever has not signed in yet another link. */
function sendStaffLink(pool: Pool, scope: StaffScope, userId: number, now = new Date()): Promise<Result> {
  return changeStaff(pool, scope, userId, async (client, { staffRole: role, ...member }) => {
    if (member.lastSignInAt !== null || member.status !== 'ACTIVE' || role === null) {
      return {
        ok: false,
        reason: 'no-need',
        message:
          'They have signed in before: “Forgot your password?” helps them by itself. Or they are suspended.',
      };
    }
    await sendLink(client, { ...member, role }, now);
    return { action: 'staff.send-link' };
  });
}

/** Gives somebody another role; it counts at their next click. */
function changeStaffRole(
  pool: Pool,
  scope: StaffScope,
  { userId, role }: { userId: number; role: StaffRole },
): Promise<Result> {
  return changeStaff(pool, scope, userId, async (client, member, staff) => {
    if (member.staffRole === role) return null;
    const refusal = refuseLast(staff, member);
    if (refusal && member.staffRole === 'ADMINISTRATOR') return refusal;
    await prismaOn(client).user.updateMany({ where: { id: userId }, data: { staffRole: role } });
    return {
      action: 'staff.change-role',
      details: { from: member.staffRole, to: role },
      told: `You are ${staffRoles[role].label.toLowerCase()} now. ${staffRoles[role].says}`,
    };
  });
}

const ownSelf: Refusal = {
  ok: false,
  reason: 'own-self',
  message: 'You cannot do this to yourself. Ask another administrator.',
};

/** Keeps somebody out, at once. */
function suspendStaffMember(pool: Pool, scope: StaffScope, userId: number): Promise<Result> {
  return changeStaff(pool, scope, userId, async (client, member, staff) => {
    if (userId === scope.userId) return ownSelf;
    if (member.status !== 'ACTIVE') return null;
    const refusal = isAdministrator(member) ? refuseLast(staff, member) : null;
    if (refusal) return refusal;
    await prismaOn(client).user.updateMany({ where: { id: userId }, data: { status: 'SUSPENDED' } });
    await endSessionsOf(client, userId);
    return { action: 'staff.suspend', told: 'You are suspended, and cannot sign in for the time being.' };
  });
}

function reinstateStaffMember(pool: Pool, scope: StaffScope, userId: number): Promise<Result> {
  return changeStaff(pool, scope, userId, async (client, member) => {
    if (member.status === 'ACTIVE') return null;
    await prismaOn(client).user.updateMany({ where: { id: userId }, data: { status: 'ACTIVE' } });
    return { action: 'staff.reinstate', told: 'You can sign in again.' };
  });
}

/** Takes away the second factor of somebody who has lost it; their next sign-in leads to a new one. */
export function resetStaffFactor(
  pool: Pool,
  scope: StaffScope,
  { userId, reason }: { userId: number; reason: string },
): Promise<Result> {
  return changeStaff(pool, scope, userId, async (client) => {
    if (userId === scope.userId) return ownSelf;
    if ((await removeFactors(client, userId)) === 0) {
      return { ok: false, reason: 'none', message: 'They have no second factor; a password is enough.' };
    }
    await endSessionsOf(client, userId);
    return {
      action: 'staff.reset-factor',
      details: { reason },
      told: 'Your authenticator app, passkeys and recovery codes were taken away, as you asked. All your browsers are signed out; sign in with your password.',
    };
  });
}

async function removeFactors(client: PoolClient, userId: number): Promise<number> {
  const { authenticatorApp, passkey, recoveryCode } = prismaOn(client);
  const where = { where: { userId } };
  const app = await authenticatorApp.deleteMany(where);
  const passkeys = await passkey.deleteMany(where);
  const codes = await recoveryCode.deleteMany(where);
  return app.count + passkeys.count + codes.count;
}

/**
 * Takes somebody out of the staff, at once and for good. The row stays, as histories say who did what, with
 * the name and nothing else of theirs: username and address are free for somebody else, or for them again.
 */
async function removeStaffMember(
  pool: Pool,
  scope: StaffScope,
  userId: number,
  now = new Date(),
): Promise<Result> {
  const passwordHash = await hashRandom();
  return changeStaff(pool, scope, userId, async (client, member, staff) => {
    if (userId === scope.userId) return ownSelf;
    const refusal = isAdministrator(member) ? refuseLast(staff, member) : null;
    if (refusal) return refusal;
    await removeFactors(client, userId);
    await endSecrets(client, subjectOfUser(userId), ['recover-by-link', 'recover-by-code'], now);
    await prismaOn(client).user.updateMany({
      where: { id: userId },
      data: {
        status: 'SUSPENDED',
        leftStaffAt: now,
        // No username that somebody can choose has a colon.
        username: `removed:${userId}`,
        email: '',
        ownMsisdn: null,
        passwordHash,
      },
    });
    await endSessionsOf(client, userId);
    return { action: 'staff.remove', told: 'You are not of the provider’s staff any more.' };
  });
}

const changes: Record<StaffChange, (pool: Pool, scope: StaffScope, userId: number) => Promise<Result>> = {
  'make-administrator': (pool, scope, userId) =>
    changeStaffRole(pool, scope, { userId, role: 'ADMINISTRATOR' }),
  'make-support': (pool, scope, userId) => changeStaffRole(pool, scope, { userId, role: 'SUPPORT' }),
  suspend: suspendStaffMember,
  reinstate: reinstateStaffMember,
  'send-link': sendStaffLink,
  remove: removeStaffMember,
};

/** One change of somebody of the staff; each is safe to make twice. */
export function changeStaffMember(
  pool: Pool,
  scope: StaffScope,
  userId: number,
  change: StaffChange,
): Promise<Result> {
  return changes[change](pool, scope, userId);
}

/**
 * Adds an administrator where there is none who can sign in: on a new installation, or after the only ones
 * were suspended by hand. For whoever runs the program, who has passed no gate of its pages.
 *
 * @returns `path`: of the link to choose a password, once, for 30 minutes
 */
export async function addFirstAdministrator(
  pool: Pool,
  { name, email, username }: Omit<NewStaffMember, 'role'>,
  now = new Date(),
): Promise<{ ok: true; path: string } | Refusal> {
  const passwordHash = await hashRandom();
  return withTransaction(pool, async (client): Promise<{ ok: true; path: string } | Refusal> => {
    await lockPeople(client);
    await hold.run(client, {});
    const [administrator] = (await list.all(client, {})).filter(isAdministrator);
    if (administrator) {
      return {
        ok: false,
        reason: 'not-first',
        message: `${administrator.username} is an administrator of the staff: they add others under Staff in the admin view.`,
      };
    }
    if (await findByUsername.one(client, { username })) {
      return refuseField('username', `“${username}” is taken. Choose another username.`);
    }
    const [id] = await addUsers(client, [
      { username, email, name, passwordHash, accountId: null, staffRole: 'ADMINISTRATOR' },
    ]);
    if (id === undefined) throw new Error('The administrator was not added.');
    await recordSystemAudit(client, {
      action: 'staff.add',
      target: `${username}, ${name}`,
      accountId: null,
      details: { email, role: 'ADMINISTRATOR' },
    });
    const secretId = randomUUID();
    const secret = { id: secretId, purpose: 'recover-by-link', subject: subjectOfUser(id) } as const;
    await issueSecret(client, { ...secret, sentTo: email }, now);
    return { ok: true, path: composeLinkPath('recover-by-link', secretId) };
  });
}
