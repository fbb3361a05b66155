import type { Pool } from 'pg';
import type { HalfScope, PersonScope } from '@/lib/auth/scope';
import { prismaOn } from '@/lib/db/prisma';
import { env, needsStaffSecondFactor } from '@/lib/env';
import type { OwnFactors } from './schema';

/** What somebody has besides their password. */
export async function readOwnFactors(pool: Pool, who: PersonScope | HalfScope): Promise<OwnFactors> {
  const user = await prismaOn(pool).user.findUniqueOrThrow({
    where: { id: who.userId },
    select: {
      role: true,
      memberships: {
        where: { suspendedAt: null, account: { requiresSecondFactor: true } },
        select: { accountId: true },
      },
      authenticatorApp: { select: { confirmedAt: true } },
      passkeys: {
        select: { credentialId: true, name: true, isSynced: true, createdAt: true, lastUsedAt: true },
        orderBy: [{ createdAt: 'asc' }, { credentialId: 'asc' }],
      },
      _count: { select: { recoveryCodes: { where: { usedAt: null } } } },
    },
  });
  return {
    appSince: user.authenticatorApp?.confirmedAt?.toISOString() ?? null,
    passkeys: user.passkeys.map(({ credentialId, name, isSynced, createdAt, lastUsedAt }) => ({
      id: credentialId,
      name,
      isSynced,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    codesLeft: user._count.recoveryCodes,
    isRequired: user.role === 'STAFF' ? needsStaffSecondFactor(env) : user.memberships.length > 0,
  };
}
