import type { Metadata } from 'next';
import { z } from 'zod';
import { requestTabs } from '@/components/removal-requests/request-tabs';
import { AllRequestsPage } from '@/components/removal-requests/all-requests-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/lists/list-search';
import { listAllRequests, listQueue } from '@/lib/removal-requests/queries';
import { decideRemovalRequests } from '@/lib/removal-requests/staff-actions';

export const metadata: Metadata = { title: 'Removal requests' };

const tabSchema = z.enum(requestTabs).catch('AWAITING_APPROVAL');

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope } = await requireStaff();
  const tab = tabSchema.parse((await searchParams).state);
  const { rows, counts, more } = await listQueue(getPool(), scope);
  if (tab === 'AWAITING_APPROVAL') {
    const waiting = rows.filter(({ state }) => state === tab);
    return (
      <AllRequestsPage
        tab={tab}
        counts={counts}
        rows={waiting}
        more={more && waiting.length < counts[tab]}
        decide={decideRemovalRequests}
      />
    );
  }
  const { search, cursor } = await readListSearch(searchParams);
  const filter = { search, state: tab === 'ALL' ? null : tab, accountId: null };
  return (
    <AllRequestsPage
      tab={tab}
      counts={counts}
      page={await listAllRequests(getPool(), scope, filter, cursor)}
    />
  );
}
