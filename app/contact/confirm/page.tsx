import type { Metadata } from 'next';
import { z } from 'zod';
import { ConfirmPage } from '@/components/removal-requests/confirm-page';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { openPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { confirmRemovalRequest } from '@/lib/removal-requests/actions';
import { readLink } from '@/lib/removal-requests/public-form';

// The address holds a secret.
export const metadata: Metadata = { title: 'Confirm the removal request', referrer: 'no-referrer' };

/** Of the country whose lawful hours are told. */
const timeZone = 'Africa/Johannesburg';

const query = z.object({ token: z.string().max(500).catch('') });

export default openPage({ search: query }, async (_, { search: { token } }) => {
  const link = await readLink(getPool(), token);
  if (!link.ok) return <ConfirmPage link={{ problem: link.message }} />;
  return (
    <ConfirmPage
      link={{
        token,
        account: { name: link.accountName, number: formatAccountNumber(link.accountId) },
        msisdn: link.msisdn,
        permissionText: link.permissionText,
        consent: link.consent,
        timeZone,
        confirm: confirmRemovalRequest,
      }}
    />
  );
});
