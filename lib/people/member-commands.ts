import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordActivity, type ActivityKind } from '@/lib/auth/activity';
import { memberRoles } from '@/lib/auth/labels';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountScope, PersonScope } from '@/lib/auth/scope';
import { notifySessionsEnded } from '@/lib/auth/sessions';
import { withTransaction } from '@/lib/db/client';
import type { MemberRole } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { hasSecondFactorSql } from '@/lib/auth/second-factor-sql';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import {
  holdMembers,
  holdWith,
  isRefusal,
  notIn,
  refuseLastOwner,
  refuseOwners,
  type HeldAccount,
  type HeldMember,
} from './members';
import type { Visit } from './registration';

type Result = { ok: true } | Refusal;
type Change = (
  client: PoolClient,
  account: HeldAccount,
  member: HeldMember,
) => Promise<Result & { kind?: ActivityKind; details?: Record<string, unknown>; told?: string }>;

/** One change of one person, with everybody held, written down, and told to whom it is about. */
async function changeMember(
  pool: Pool,
  scope: AccountScope,
  userId: number,
  visit: Visit,
  now: Date,
  change: Change,
): Promise<Result> {
  return withTransaction(pool, async (client) => {
    const account = await holdMembers(client, scope);
    if (isRefusal(account)) return account;
    const member = account.members.find((one) => one.userId === userId);
    if (!member) return notIn;
    const { kind, details, told, ...result } = await change(client, account, member);
    if (!result.ok || !kind) return result;
    await recordActivity(
      client,
      {
        kind,
        userId: account.self.userId,
        accountId: scope.accountId,
        address: visit.address,
        details: { person: member.name, username: member.username, ...details },
      },
      now,
    );
    if (told && userId !== scope.userId) await tellMember(client, scope, account, member, told);
    return result;
  });
}

async function tellMember(
  client: PoolClient,
  { accountId }: AccountScope,
  { name, self }: HeldAccount,
  member: HeldMember,
  told: string,
): Promise<void> {
  await queuePersonalEmail(client, {
    accountId,
    to: member.email,
    eventKey: `member:${member.userId}:${randomUUID()}`,
    subject: `Your part in ${name} has changed`,
    heading: 'Your part in an account has changed',
    paragraphs: [`${self.name} ${told} (${name}, ${formatAccountNumber(accountId)}).`],
    action: { label: 'Open the Client Zone', url: env.APP_URL },
    footer: `You get this e-mail as ${member.username} of the Client Zone.`,
  });
}

/** Gives somebody another role; it counts at their next click. */
export function changeRole(
  pool: Pool,
  scope: AccountScope,
  { userId, role }: { userId: number; role: MemberRole },
  visit: Visit,
  now = new Date(),
): Promise<Result> {
  return changeMember(pool, scope, userId, visit, now, async (client, account, member) => {
    if (member.role === role) return { ok: true };
    const refusal = refuseOwners(account, member.role, role) ?? refuseLastOwner(account, member);
    if (refusal) return refusal;
    await setRole(client, scope, userId, role);
    return {
      ok: true,
      kind: 'people.change-role',
      details: { from: member.role, to: role },
      told: `has made you ${memberRoles[role].label.toLowerCase()} of the account`,
    };
  });
}

async function setRole(client: PoolClient, { accountId }: AccountScope, userId: number, role: MemberRole) {
  await prismaOn(client).membership.update({
    where: { accountId_userId: { accountId, userId } },
    data: { role },
  });
}

/** Keeps somebody out of this account, at once; in others they go on. */
export function suspendMember(
  pool: Pool,
  scope: AccountScope,
  userId: number,
  visit: Visit,
  now = new Date(),
): Promise<Result> {
  return changeMember(pool, scope, userId, visit, now, async (client, account, member) => {
    if (member.suspendedAt) return { ok: true };
    if (userId === scope.userId) return ownSelf;
    const refusal = refuseOwners(account, member.role) ?? refuseLastOwner(account, member);
    if (refusal) return refusal;
    const { accountId } = scope;
    const { membership, userSession } = prismaOn(client);
    await membership.update({
      where: { accountId_userId: { accountId, userId } },
      data: { suspendedAt: now },
    });
    await userSession.deleteMany({ where: { accountId, userId } });
    await notifySessionsEnded(client);
    return { ok: true, kind: 'people.suspend', told: 'has suspended you in the account' };
  });
}

const ownSelf: Refusal = {
  ok: false,
  reason: 'own-self',
  message: 'You cannot suspend yourself. Somebody else of the account can, or remove yourself from it.',
};

export function reinstateMember(
  pool: Pool,
  scope: AccountScope,
  userId: number,
  visit: Visit,
  now = new Date(),
): Promise<Result> {
  return changeMember(pool, scope, userId, visit, now, async (client, account, member) => {
    if (!member.suspendedAt) return { ok: true };
    const refusal = refuseOwners(account, member.role);
    if (refusal) return refusal;
    await prismaOn(client).membership.update({
      where: { accountId_userId: { accountId: scope.accountId, userId } },
      data: { suspendedAt: null },
    });
    return { ok: true, kind: 'people.reinstate', told: 'lets you work with the account again' };
  });
}

/** Takes somebody out of the account, at once: their sessions in it go with the membership. */
export function removeMember(
  pool: Pool,
  scope: AccountScope,
  userId: number,
  visit: Visit,
  now = new Date(),
): Promise<Result> {
  return changeMember(pool, scope, userId, visit, now, async (client, account, member) => {
    const refusal = refuseOwners(account, member.role) ?? refuseLastOwner(account, member);
    if (refusal) return refusal;
    await prismaOn(client).membership.delete({
      where: { accountId_userId: { accountId: scope.accountId, userId } },
    });
    await notifySessionsEnded(client);
    return { ok: true, kind: 'people.remove', told: 'has removed you from the account' };
  });
}

/**
 * Leaves an account by oneself, whatever one may do in it; the last owner stays. The owners are told. One's
 * sessions in it end.
 */
export async function leaveAccount(
  pool: Pool,
  { userId, address }: PersonScope,
  accountId: number,
  now = new Date(),
): Promise<Result> {
  return withTransaction(pool, async (client) => {
    const account = await holdWith(client, accountId, userId);
    // A second press, or somebody else was quicker: they are out, as they wished.
    if (!account) return { ok: true };
    const { self, members, name } = account;
    const refusal = refuseLastOwner(account, self);
    if (refusal) return refusal;
    await prismaOn(client).membership.delete({ where: { accountId_userId: { accountId, userId } } });
    await recordActivity(
      client,
      {
        kind: 'people.leave',
        userId,
        accountId,
        address,
        details: { person: self.name, username: self.username },
      },
      now,
    );
    for (const owner of members) {
      if (owner.role !== 'OWNER' || owner.suspendedAt || owner.userId === userId) continue;
      await queuePersonalEmail(client, {
        accountId,
        to: owner.email,
        eventKey: `left:${userId}:${randomUUID()}`,
        subject: `${self.name} has left ${name}`,
        heading: 'Somebody has left the account',
        paragraphs: [
          `${self.name} (${self.username}, ${memberRoles[self.role].label.toLowerCase()}) has left ${name}, ${formatAccountNumber(accountId)}. To come back they must be invited again.`,
        ],
        action: { label: 'See who works with it', url: `${env.APP_URL}/people` },
        footer: `You get this e-mail as ${owner.username} of the Client Zone, who owns the account.`,
      });
    }
    await notifySessionsEnded(client);
    return { ok: true };
  });
}

/** Makes somebody else the owner, and oneself an administrator. */
export function handOver(
  pool: Pool,
  scope: AccountScope,
  userId: number,
  visit: Visit,
  now = new Date(),
): Promise<Result> {
  return changeMember(pool, scope, userId, visit, now, async (client, account, member) => {
    if (userId === scope.userId) return { ok: true };
    if (account.self.role !== 'OWNER') return refuseOwners(account, 'OWNER') ?? notIn;
    if (member.suspendedAt || member.status !== 'ACTIVE') {
      return { ok: false, reason: 'suspended', message: 'They are suspended. Reinstate them first.' };
    }
    await setRole(client, scope, userId, 'OWNER');
    await setRole(client, scope, account.self.userId, 'ADMINISTRATOR');
    return { ok: true, kind: 'people.hand-over', told: 'has handed the account over to you' };
  });
}

const findOwn = statement({
  name: 'find-own-membership',
  values: { accountId: 'int4', userId: 'int4' },
  columns: { ...columnsOf('Account', 'requiresSecondFactor'), hasFactor: 'bool' },
  sql: ($) => `
    select a.requires_second_factor as "requiresSecondFactor", ${hasSecondFactorSql} as "hasFactor"
    from membership m join account a on a.id = m.account_id join portal_user u on u.id = m.user_id
    where m.account_id = ${$.accountId} and m.user_id = ${$.userId} and m.suspended_at is null and a.status = 'ACTIVE'`,
});

/** Goes on in another of one's accounts, in this browser; its other tabs notice. */
export async function switchAccount(
  pool: Pool,
  person: PersonScope,
  accountId: number,
  now = new Date(),
): Promise<Result> {
  return withTransaction(pool, (client) => enterAccount(client, person, accountId, now));
}

/** In the transaction of what comes before it: joining the account. */
export async function enterAccount(
  client: PoolClient,
  { userId, sessionId, address }: PersonScope,
  accountId: number,
  now: Date,
): Promise<Result> {
  const own = await findOwn.one(client, { accountId, userId });
  if (!own) {
    return {
      ok: false,
      reason: 'not-in',
      message: 'You do not belong to this account any more, or it is suspended.',
    };
  }
  if (own.requiresSecondFactor && !own.hasFactor) {
    return {
      ok: false,
      reason: 'factor',
      message: 'This account asks for a second factor. Sign out and in again: you are led to set one up.',
    };
  }
  const { userSession, membership } = prismaOn(client);
  await userSession.updateMany({ where: { id: sessionId, userId }, data: { accountId } });
  await membership.update({
    where: { accountId_userId: { accountId, userId } },
    data: { lastSeenAt: now },
  });
  await recordActivity(client, { kind: 'account.switch', userId, accountId, address }, now);
  await notifySessionsEnded(client);
  return { ok: true };
}
