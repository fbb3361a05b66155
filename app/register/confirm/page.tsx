import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { z } from 'zod';
import { ConfirmLinkPage, DeadLinkPage } from '@/components/people/confirm-link-page';
import { getPool } from '@/lib/db/client';
import { confirmRegistrationEmail } from '@/lib/people/actions';
import { readRegistrationLink } from '@/lib/people/registration';

// The address holds a secret.
export const metadata: Metadata = { title: 'Confirm your e-mail address', referrer: 'no-referrer' };

const query = z.object({ token: z.string().max(500).catch('') });

export default openPage({ search: query }, async (_, { search: { token } }) => {
  const link = await readRegistrationLink(getPool(), token);
  // One that is used leads on in its own browser: the button finds out.
  if (!link.ok && link.reason !== 'used') {
    return <DeadLinkPage problem={link.message} href="/register" label="Register again" />;
  }
  return (
    <ConfirmLinkPage
      title="Confirm your e-mail address"
      intro={
        link.ok
          ? `With the button you confirm that ${link.email} is yours. Then we send a code to your phone.`
          : 'This link has been used. Go on with your registration here, if it was in this browser.'
      }
      token={token}
      button={link.ok ? 'Confirm and send the code' : 'Go on'}
      confirm={confirmRegistrationEmail}
      undone="Your address is not confirmed yet."
    />
  );
});
