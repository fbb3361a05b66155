/**
 * Scopes: proof that a gate has been passed. A query or command of an account asks for an `AccountScope`, and only
 * the functions below can make one; the lint configuration lets only lib/auth (and tests) import them. There is no
 * optional account id anywhere: without a scope the code does not compile.
 */

declare const accountScope: unique symbol;
declare const staffScope: unique symbol;

export interface AccountScope {
  readonly [accountScope]: true;
  readonly accountId: number;
  /** Who acts, as written to events: "user:7". */
  readonly actor: string;
  /** Null when a program or a job acts. */
  readonly userId: number | null;
}

export interface StaffScope {
  readonly [staffScope]: true;
  /** Who acts, as written to events: "staff:3". */
  readonly actor: string;
  readonly userId: number;
}

export function mintAccountScope(
  accountId: number,
  actor: { userId: number } | { system: string },
): AccountScope {
  const userId = 'userId' in actor ? actor.userId : null;
  return {
    accountId,
    userId,
    actor: 'userId' in actor ? `user:${actor.userId}` : actor.system,
  } as AccountScope;
}

export function mintStaffScope(userId: number): StaffScope {
  return { userId, actor: `staff:${userId}` } as StaffScope;
}
