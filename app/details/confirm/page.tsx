import type { Metadata } from 'next';
import { z } from 'zod';
import { ConfirmLinkPage, DeadLinkPage } from '@/components/people/confirm-link-page';
import { openPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { confirmOwnEmail } from '@/lib/people/own-actions';
import { readEmailChangeLink } from '@/lib/people/own-details';

// The address holds a secret.
export const metadata: Metadata = { title: 'Confirm your new e-mail address', referrer: 'no-referrer' };

const query = z.object({ token: z.string().max(500).catch('') });

export default openPage({ search: query }, async (_, { search: { token } }) => {
  const link = await readEmailChangeLink(getPool(), token);
  if (!link.ok) return <DeadLinkPage problem={link.message} href="/details" label="Go to your details" />;
  return (
    <ConfirmLinkPage
      title="Confirm your new e-mail address"
      intro={`With the button ${link.email} becomes the address of your user. We tell the old one.`}
      token={token}
      button="Confirm my new address"
      confirm={confirmOwnEmail}
      done={{
        title: 'Your e-mail address is changed',
        text: `From now on we write to ${link.email}.`,
        href: '/details',
        label: 'Go to your details',
      }}
      undone="Your address is as it was."
    />
  );
});
