import type { PoolClient } from 'pg';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountScope } from '@/lib/auth/scope';
import type { MemberRole } from '@/lib/db/generated/enums';
import { columnsOf, statement } from '@/lib/db/statement';

const held = {
  ...columnsOf('Membership', 'userId', 'role', 'suspendedAt'),
  ...columnsOf('User', 'name', 'username', 'email', 'status'),
} as const;

const hold = statement({
  name: 'hold-members',
  values: { accountId: 'int4' },
  sql: ($) => `select from membership where account_id = ${$.accountId} order by user_id for update`,
});
const list = statement({
  name: 'list-held-members',
  values: { accountId: 'int4' },
  columns: held,
  sql: ($) => `
    select m.user_id as "userId", m.role, m.suspended_at as "suspendedAt", u.name, u.username, u.email, u.status
    from membership m join portal_user u on u.id = m.user_id where m.account_id = ${$.accountId} order by m.user_id`,
});
const findAccount = statement({
  name: 'find-account-of-members',
  values: { accountId: 'int4' },
  columns: columnsOf('Account', 'name', 'requiresSecondFactor'),
  sql: ($) => `
    select name, requires_second_factor as "requiresSecondFactor" from account where id = ${$.accountId}`,
});

export type HeldMember = Awaited<ReturnType<typeof list.all>>[number];

export interface HeldAccount {
  name: string;
  members: HeldMember[];
  /** Whoever acts; they may have been taken out, or have another role, since the gate let them in. */
  self: HeldMember;
}

/**
 * Holds who is in an account until the transaction ends. Of two changes at once the second sees the first:
 * otherwise two owners could take each other out, and nobody would own it.
 */
export async function holdMembers(client: PoolClient, scope: AccountScope): Promise<HeldAccount | Refusal> {
  const held = await holdWith(client, scope.accountId, scope.userId);
  const may = held?.self.role === 'OWNER' || held?.self.role === 'ADMINISTRATOR';
  if (held && may && !held.self.suspendedAt) return held;
  return {
    ok: false,
    reason: 'forbidden',
    message: 'Your role in this account was changed meanwhile, and does not allow this any more.',
  };
}

/** The same for one of its members, whatever they may do there. Null: they are not in it. */
export async function holdWith(
  client: PoolClient,
  accountId: number,
  userId: number | null,
): Promise<HeldAccount | null> {
  await hold.run(client, { accountId });
  // In a statement of its own: what waits for a lock reads what was there before it waited.
  const members = await list.all(client, { accountId });
  const account = await findAccount.only(client, { accountId });
  const self = members.find((member) => member.userId === userId);
  if (!self) return null;
  return { name: account.name, members, self };
}

export const isRefusal = (held: HeldAccount | Refusal): held is Refusal => 'ok' in held;

/** Of owners only owners decide. Null: whoever acts may. */
export function refuseOwners(
  { self }: HeldAccount,
  ...roles: readonly (MemberRole | undefined)[]
): Refusal | null {
  if (self.role === 'OWNER' || !roles.includes('OWNER')) return null;
  return {
    ok: false,
    reason: 'owners-only',
    message: 'Only an owner of the account decides about owners. Ask one of them.',
  };
}

/** An account has an owner who can sign in. Null: it has another one than this. */
export function refuseLastOwner({ members }: HeldAccount, { userId, role }: HeldMember): Refusal | null {
  if (role !== 'OWNER') return null;
  const others = members.filter(
    (member) =>
      member.role === 'OWNER' &&
      member.userId !== userId &&
      !member.suspendedAt &&
      member.status === 'ACTIVE',
  );
  if (others.length > 0) return null;
  return {
    ok: false,
    reason: 'last-owner',
    message: 'This is the only owner of the account. Make somebody else an owner first, or hand it over.',
  };
}

export const notIn: Refusal = {
  ok: false,
  reason: 'not-in',
  message: 'This person is not in the account any more. Reload the page.',
};
