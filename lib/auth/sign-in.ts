import type { Pool } from 'pg';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { env, needsStaffSecondFactor } from '@/lib/env';
import { log } from '@/lib/log';
import { isLetInSql, mustHaveFactorSql } from './membership-sql';
import { verifyPassword } from './password';
import { renewHash } from './renew-hash';
import { hasSecondFactorSql } from './second-factor-sql';
import { forgiveAttempt, takeAttempt } from './throttle';

export type SignInOutcome =
  /**
   * `lacksSecondFactor`: the password alone does not do; there is one to be shown, or one must be set up
   * first. `passwordHash`: of the password that was right.
   */
  | { ok: true; userId: number; lacksSecondFactor: boolean; passwordHash: string }
  | { ok: false; reason: 'wrong' | 'suspended' }
  | { ok: false; reason: 'throttled'; waitSeconds: number };

/**
 * A username as it is kept and counted: lower case, of a bounded length, without NUL, which PostgreSQL's text
 * cannot hold.
 */
export function normaliseUsername(typed: string): string {
  return typed.trim().toLowerCase().slice(0, 100).replaceAll('\0', '\uFFFD');
}

// Prisma would ask for the accounts in a second statement, of those who exist alone.
const findUser = statement({
  name: 'find-user-to-sign-in',
  values: { username: 'text', ofStaff: 'bool' },
  columns: {
    ...columnsOf('User', 'id', 'passwordHash'),
    isActive: 'bool',
    lacksSecondFactor: 'bool',
  },
  sql: ($) => `
    select u.id, u.password_hash as "passwordHash", ${isLetInSql} as "isActive",
      ${mustHaveFactorSql($.ofStaff)} or ${hasSecondFactorSql} as "lacksSecondFactor"
    from portal_user u where u.username = ${$.username}`,
});

/**
 * Checks a username and password. A suspended user or account is told so only with the right password;
 * whether a username exists is told to nobody: the same statements run for one that does not.
 *
 * @param username normalised
 * @param from where the attempt comes from, for the throttle; nulls when that is not known
 * @param ofStaff whether each member of staff must have a second factor
 */
export async function checkSignIn(
  pool: Pool,
  { username, password }: { username: string; password: string },
  from: { address: string | null; deviceId: string | null },
  now = new Date(),
  ofStaff = needsStaffSecondFactor(env),
): Promise<SignInOutcome> {
  const attempt = { username, ...from };
  const waitSeconds = await takeAttempt(pool, attempt);
  if (waitSeconds > 0) {
    log.warn({ address: from.address, waitSeconds }, 'sign-in throttled');
    return { ok: false, reason: 'throttled', waitSeconds };
  }
  const user = await findUser.one(pool, { username, ofStaff });
  const matches = await verifyPassword(user?.passwordHash ?? null, password.slice(0, 1000));
  if (!user || !matches) return { ok: false, reason: 'wrong' };

  await forgiveAttempt(pool, attempt);
  if (!user.isActive) return { ok: false, reason: 'suspended' };
  const passwordHash = await renewHash(pool, user, password.slice(0, 1000));
  const { id: userId, lacksSecondFactor } = user;
  if (!lacksSecondFactor) {
    await prismaOn(pool).user.updateMany({ where: { id: userId }, data: { lastSignInAt: now } });
  }
  return { ok: true, userId, lacksSecondFactor, passwordHash };
}
