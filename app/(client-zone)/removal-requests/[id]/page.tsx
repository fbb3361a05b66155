import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RequestPage } from '@/components/removal-requests/request-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { cancelRemovalRequest } from '@/lib/removal-requests/actions';
import { readRequest } from '@/lib/removal-requests/queries';

export const metadata: Metadata = { title: 'Removal request' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { scope, account } = await requireCustomer();
  const request = await readRequest(getPool(), scope, (await params).id);
  if (!request) notFound();
  return <RequestPage request={request} timeZone={account.timeZone} cancel={cancelRemovalRequest} />;
}
