import type { Metadata } from 'next';
import { z } from 'zod';
import { NewRequestPage } from '@/components/removal-requests/new-request-page';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { checkNumber, requestNumberRemoval } from '@/lib/removal-requests/actions';
import { describePermission } from '@/lib/removal-requests/consent';
import { previewConsent, previewRequest } from '@/lib/removal-requests/queries';
import { formatMsisdn } from '@/lib/sms/msisdn';

export const metadata: Metadata = { title: 'Request removal' };

const query = z.object({ number: z.string().max(40).catch('') });

export default customerPage(
  { may: 'removal-requests.make', search: query },
  async ({ scope, account }, { search: { number } }) => {
    const [consent, preview] = await Promise.all([
      previewConsent(getPool(), scope),
      number ? previewRequest(getPool(), scope, number) : null,
    ]);
    return (
      <NewRequestPage
        account={{ name: account.name, number: formatAccountNumber(account.id) }}
        timeZone={account.timeZone}
        initialNumber={preview?.ok ? formatMsisdn(preview.msisdn) : formatMsisdn(number.replace(/^\+/, ''))}
        initialPreview={preview}
        consent={consent}
        permissionText={describePermission(account.name, null)}
        check={checkNumber}
        request={requestNumberRemoval}
      />
    );
  },
);
