import 'server-only';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { getPool } from '@/lib/db/client';
import { composeCookie, sessionCookie } from './cookies';
import { composeSecondStepPath, composeSignInPath, requestedPathHeader } from './return-path';
import {
  mintAccountScope,
  mintHalfScope,
  mintPersonScope,
  mintStaffScope,
  type AccountScope,
  type HalfScope,
  type PersonScope,
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

export interface CustomerSession {
  scope: AccountScope;
  user: SignedInUser;
  account: { id: number; name: string; timeZone: string };
  /** For what stays open after the answer has begun: session-watch.ts tells when it ends. */
  session: WatchedSession;
}

export interface StaffSession {
  scope: StaffScope;
  user: SignedInUser;
  session: WatchedSession;
}

/** Whoever is signed in, for what is their own. */
export interface PersonSession {
  person: PersonScope;
  user: SignedInUser;
  /** Null: a member of staff. */
  account: { id: number; name: string; timeZone: string } | null;
}

/** Somebody whose second factor is still to come. */
export interface HalfSession {
  half: HalfScope;
  user: SignedInUser;
  /** Null: a member of staff. */
  account: { id: number; name: string } | null;
}

/**
 * The person of this request, read from the database each time, in one statement: a session that was ended, a
 * suspended user or account, or a changed role counts at once, whatever the token says. Once per request,
 * however many ask.
 */
const readSession = cache(
  async (): Promise<
    | ({ role: 'CUSTOMER'; person: PersonScope } & CustomerSession)
    | ({ role: 'STAFF'; person: PersonScope } & StaffSession)
    | ({ role: 'HALF' } & HalfSession)
    | { role: 'NOBODY'; had: boolean }
  > => {
    const token = await readSessionToken((await cookies()).get(sessionCookie.name)?.value);
    if (token.sessionId === null) return { role: 'NOBODY', had: token.had };
    const now = new Date();
    const live = await findLiveSession(getPool(), token.sessionId, now);
    if (!live) return { role: 'NOBODY', had: true };
    if (!(await isOpenedByItself())) await keepSeen(getPool(), live, now);
    const { id, user, account } = live;
    const owner = { userId: user.id, accountId: account?.id ?? null, sessionId: id, address: live.address };
    if (live.lacksSecondFactor) return { role: 'HALF', half: mintHalfScope(owner), user, account };
    const person = mintPersonScope(owner);
    if (account === null) {
      return {
        role: 'STAFF',
        scope: mintStaffScope(user.id),
        person,
        user,
        session: { id, accountId: null },
      };
    }
    return {
      role: 'CUSTOMER',
      scope: mintAccountScope(account.id, { userId: user.id }),
      person,
      user,
      account,
      session: { id, accountId: account.id },
    };
  },
);

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
 * have pages of their own.
 */
export async function requireCustomer(): Promise<CustomerSession> {
  const session = await readSession();
  if (session.role === 'NOBODY') return sendToSignIn(session.had);
  if (session.role === 'HALF') return sendToSecondStep();
  if (session.role === 'STAFF') redirect('/admin');
  return session;
}

/**
 * The gate of the staff's pages and actions. Nobody: to the sign-in page, or to its second step. A customer:
 * 404.
 */
export async function requireStaff(): Promise<StaffSession> {
  const session = await readSession();
  if (session.role === 'NOBODY') return sendToSignIn(session.had);
  if (session.role === 'HALF') return sendToSecondStep();
  if (session.role !== 'STAFF') notFound();
  return session;
}

/**
 * The gate of what is a person's own, customer or staff. Nobody: to the sign-in page, or to its second step.
 */
export async function requirePerson(): Promise<PersonSession> {
  const session = await readSession();
  if (session.role === 'NOBODY') return sendToSignIn(session.had);
  if (session.role === 'HALF') return sendToSecondStep();
  const { person, user } = session;
  return { person, user, account: session.role === 'CUSTOMER' ? session.account : null };
}

/** Somebody whose second factor is still to come; null for everybody else. */
export async function findHalf(): Promise<HalfSession | null> {
  const session = await readSession();
  return session.role === 'HALF' ? session : null;
}

/**
 * The gate of the second step's actions. Whoever is not there is led to the sign-in page, and from there
 * where they belong.
 */
export async function requireHalf(): Promise<HalfSession> {
  const session = await readSession();
  if (session.role === 'HALF') return session;
  return sendToSignIn(session.role === 'NOBODY' && session.had);
}

/**
 * The gate of routes that answer programs in the browser (downloads, events): null when there is no customer.
 */
export async function findCustomer(): Promise<CustomerSession | null> {
  const session = await readSession();
  return session.role === 'CUSTOMER' ? session : null;
}

/** The same for staff. */
export async function findStaff(): Promise<StaffSession | null> {
  const session = await readSession();
  return session.role === 'STAFF' ? session : null;
}

/** Where a signed-in person belongs; null when nobody is, or a second factor is still to come. */
export async function findHome(): Promise<'/' | '/admin' | null> {
  const session = await readSession();
  if (session.role === 'NOBODY' || session.role === 'HALF') return null;
  return session.role === 'STAFF' ? '/admin' : '/';
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
