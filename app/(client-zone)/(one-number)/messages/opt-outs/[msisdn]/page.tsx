import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { NumberPage } from '@/components/stories/number-page';
import { composeEvidenceFileName } from '@/lib/stories/evidence-file-name';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { removeOptOutNumbers } from '@/lib/opt-outs/actions';
import { listRequestsOfNumber } from '@/lib/removal-requests/queries';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { readNumberSegment } from '@/lib/stories/canonical-number';
import { readStory } from '@/lib/stories/queries';

interface Props {
  params: Promise<{ msisdn: string }>;
  searchParams: Promise<{ before?: string | string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const msisdn = readNumberSegment((await params).msisdn);
  return { title: msisdn === null ? 'Page not found' : formatMsisdn(msisdn) };
}

export default async function Page({ params, searchParams }: Props) {
  const { scope, account } = await requireCustomer();
  const segment = (await params).msisdn;
  const msisdn = readNumberSegment(segment);
  if (msisdn === null) notFound();
  const { before } = await searchParams;
  const cursor = typeof before === 'string' ? before : undefined;
  const [story, requests] = await Promise.all([
    readStory(getPool(), scope, msisdn, { before: cursor }),
    listRequestsOfNumber(getPool(), scope, msisdn),
  ]);
  if (!story) notFound();
  if (segment !== msisdn) redirect(`/messages/opt-outs/${msisdn}`);
  return (
    <NumberPage
      story={story}
      requests={requests}
      isLatest={cursor === undefined}
      timeZone={account.timeZone}
      evidenceName={composeEvidenceFileName(account.id, msisdn, account.timeZone)}
      remove={removeOptOutNumbers}
    />
  );
}
