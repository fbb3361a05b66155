import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DecisionPage } from '@/components/removal-requests/decision-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readAllRegistryRecords } from '@/lib/registry/queries';
import { wholeIndustry } from '@/lib/registry/schema';
import { listQueue, readStaffRequest } from '@/lib/removal-requests/queries';
import { decideRemovalRequests } from '@/lib/removal-requests/staff-actions';
import { keySchema } from '../../../read-key';

export const metadata: Metadata = { title: 'Removal request' };

export default staffPage(
  { params: keySchema },
  async ({ scope }, { params: { accountId, id: requestId } }) => {
    const [request, queue] = await Promise.all([
      readStaffRequest(getPool(), scope, { accountId, requestId }),
      listQueue(getPool(), scope),
    ]);
    if (!request) notFound();
    const registry = await readAllRegistryRecords(getPool(), request.msisdn);
    const others = queue.rows.filter(
      (row) => row.state === 'AWAITING_APPROVAL' && !(row.accountId === accountId && row.id === requestId),
    );
    // The next that has waited as long or less; after the last of them the first, which was passed over.
    const since = request.answeredAt ?? '';
    const next = others.find((row) => (row.answeredAt ?? '') >= since) ?? others[0];
    return (
      <DecisionPage
        request={request}
        isOnRegistry={registry.some(
          ({ marketerId, liftedAt }) => liftedAt === null && [wholeIndustry, accountId].includes(marketerId),
        )}
        decide={decideRemovalRequests}
        nextHref={next ? `/admin/removal-requests/${next.accountId}/${next.id}` : null}
      />
    );
  },
);
