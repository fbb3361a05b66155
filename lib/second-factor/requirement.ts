import type { Pool } from 'pg';
import { recordActivity } from '@/lib/auth/activity';
import { emailLater } from '@/lib/auth/person-events';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import type { Refusal } from '@/lib/auth/schema';
import { hasSecondFactorSql } from '@/lib/auth/second-factor-sql';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import type { AccountRequirement } from './schema';

const listPeople = statement({
  name: 'list-people-with-factor',
  values: { accountId: 'int4' },
  columns: { id: 'User.id', hasFactor: 'bool' },
  sql: ($) => `
    select u.id, ${hasSecondFactorSql} as "hasFactor" 
    from membership m join portal_user u on u.id = m.user_id
    where m.account_id = ${$.accountId} and m.suspended_at is null and u.status = 'ACTIVE' order by u.id`,
});

/** Whether an account asks its people for a second factor, and how many have one. */
export async function readRequirement(pool: Pool, scope: AccountReadScope): Promise<AccountRequirement> {
  const [account, people] = await Promise.all([
    prismaOn(pool).account.findUniqueOrThrow({
      where: { id: scope.accountId },
      select: { requiresSecondFactor: true },
    }),
    listPeople.all(pool, { accountId: scope.accountId }),
  ]);
  return {
    isRequired: account.requiresSecondFactor,
    people: people.length,
    withFactor: people.filter(({ hasFactor }) => hasFactor).length,
  };
}

/**
 * Asks everybody who works with an account for a second factor, or no longer. Those without one set it up at
 * their next sign-in, and are told so; whoever is signed in stays so. Only somebody who has one themselves
 * can ask for it: they know that it works.
 */
export async function saveRequirement(
  pool: Pool,
  scope: AccountScope,
  isRequired: boolean,
  now: Date,
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client) => {
    const people = await listPeople.all(client, { accountId: scope.accountId });
    if (isRequired && !people.some(({ id, hasFactor }) => hasFactor && id === scope.userId)) {
      return {
        ok: false,
        reason: 'own-first',
        message: 'Set up a second factor of your own first, under Security in the user menu.',
      };
    }
    // Guarded, so that of two presses one tells.
    const { count } = await prismaOn(client).account.updateMany({
      where: { id: scope.accountId, requiresSecondFactor: !isRequired },
      data: { requiresSecondFactor: isRequired },
    });
    if (count === 0) return { ok: true };
    if (scope.userId !== null) {
      const kind = isRequired ? 'account.require-second-factor' : 'account.allow-password-alone';
      const { userId, accountId, address } = scope;
      await recordActivity(client, { kind, userId, accountId, address }, now);
    }
    for (const { id, hasFactor } of people) {
      if (isRequired && !hasFactor) await emailLater(client, id, 'second-factor-required', now);
    }
    return { ok: true };
  });
}
