import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { z } from 'zod';
import { NumberPage } from '@/components/stories/number-page';
import { composeEvidenceFileName } from '@/lib/stories/evidence-file-name';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { withdrawConsentByHand } from '@/lib/consents/actions';
import { getPool } from '@/lib/db/client';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { removeOptOutNumbers } from '@/lib/opt-outs/actions';
import { findBlockedElsewhere } from '@/lib/opt-outs/family-queries';
import { listRequestsOfNumber } from '@/lib/removal-requests/queries';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { readNumberSegment } from '@/lib/stories/canonical-number';
import { readStory } from '@/lib/stories/queries';

const number = z.object({ msisdn: z.string() }).transform(({ msisdn: segment }, context) => {
  const msisdn = readNumberSegment(segment);
  if (msisdn !== null) return { segment, msisdn };
  context.addIssue({ code: 'custom', message: 'This is no number.', input: segment });
  return z.NEVER;
});
const place = z.object({ before: z.string().optional().catch(undefined) });

export async function generateMetadata({ params }: { params: Promise<unknown> }): Promise<Metadata> {
  const parsed = number.safeParse(await params);
  return { title: parsed.success ? formatMsisdn(parsed.data.msisdn) : 'Page not found' };
}

export default customerPage(
  { params: number, search: place },
  async ({ scope, account }, { params, search }) => {
    const { segment, msisdn } = params;
    const { before: cursor } = search;
    const [story, requests, elsewhere] = await Promise.all([
      readStory(getPool(), scope, msisdn, { before: cursor }),
      listRequestsOfNumber(getPool(), scope, msisdn),
      findBlockedElsewhere(getPool(), scope, [msisdn]),
    ]);
    if (!story) notFound();
    if (segment !== msisdn) redirect(`/messages/opt-outs/${msisdn}`);
    return (
      <NumberPage
        story={story}
        requests={requests}
        isBlockedElsewhere={elsewhere.has(msisdn)}
        isLatest={cursor === undefined}
        timeZone={account.timeZone}
        complaintName={`${formatAccountNumber(account.id)}-${msisdn}-complaint`}
        today={new Intl.DateTimeFormat('en-CA', { timeZone: account.timeZone }).format(new Date())}
        evidenceName={composeEvidenceFileName(account.id, msisdn, account.timeZone)}
        consentToday={readCalendar(new Date()).date}
        remove={removeOptOutNumbers}
        withdraw={withdrawConsentByHand}
      />
    );
  },
);
