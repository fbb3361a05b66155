/**
 * Scopes: proof that a gate has been passed, and what it lets one do. A query of an account asks for an
 * `AccountReadScope`, a command for an `AccountScope`, what is done across accounts for a `StaffScope`, or
 * its reading form. Only the functions below can make one; the lint configuration lets only lib/auth (and
 * tests) import them. There is no optional account id anywhere: without a scope the code does not compile.
 */

declare const accountReadScope: unique symbol;
declare const accountScope: unique symbol;
declare const staffReadScope: unique symbol;
declare const staffScope: unique symbol;
declare const personScope: unique symbol;
declare const halfScope: unique symbol;

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
  /** By which key of the API a program acts; null: a person, or a job. */
  readonly keyId: number | null;
  /** Where the session of whoever acts was begun from; null: not known, or nobody is signed in. */
  readonly address: string | null;
}

/** May read across accounts. */
export interface StaffReadScope {
  readonly [staffReadScope]: true;
  /** Who acts, as written to events: "staff:3". */
  readonly actor: string;
  readonly userId: number;
}

/** May read and change across accounts. */
export interface StaffScope extends StaffReadScope {
  readonly [staffScope]: true;
}

/** Somebody who is signed in, customer or staff, for what is their own: their factors, their sessions. */
export interface PersonScope {
  readonly [personScope]: true;
  readonly isHalf: false;
  readonly userId: number;
  /** In which they work at present. Null: a member of staff, or somebody who belongs to no account. */
  readonly accountId: number | null;
  /** The session by which they act. */
  readonly sessionId: string;
  /** Where that was begun from; null when it is not known. */
  readonly address: string | null;
}

/**
 * Somebody whose password was right and whose second factor is still to come. Opens nothing but that step.
 */
export interface HalfScope {
  readonly [halfScope]: true;
  readonly isHalf: true;
  readonly userId: number;
  readonly accountId: number | null;
  readonly sessionId: string;
  readonly address: string | null;
}

export function mintAccountScope(
  accountId: number,
  actor: { userId: number; address?: string | null } | { keyId: number } | { system: string },
): AccountScope {
  const { userId, address } = 'userId' in actor ? actor : { userId: null, address: null };
  const keyId = 'keyId' in actor ? actor.keyId : null;
  return {
    accountId,
    userId,
    keyId,
    actor:
      'userId' in actor ? `user:${actor.userId}` : 'keyId' in actor ? `key:${actor.keyId}` : actor.system,
    address: address ?? null,
  } as AccountScope;
}

/** For whoever only looks. It is no `AccountScope`, so no command takes it. */
export function mintAccountReadScope(
  accountId: number,
  actor: string,
  userId: number | null = null,
): AccountReadScope {
  return { accountId, userId, actor } as AccountReadScope;
}

interface SessionOwner {
  userId: number;
  accountId: number | null;
  sessionId: string;
  address: string | null;
}

export function mintPersonScope({ userId, accountId, sessionId, address }: SessionOwner): PersonScope {
  return { isHalf: false, userId, accountId, sessionId, address } as PersonScope;
}

export function mintHalfScope({ userId, accountId, sessionId, address }: SessionOwner): HalfScope {
  return { isHalf: true, userId, accountId, sessionId, address } as HalfScope;
}

/** For staff who only look. It is no `StaffScope`, so no command takes it. */
export function mintStaffReadScope(userId: number): StaffReadScope {
  return { userId, actor: `staff:${userId}` } as StaffReadScope;
}

export function mintStaffScope(userId: number): StaffScope {
  return { userId, actor: `staff:${userId}` } as StaffScope;
}
