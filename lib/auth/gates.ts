import 'server-only';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { getPool } from '@/lib/db/client';
import { composeCookie, sessionCookie } from './cookies';
import { composeSecondStepPath, composeSignInPath, requestedPathHeader } from './return-path';
import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';
import { ForbiddenError } from './forbidden';
import {
  mayDo,
  mayDoAsStaff,
  type CustomerPermission,
  type ReadingPermission,
  type StaffPermission,
  type StaffReadingPermission,
} from './permissions';
import {
  mintAccountReadScope,
  mintAccountScope,
  mintHalfScope,
  mintPersonScope,
  mintStaffReadScope,
  mintStaffScope,
  type AccountReadScope,
  type AccountScope,
  type HalfScope,
  type PersonScope,
  type StaffReadScope,
  type StaffScope,
} from './scope';
import { readSessionToken } from './session-token';
import { endSession, findLiveSession, keepSeen, type WatchedSession } from './sessions';

/** Who is signed in, as a page greets them. */
export interface SignedInUser {
  id: number;
  name: string;
  username: string;
}

/**
 * With what scope something is done that needs this permission: what changes nothing, with one for reading.
 */
export type ScopeOf<May extends CustomerPermission> = May extends ReadingPermission
  ? AccountReadScope
  : AccountScope;

/** The same for staff. */
export type StaffScopeOf<May extends StaffPermission> = May extends StaffReadingPermission
  ? StaffReadScope
  : StaffScope;

export interface CustomerSession<Scope extends AccountReadScope = AccountReadScope> {
  scope: Scope;
  /** In the account. */
  role: MemberRole;
  user: SignedInUser;
  account: { id: number; name: string; timeZone: string };
  /** For what stays open after the answer has begun: session-watch.ts tells when it ends. */
  session: WatchedSession;
}

export interface StaffSession<Scope extends StaffReadScope = StaffReadScope> {
  scope: Scope;
  role: StaffRole;
  user: SignedInUser;
  session: WatchedSession;
}

/** Whoever is signed in, for what is their own. */
export interface PersonSession {
  person: PersonScope;
  user: SignedInUser;
  isStaff: boolean;
  /** Null: a member of staff, or somebody who belongs to no account. */
  account: { id: number; name: string; timeZone: string } | null;
}

/** Somebody whose second factor is still to come. */
export interface HalfSession {
  half: HalfScope;
  user: SignedInUser;
  isStaff: boolean;
  /** Null: a member of staff, or somebody who belongs to no account. */
  account: { id: number; name: string } | null;
}

/**
 * The person of this request, read from the database each time, in one statement: a session that was ended, a
 * suspended user or account, or a changed role counts at once, whatever the token says. Once per request,
 * however many ask.
 */
const readSession = cache(
  async (): Promise<
    | { kind: 'CUSTOMER'; person: PersonScope; session: Omit<CustomerSession, 'scope'> }
    | { kind: 'STAFF'; person: PersonScope; session: Omit<StaffSession, 'scope'> }
    | { kind: 'OUTSIDER'; person: PersonScope; session: { user: SignedInUser } }
    | { kind: 'HALF'; half: HalfSession }
    | { kind: 'NOBODY'; had: boolean }
  > => {
    const token = await readSessionToken((await cookies()).get(sessionCookie.name)?.value);
    if (token.sessionId === null) return { kind: 'NOBODY', had: token.had };
    const now = new Date();
    const live = await findLiveSession(getPool(), token.sessionId, now);
    if (!live) return { kind: 'NOBODY', had: true };
    if (!(await isOpenedByItself())) await keepSeen(getPool(), live, now);
    const { id, user, account, staffRole } = live;
    const owner = { userId: user.id, accountId: account?.id ?? null, sessionId: id, address: live.address };
    if (live.lacksSecondFactor) {
      return {
        kind: 'HALF',
        half: { half: mintHalfScope(owner), user, account, isStaff: staffRole !== null },
      };
    }
    const person = mintPersonScope(owner);
    const session = { id, accountId: owner.accountId };
    if (staffRole !== null) return { kind: 'STAFF', person, session: { role: staffRole, user, session } };
    if (account === null) return { kind: 'OUTSIDER', person, session: { user } };
    const { role, ...rest } = account;
    return { kind: 'CUSTOMER', person, session: { role, user, account: rest, session } };
  },
);

/**
 * The one place where what somebody may becomes a scope. Throws a {@link ForbiddenError} when they may not.
 */
function openAs<May extends CustomerPermission>(
  session: Omit<CustomerSession, 'scope'>,
  { address }: PersonScope,
  may: May,
): CustomerSession<ScopeOf<May>> {
  const { role, user, account } = session;
  if (!mayDo(role, may)) throw new ForbiddenError({ inAccount: role });
  const scope = mayDo('VIEWER', may)
    ? mintAccountReadScope(account.id, `user:${user.id}`, user.id)
    : mintAccountScope(account.id, { userId: user.id, address });
  return { ...session, scope: scope as ScopeOf<May> };
}

function openAsStaff<May extends StaffPermission>(
  session: Omit<StaffSession, 'scope'>,
  may: May,
): StaffSession<StaffScopeOf<May>> {
  const { role, user } = session;
  if (!mayDoAsStaff(role, may)) throw new ForbiddenError({ ofStaff: role });
  const scope = mayDoAsStaff('SUPPORT', may) ? mintStaffReadScope(user.id) : mintStaffScope(user.id);
  return { ...session, scope: scope as StaffScopeOf<May> };
}

/**
 * An event stream connects again by itself for as long as a page lies open: that is no sign of somebody being
 * there.
 */
async function isOpenedByItself(): Promise<boolean> {
  return (await headers()).get('accept')?.includes('text/event-stream') ?? false;
}

/** To the sign-in page, and from there back to the page that was asked for. */
async function sendToSignIn(hasEnded: boolean): Promise<never> {
  redirect(composeSignInPath({ hasEnded, to: (await headers()).get(requestedPathHeader) }));
}

/**
 * To the second step of signing in, before which nothing opens, and from there on to the page that was asked
 * for.
 */
async function sendToSecondStep(): Promise<never> {
  redirect(composeSecondStepPath((await headers()).get(requestedPathHeader)));
}

/**
 * The gate of the customers' pages and actions. Nobody: to the sign-in page, or to its second step. Staff
 * have pages of their own; whoever belongs to no account has one that says so. A role that may not: a {@link
 * ForbiddenError}.
 */
export async function requireCustomer<May extends CustomerPermission = 'account.read'>(
  may = 'account.read' as May,
): Promise<CustomerSession<ScopeOf<May>>> {
  const found = await readSession();
  if (found.kind === 'NOBODY') return sendToSignIn(found.had);
  if (found.kind === 'HALF') return sendToSecondStep();
  if (found.kind === 'STAFF') redirect('/admin');
  if (found.kind === 'OUTSIDER') redirect('/accounts');
  return openAs(found.session, found.person, may);
}

/**
 * The gate of the staff's pages and actions. Nobody: to the sign-in page, or to its second step. A customer:
 * 404. A role that may not: a {@link ForbiddenError}.
 */
export async function requireStaff<May extends StaffPermission = 'staff.read'>(
  may = 'staff.read' as May,
): Promise<StaffSession<StaffScopeOf<May>>> {
  const found = await readSession();
  if (found.kind === 'NOBODY') return sendToSignIn(found.had);
  if (found.kind === 'HALF') return sendToSecondStep();
  if (found.kind !== 'STAFF') notFound();
  return openAsStaff(found.session, may);
}

/** Whoever is wholly signed in, customer or staff; null otherwise. */
export async function findPerson(): Promise<PersonSession | null> {
  const found = await readSession();
  return found.kind === 'NOBODY' || found.kind === 'HALF' ? null : describePerson(found);
}

function describePerson(
  found: Extract<Awaited<ReturnType<typeof readSession>>, { person: PersonScope }>,
): PersonSession {
  return {
    person: found.person,
    user: found.session.user,
    isStaff: found.kind === 'STAFF',
    account: found.kind === 'CUSTOMER' ? found.session.account : null,
  };
}

/**
 * The gate of what is a person's own, customer or staff. Nobody: to the sign-in page, or to its second step.
 */
export async function requirePerson(): Promise<PersonSession> {
  const found = await readSession();
  if (found.kind === 'NOBODY') return sendToSignIn(found.had);
  if (found.kind === 'HALF') return sendToSecondStep();
  return describePerson(found);
}

/** Somebody whose second factor is still to come; null for everybody else. */
export async function findHalf(): Promise<HalfSession | null> {
  const found = await readSession();
  return found.kind === 'HALF' ? found.half : null;
}

/**
 * The gate of the second step's actions. Whoever is not there is led to the sign-in page, and from there
 * where they belong.
 */
export async function requireHalf(): Promise<HalfSession> {
  const found = await readSession();
  if (found.kind === 'HALF') return found.half;
  return sendToSignIn(found.kind === 'NOBODY' && found.had);
}

/**
 * The gate of routes that answer programs in the browser (downloads, events): null when there is no customer.
 * A role that may not: a {@link ForbiddenError}.
 */
export async function findCustomer<May extends CustomerPermission = 'account.read'>(
  may = 'account.read' as May,
): Promise<CustomerSession<ScopeOf<May>> | null> {
  const found = await readSession();
  return found.kind === 'CUSTOMER' ? openAs(found.session, found.person, may) : null;
}

/** The same for staff. */
export async function findStaff<May extends StaffPermission = 'staff.read'>(
  may = 'staff.read' as May,
): Promise<StaffSession<StaffScopeOf<May>> | null> {
  const found = await readSession();
  return found.kind === 'STAFF' ? openAsStaff(found.session, may) : null;
}

/** Where a signed-in person belongs; null when nobody is, or a second factor is still to come. */
export async function findHome(): Promise<'/' | '/admin' | '/accounts' | null> {
  const { kind } = await readSession();
  if (kind === 'NOBODY' || kind === 'HALF') return null;
  if (kind === 'OUTSIDER') return '/accounts';
  return kind === 'STAFF' ? '/admin' : '/';
}

/**
 * Ends the session of this browser: on the server first, so that a token kept elsewhere opens nothing either.
 */
export async function endOwnSession(): Promise<void> {
  const jar = await cookies();
  const { sessionId } = await readSessionToken(jar.get(sessionCookie.name)?.value);
  if (sessionId !== null) await endSession(getPool(), sessionId);
  jar.set(composeCookie(sessionCookie, '', 0));
}
