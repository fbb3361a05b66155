import 'server-only';
import { cookies } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { getServerSession } from 'next-auth';
import { cache } from 'react';
import { getDatabase } from '@/lib/db/client';
import { getAuthOptions, sessionCookieName } from './options';
import { mintAccountScope, mintStaffScope, type AccountScope, type StaffScope } from './scope';

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
}

export interface StaffSession {
  scope: StaffScope;
  user: SignedInUser;
}

/**
 * The person of this request, read from the database each time: a suspended user or account, a changed role or a
 * raised session epoch counts at once, whatever the token says. Once per request, however many ask.
 */
const readSession = cache(
  async (): Promise<
    | ({ role: 'CUSTOMER' } & CustomerSession)
    | ({ role: 'STAFF' } & StaffSession)
    | { role: 'NOBODY'; had: boolean }
  > => {
    const session = await getServerSession(getAuthOptions());
    if (session?.userId === undefined) return { role: 'NOBODY', had: false };
    const user = await getDatabase().prisma.user.findUnique({
      where: { id: session.userId },
      include: { account: true },
    });
    if (!user || user.status !== 'ACTIVE' || user.sessionEpoch !== session.sessionEpoch) {
      return { role: 'NOBODY', had: true };
    }
    const person = { id: user.id, name: user.name, username: user.username };
    if (user.role === 'STAFF') return { role: 'STAFF', scope: mintStaffScope(user.id), user: person };
    if (user.account?.status !== 'ACTIVE') return { role: 'NOBODY', had: true };
    return {
      role: 'CUSTOMER',
      scope: mintAccountScope(user.account.id, { userId: user.id }),
      user: person,
      account: { id: user.account.id, name: user.account.name, timeZone: user.account.timeZone },
    };
  },
);

/** The gate of the customers' pages and actions. Nobody: to the sign-in page. Staff have pages of their own. */
export async function requireCustomer(): Promise<CustomerSession> {
  const session = await readSession();
  if (session.role === 'NOBODY') redirect(session.had ? '/sign-in?reason=ended' : '/sign-in');
  if (session.role === 'STAFF') redirect('/admin');
  return session;
}

/** The gate of the staff's pages and actions. Nobody: to the sign-in page. A customer: 404. */
export async function requireStaff(): Promise<StaffSession> {
  const session = await readSession();
  if (session.role === 'NOBODY') redirect(session.had ? '/sign-in?reason=ended' : '/sign-in');
  if (session.role !== 'STAFF') notFound();
  return session;
}

/** The gate of routes that answer programs in the browser (downloads, events): null when there is no customer. */
export async function findCustomer(): Promise<CustomerSession | null> {
  const session = await readSession();
  return session.role === 'CUSTOMER' ? session : null;
}

/** Where a signed-in person belongs; null when nobody is signed in. */
export async function findHome(): Promise<'/' | '/admin' | null> {
  const session = await readSession();
  if (session.role === 'NOBODY') return null;
  return session.role === 'STAFF' ? '/admin' : '/';
}

/** Ends the session of this browser. */
export async function endSession(): Promise<void> {
  (await cookies()).delete(sessionCookieName);
}
