'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { signInRegistered } from '@/lib/auth/begin-session';
import { customerAction, openAction, personAction } from '@/lib/auth/make-action';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import { RateLimit } from '@/lib/http/rate-limit';
import * as invitations from './invitation-commands';
import * as members from './member-commands';
import { refuseForNow } from './throttle';

const unchanged = 'This could not be done just now. Nothing was changed; try again.';
const findVisit = async () => ({ address: await findVisitorAddress() });
const person = z.object({ userId: z.int32().positive() });
const invitationId = z.object({ id: z.string().regex(/^\d{1,18}$/) });
const manner = { may: 'people.manage', failed: unchanged, refreshes: true } as const;

/** Each sends an e-mail to somebody who has not asked for it. */
const invitationLimit = {
  of: new RateLimit('invitations', 50, 86_400),
  key: ({ accountId }: { accountId: number }) => String(accountId),
  refuse: (seconds: number) => refuseForNow(seconds).message,
};

/** Invites somebody by e-mail. */
export const invitePerson = customerAction(
  invitations.invitationForm,
  async (pool, scope, form) => invitations.invite(pool, scope, form, await findVisit()),
  { ...manner, doing: 'Inviting somebody', limit: invitationLimit },
);

/** Sends an invitation again, with a new link. */
export const sendInvitationAgain = customerAction(
  invitationId,
  async (pool, scope, { id }) => invitations.resendInvitation(pool, scope, id, await findVisit()),
  { ...manner, doing: 'Sending an invitation again', limit: invitationLimit },
);

export const withdrawInvitation = customerAction(
  invitationId,
  async (pool, scope, { id }) => invitations.withdrawInvitation(pool, scope, id, await findVisit()),
  { ...manner, doing: 'Withdrawing an invitation' },
);

export const changePersonRole = customerAction(
  person.extend({ role: invitations.memberRole }),
  async (pool, scope, change) => members.changeRole(pool, scope, change, await findVisit()),
  { ...manner, doing: 'Changing a role' },
);

export const suspendPerson = customerAction(
  person,
  async (pool, scope, { userId }) => members.suspendMember(pool, scope, userId, await findVisit()),
  { ...manner, doing: 'Suspending somebody' },
);

export const reinstatePerson = customerAction(
  person,
  async (pool, scope, { userId }) => members.reinstateMember(pool, scope, userId, await findVisit()),
  { ...manner, doing: 'Reinstating somebody' },
);

export const removePerson = customerAction(
  person,
  async (pool, scope, { userId }) => members.removeMember(pool, scope, userId, await findVisit()),
  { ...manner, doing: 'Removing somebody' },
);

/** Makes somebody else the owner in one's own place. */
export const handOverAccount = customerAction(
  person,
  async (pool, scope, { userId }) => members.handOver(pool, scope, userId, await findVisit()),
  { ...manner, may: 'owners.manage', doing: 'Handing over an account' },
);

/** Leads home. What the browser keeps of pages, the frame around them too, is of the account before. */
function openAccount(): never {
  revalidatePath('/', 'layout');
  redirect('/');
}

/** Goes on in another of one's own accounts. */
export const switchOwnAccount = personAction(
  z.object({ accountId: z.int32().positive() }),
  async (pool, self, { accountId }) => {
    const result = await members.switchAccount(pool, self, accountId);
    if (result.ok) openAccount();
    return result;
  },
  { doing: 'Switching to another account', failed: unchanged },
);

/** Accepts an invitation as whoever is signed in. */
export const acceptInvitation = personAction(
  z.object({ token: z.string().max(500) }),
  async (pool, self, { token }) => {
    const result = await invitations.acceptAsSelf(pool, self, token);
    if (result.ok) openAccount();
    return result;
  },
  { doing: 'Accepting an invitation', failed: unchanged },
);

/** Leaves an account; whatever one may do in it, but for its last owner. */
export const leaveAccount = personAction(
  z.object({ accountId: z.int32().positive() }),
  (pool, person, { accountId }) => members.leaveAccount(pool, person, accountId),
  { doing: 'Leaving an account', failed: 'You are still in the account; try again.', refreshes: true },
);

/** Accepts an invitation as somebody new, and signs them in. The link is the gate. */
export const acceptInvitationAsNew = openAction(
  invitations.newcomerForm,
  async (pool, _, form) => {
    const now = new Date();
    const result = await invitations.acceptAsNew(pool, form, await findVisit(), now);
    if (!result.ok) return result;
    await signInRegistered(result.userId, now, result.needsFactor);
    redirect('/');
  },
  { doing: 'Accepting an invitation', failed: unchanged },
);
