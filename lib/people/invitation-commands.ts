import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { addUsers } from '@/lib/accounts/open-accounts';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordActivity } from '@/lib/auth/activity';
import { memberRoles } from '@/lib/auth/labels';
import { hashPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountScope, PersonScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import type { MemberRole } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement, type Connection } from '@/lib/db/statement';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { endSecrets, issueSecret, readLink, takeLink, type LinkProblem } from '@/lib/secrets/commands';
import { secretPurposes } from '@/lib/secrets/purposes';
import { findByEmail, findByUsername, lockPeople } from './find-people';
import { holdMembers, isRefusal, refuseOwners, type HeldAccount } from './members';
import { enterAccount } from './member-commands';
import { checkPassword } from './password-rules';
import { line, refuseField, typedEmail, typedPassword, typedUsername, type Visit } from './registration';
import type { InvitationView } from './schema';

export const memberRole = z.enum(['OWNER', 'ADMINISTRATOR', 'SENDER', 'VIEWER']);
export const invitationForm = z.object({ email: typedEmail, role: memberRole });
export const newcomerForm = z.object({
  token: z.string().max(500),
  name: line(80, 'Enter your name.', 'Keep your name to 80 characters.'),
  username: typedUsername,
  password: typedPassword,
});

const subjectOf = (accountId: number, id: bigint | string) => `invitation:${accountId}:${id}`;
const keyOf = (subject: string) => {
  const [, accountId, id] = subject.split(':');
  return { accountId: Number(accountId), id: BigInt(id ?? 0) };
};

const gone: Refusal = {
  ok: false,
  reason: 'not-there',
  message: 'This invitation has been accepted or withdrawn meanwhile. Reload the page.',
};

/** Sends the link, which ends the one before it. */
async function send(
  client: PoolClient,
  { accountId }: AccountScope,
  { name, self }: HeldAccount,
  invitation: { id: bigint; email: string; role: MemberRole },
  now: Date,
): Promise<void> {
  const secretId = randomUUID();
  const { id, email, role } = invitation;
  await issueSecret(
    client,
    { id: secretId, purpose: 'invitation', subject: subjectOf(accountId, id), sentTo: email },
    now,
  );
  await queuePersonalEmail(client, {
    accountId,
    to: email,
    eventKey: '',
    subject: `${self.name} invites you to work with ${name} in the Client Zone`,
    heading: `You are invited to ${name}`,
    paragraphs: [
      `${self.name} invites you to work with the account ${formatAccountNumber(accountId)}, ${name}, as ${memberRoles[role].label.toLowerCase()}. ${memberRoles[role].says}`,
      'The link works once, for seven days. If you do not know who this is from, do nothing.',
    ],
    action: { label: 'Look at the invitation', purpose: 'invitation', secretId },
    footer: `You get this e-mail because ${self.name} entered your address in the Client Zone.`,
  });
}

const expiryOf = (now: Date) => new Date(now.getTime() + secretPurposes.invitation.validMinutes * 60_000);

/** Invites somebody; once more for the same address: the newer one counts, with its role. */
export async function invite(
  pool: Pool,
  scope: AccountScope,
  { email, role }: { email: string; role: MemberRole },
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client) => {
    const account = await holdMembers(client, scope);
    if (isRefusal(account)) return account;
    const refusal = refuseOwners(account, role);
    if (refusal) return refusal;
    const same = (other: string) => other.toLowerCase() === email.toLowerCase();
    const member = account.members.find((one) => same(one.email));
    if (member) {
      return refuseField('email', `${member.name} has this address and is in the account already.`);
    }
    const { accountId } = scope;
    const { invitation } = prismaOn(client);
    const open = await invitation.findMany({ where: { accountId, acceptedAt: null, withdrawnAt: null } });
    const earlier = open.find((one) => same(one.email));
    if (earlier && refuseOwners(account, earlier.role)) return refuseOwners(account, earlier.role) ?? gone;
    const data = { email, role, invitedBy: account.self.userId, sentAt: now, expiresAt: expiryOf(now) };
    const row = earlier
      ? await invitation.update({ where: { accountId_id: { accountId, id: earlier.id } }, data })
      : await invitation.create({ data: { accountId, ...data } });
    await send(client, scope, account, row, now);
    await record(client, scope, 'people.invite', row, visit, now);
    return { ok: true };
  });
}

/** The same invitation with a new link, for another seven days. */
export async function resendInvitation(
  pool: Pool,
  scope: AccountScope,
  id: string,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return changeInvitation(pool, scope, id, async (client, account, row) => {
    const data = { sentAt: now, expiresAt: expiryOf(now), invitedBy: account.self.userId };
    await prismaOn(client).invitation.update({
      where: { accountId_id: { accountId: scope.accountId, id: row.id } },
      data,
    });
    await send(client, scope, account, row, now);
    await record(client, scope, 'people.invite-again', row, visit, now);
  });
}

/** Its link leads nowhere from now on. */
export async function withdrawInvitation(
  pool: Pool,
  scope: AccountScope,
  id: string,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return changeInvitation(pool, scope, id, async (client, _, row) => {
    await prismaOn(client).invitation.update({
      where: { accountId_id: { accountId: scope.accountId, id: row.id } },
      data: { withdrawnAt: now },
    });
    await endSecrets(client, subjectOf(scope.accountId, row.id), ['invitation'], now);
    await record(client, scope, 'people.withdraw-invitation', row, visit, now);
  });
}

interface HeldInvitation {
  id: bigint;
  email: string;
  role: MemberRole;
}

async function changeInvitation(
  pool: Pool,
  scope: AccountScope,
  id: string,
  change: (client: PoolClient, account: HeldAccount, row: HeldInvitation) => Promise<void>,
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client) => {
    const account = await holdMembers(client, scope);
    if (isRefusal(account)) return account;
    const { accountId } = scope;
    const row = await holdInvitation.one(client, { accountId, id });
    if (!row || row.acceptedAt || row.withdrawnAt) return gone;
    const refusal = refuseOwners(account, row.role);
    if (refusal) return refusal;
    await change(client, account, { ...row, id: BigInt(row.id) });
    return { ok: true };
  });
}

const holdInvitation = statement({
  name: 'hold-invitation',
  values: { accountId: 'int4', id: 'int8' },
  columns: columnsOf('Invitation', 'id', 'email', 'role', 'acceptedAt', 'withdrawnAt', 'invitedBy'),
  sql: ($) => `
    select id, email, role, accepted_at as "acceptedAt", withdrawn_at as "withdrawnAt", invited_by as "invitedBy"
    from invitation where account_id = ${$.accountId} and id = ${$.id} for update`,
});

async function record(
  client: PoolClient,
  { accountId, userId }: AccountScope,
  kind: 'people.invite' | 'people.invite-again' | 'people.withdraw-invitation',
  { email, role }: HeldInvitation,
  { address }: Visit,
  now: Date,
): Promise<void> {
  if (userId === null) return;
  await recordActivity(client, { kind, userId, accountId, address, details: { email, role } }, now);
}

const problems: Record<LinkProblem, string> = {
  unknown: 'This link is not valid. Use the link of the latest e-mail, the whole of it.',
  used: 'This invitation has been accepted. Sign in to work with the account.',
  replaced: 'This invitation was withdrawn, or sent again: use the link of the latest e-mail.',
  expired: 'This invitation has expired: it works for seven days. Ask whoever invited you to send it again.',
};

const readInvited = statement({
  name: 'read-invitation',
  values: { accountId: 'int4', id: 'int8' },
  columns: {
    ...columnsOf('Invitation', 'role', 'acceptedAt', 'withdrawnAt'),
    accountName: 'Account.name',
    isActive: 'bool',
    requiresSecondFactor: 'Account.requiresSecondFactor',
    invitedBy: 'User.name',
  },
  sql: ($) => `
    select i.role, i.accepted_at as "acceptedAt", i.withdrawn_at as "withdrawnAt", a.name as "accountName",
      a.status = 'ACTIVE' as "isActive", a.requires_second_factor as "requiresSecondFactor", u.name as "invitedBy"
    from invitation i join account a on a.id = i.account_id join portal_user u on u.id = i.invited_by
    where i.account_id = ${$.accountId} and i.id = ${$.id}`,
});

const customers = <Person extends { isStaff: boolean }>(people: Person[]) =>
  people.filter(({ isStaff }) => !isStaff);

/** What the page behind the link shows. Changes nothing: programs that scan e-mails open links. */
export async function readInvitation(
  connection: Connection,
  token: string,
  now = new Date(),
): Promise<({ ok: true } & InvitationView & { accountId: number; id: bigint }) | Refusal> {
  const link = await readLink(connection, 'invitation', token, now);
  if (!link.ok) return { ok: false, reason: link.reason, message: problems[link.reason] };
  const { accountId, id } = keyOf(link.subject);
  const row = await readInvited.one(connection, { accountId, id: String(id) });
  if (!row || row.acceptedAt || row.withdrawnAt || !row.isActive) {
    return { ok: false, reason: 'replaced', message: problems.replaced };
  }
  return {
    ok: true,
    accountId,
    id,
    accountName: row.accountName,
    accountNumber: formatAccountNumber(accountId),
    role: row.role,
    invitedBy: row.invitedBy,
    email: link.sentTo,
    hasUser: customers(await findByEmail.all(connection, { email: link.sentTo })).length > 0,
  };
}

/** Marks it accepted, with the membership, in the transaction of whoever joins. */
async function join(
  client: PoolClient,
  token: string,
  invited: { accountId: number; id: bigint; role: MemberRole },
  userId: number,
  visit: Visit,
  now: Date,
): Promise<Refusal | null> {
  const taken = await takeLink(client, 'invitation', token, now);
  if (!taken.ok) return { ok: false, reason: taken.reason, message: problems[taken.reason] };
  const { accountId, id, role } = invited;
  const { invitation } = prismaOn(client);
  await invitation.update({ where: { accountId_id: { accountId, id } }, data: { acceptedAt: now } });
  await recordActivity(
    client,
    { kind: 'people.join', userId, accountId, address: visit.address, details: { role } },
    now,
  );
  return null;
}

/** Thrown to undo what a link that is gone meanwhile was to do. */
class GoneError extends Error {
  constructor(readonly refusal: Refusal) {
    super('The invitation is gone');
  }
}

/** Joins as somebody new: the link has shown that the address is theirs. */
export async function acceptAsNew(
  pool: Pool,
  form: z.output<typeof newcomerForm>,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true; userId: number; needsFactor: boolean } | Refusal> {
  const seen = await readInvitation(pool, form.token, now);
  if (!seen.ok) return seen;
  const { username, name, password } = form;
  const problem = await checkPassword(password, [username, name, seen.email, seen.accountName]);
  if (problem !== null) return refuseField('password', problem);
  const passwordHash = await hashPassword(password);
  return withTransaction(
    pool,
    async (client): Promise<{ ok: true; userId: number; needsFactor: boolean } | Refusal> => {
      await lockPeople(client);
      const invited = await readInvitation(client, form.token, now);
      if (!invited.ok) return invited;
      if (invited.hasUser) {
        return {
          ok: false,
          reason: 'already',
          message: 'There is a user with this address. Sign in to accept.',
        };
      }
      if (await findByUsername.one(client, { username })) {
        return refuseField('username', `“${username}” is taken. Choose another username.`);
      }
      const { accountId, role, email } = invited;
      const [userId] = await addUsers(client, [{ username, email, name, passwordHash, accountId, role }]);
      if (userId === undefined) throw new Error('The user was not added.');
      const refusal = await join(client, form.token, invited, userId, visit, now);
      if (refusal) throw new GoneError(refusal);
      const account = await prismaOn(client).account.findUniqueOrThrow({
        where: { id: accountId },
        select: { requiresSecondFactor: true },
      });
      return { ok: true, userId, needsFactor: account.requiresSecondFactor };
    },
  ).catch((error: unknown) => {
    if (error instanceof GoneError) return error.refusal;
    throw error;
  });
}

/** Joins as whoever is signed in, whose confirmed address it must be; the session goes on in that account. */
export async function acceptAsSelf(
  pool: Pool,
  person: PersonScope,
  token: string,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    await lockPeople(client);
    const invited = await readInvitation(client, token, now);
    if (!invited.ok) return invited;
    const { userId } = person;
    const own = (await findByEmail.all(client, { email: invited.email })).find(({ id }) => id === userId);
    if (!own || own.isStaff) {
      return {
        ok: false,
        reason: 'other-address',
        message: `This invitation is for ${invited.email}. Sign in as the user with that address.`,
      };
    }
    const { accountId, role } = invited;
    const { membership } = prismaOn(client);
    const { count } = await membership.createMany({
      data: [{ accountId, userId, role, createdAt: now }],
      skipDuplicates: true,
    });
    if (count === 0) {
      return {
        ok: false,
        reason: 'already',
        message: 'You are in this account already; nothing was changed.',
      };
    }
    const refusal = await join(client, token, invited, userId, { address: person.address }, now);
    if (refusal) throw new GoneError(refusal);
    // Where the account asks for a second factor that they lack, they have joined, and set one up first.
    await enterAccount(client, person, accountId, now);
    return { ok: true };
  }).catch((error: unknown) => {
    if (error instanceof GoneError) return error.refusal;
    throw error;
  });
}
