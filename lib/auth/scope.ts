/**
 * Scopes: proof that a gate has been passed, and what it lets one do. A query of an account asks for an `AccountReadScope`, a command for
 * an `AccountScope`, what is done across accounts for a `StaffScope`. Only the functions below can make one; the lint configuration
 * lets only lib/auth (and tests) import them. There is no optional account id anywhere: without a scope the code does not compile.
 */

declare const accountReadScope: unique symbol;
declare const accountScope: unique symbol;
declare const staffScope: unique symbol;

/** May read what belongs to an account. */
export interface AccountReadScope {
  readonly [accountReadScope]: true;
  readonly accountId: number;
  /** Who acts, as written to events: "user:7". */
  readonly actor: string;
  /** Null when a program or a job acts. */
  readonly userId: number | null;
}

/** May read and change what belongs to an account. */
export interface AccountScope extends AccountReadScope {
  readonly [accountScope]: true;
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

/** For whoever only looks. It is no `AccountScope`, so no command takes it. */
export function mintAccountReadScope(accountId: number, actor: string): AccountReadScope {
  return { accountId, userId: null, actor } as AccountReadScope;
}

export function mintStaffScope(userId: number): StaffScope {
  return { userId, actor: `staff:${userId}` } as StaffScope;
}
