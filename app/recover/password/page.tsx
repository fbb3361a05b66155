import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { z } from 'zod';
import { DeadLinkPage } from '@/components/people/confirm-link-page';
import { NewPasswordPage } from '@/components/people/new-password-page';
import { getPool } from '@/lib/db/client';
import { setNewPassword } from '@/lib/people/actions';
import { readRecoveryLink } from '@/lib/people/recovery';

// The address holds a secret.
export const metadata: Metadata = { title: 'Choose a new password', referrer: 'no-referrer' };

const query = z.object({ token: z.string().max(500).catch('') });

export default openPage({ search: query }, async (_, { search: { token } }) => {
  const link = await readRecoveryLink(getPool(), token);
  if (!link.ok) return <DeadLinkPage problem={link.message} href="/recover" label="Ask for a new link" />;
  return <NewPasswordPage token={token} newcomer={link.newcomer} choose={setNewPassword} />;
});
