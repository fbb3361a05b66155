import type { PoolClient } from 'pg';
import { mustHaveFactorSql } from '@/lib/auth/membership-sql';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import { env, needsStaffSecondFactor } from '@/lib/env';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes';

const hold = statement({
  name: 'hold-factors',
  values: { userId: 'int4' },
  sql: ($) => `select from portal_user where id = ${$.userId} for no key update`,
});

const read = statement({
  name: 'read-held-factors',
  values: { userId: 'int4', ofStaff: 'bool' },
  columns: { username: 'User.username', hasApp: 'bool', passkeys: 'int4', isRequired: 'bool' },
  sql: ($) => `
    select u.username, exists (select from authenticator_app where user_id = u.id and secret is not null) as "hasApp",
      (select count(*)::int from passkey where user_id = u.id) as passkeys,
      ${mustHaveFactorSql($.ofStaff)} as "isRequired"
    from portal_user u where u.id = ${$.userId}`,
});

/** What somebody has, as it stands while their row is held. */
export interface HeldFactors {
  username: string;
  hasApp: boolean;
  passkeys: number;
  /** Whoever works with them, or the provider of its staff, asks for one. */
  isRequired: boolean;
}

/**
 * Holds somebody's factors until the transaction ends: of two changes at once, the second sees the first.
 * Without it two browsers could each remove the other's last factor.
 */
export async function holdFactors(client: PoolClient, userId: number): Promise<HeldFactors> {
  // In a statement of its own: what waits for a lock reads what was there before it waited.
  await hold.run(client, { userId });
  const factors = await read.one(client, { userId, ofStaff: needsStaffSecondFactor(env) });
  if (!factors) throw new Error(`There is no user ${userId}.`);
  return factors;
}

/**
 * Gives somebody ten fresh recovery codes in place of those they had. Shown once: only their hashes are kept.
 */
export async function replaceRecoveryCodes(client: PoolClient, userId: number, now: Date): Promise<string[]> {
  const codes = makeRecoveryCodes();
  const { recoveryCode } = prismaOn(client);
  await recoveryCode.deleteMany({ where: { userId } });
  await recoveryCode.createMany({
    data: codes.map((code) => ({ userId, codeHash: hashRecoveryCode(userId, code), createdAt: now })),
  });
  return codes;
}
