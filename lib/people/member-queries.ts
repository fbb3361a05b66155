import type { Pool } from 'pg';
import { hasSecondFactorSql } from '@/lib/auth/second-factor-sql';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import type { MemberRow, OpenInvitation, OwnAccount } from './schema';

const listMembersSql = statement({
  name: 'list-members',
  values: { accountId: 'int4' },
  columns: {
    ...columnsOf('Membership', 'userId', 'role', 'lastSeenAt', 'createdAt'),
    ...columnsOf('User', 'name', 'username', 'email'),
    isSuspended: 'bool',
    isBarred: 'bool',
    hasFactor: 'bool',
  },
  sql: ($) => `
    select m.user_id as "userId", m.role, m.last_seen_at as "lastSeenAt", m.created_at as "createdAt", u.name, u.username,
      u.email, m.suspended_at is not null as "isSuspended", u.status <> 'ACTIVE' as "isBarred",
      ${hasSecondFactorSql} as "hasFactor"
    from membership m join portal_user u on u.id = m.user_id where m.account_id = ${$.accountId}
    order by m.role, lower(u.name), m.user_id`,
});

/** Who works with an account: owners first, then by name. */
export async function listMembers(pool: Pool, { accountId }: AccountReadScope): Promise<MemberRow[]> {
  return toPlain(await listMembersSql.all(pool, { accountId }));
}

/** The invitations that are open, also those whose time is over. */
export async function listInvitations(
  pool: Pool,
  { accountId }: AccountReadScope,
  now = new Date(),
): Promise<OpenInvitation[]> {
  const rows = await prismaOn(pool).invitation.findMany({
    where: { accountId, acceptedAt: null, withdrawnAt: null },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id, email, role, sentAt, expiresAt }) => ({
    id: String(id),
    email,
    role,
    sentAt: sentAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    isExpired: expiresAt <= now,
  }));
}

/** The accounts that somebody can work with now, by name. */
export async function listOwnAccounts(pool: Pool, userId: number): Promise<OwnAccount[]> {
  const rows = await prismaOn(pool).membership.findMany({
    where: { userId, suspendedAt: null, account: { status: 'ACTIVE' } },
    select: { accountId: true, role: true, account: { select: { name: true } } },
    orderBy: [{ account: { name: 'asc' } }, { accountId: 'asc' }],
  });
  return rows.map(({ accountId, role, account }) => ({ id: accountId, name: account.name, role }));
}
