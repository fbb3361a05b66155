import type { Metadata } from 'next';
import { z } from 'zod';
import { DeadLinkPage } from '@/components/people/confirm-link-page';
import { InvitationPage } from '@/components/people/invitation-page';
import { signOut } from '@/lib/auth/actions';
import { findPerson } from '@/lib/auth/gates';
import { openPage } from '@/lib/auth/make-page';
import { composeSignInPath } from '@/lib/auth/return-path';
import { getPool } from '@/lib/db/client';
import { readInvitation } from '@/lib/people/invitation-commands';
import { acceptInvitation, acceptInvitationAsNew } from '@/lib/people/member-actions';
import { readOwnDetails } from '@/lib/people/own-details';

// The address holds a secret.
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

const query = z.object({ token: z.string().max(500).catch('') });

export default openPage({ search: query }, async (_, { search: { token } }) => {
  const invitation = await readInvitation(getPool(), token);
  if (!invitation.ok) {
    return <DeadLinkPage problem={invitation.message} href="/" label="Go to the Client Zone" />;
  }
  const session = await findPerson();
  const own = session && (await readOwnDetails(getPool(), session.user.id));
  const { accountName, accountNumber, role, invitedBy, email, hasUser } = invitation;
  return (
    <InvitationPage
      invitation={{ accountName, accountNumber, role, invitedBy, email, hasUser }}
      token={token}
      self={
        session &&
        own && {
          username: own.username,
          isInvited: !session.isStaff && own.email.toLowerCase() === email.toLowerCase(),
        }
      }
      signInHref={composeSignInPath({ hasEnded: false, to: `/invitation?token=${token}` })}
      accept={acceptInvitation}
      acceptAsNew={acceptInvitationAsNew}
      signOut={signOut}
    />
  );
});
