import type { Metadata } from 'next';
import { z } from 'zod';
import { requestTabs } from '@/components/removal-requests/request-tabs';
import { AllRequestsPage } from '@/components/removal-requests/all-requests-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readListSearch, type ListParams } from '@/lib/lists/list-search';
import { listAllRequests, listQueue } from '@/lib/removal-requests/queries';
import { decideRemovalRequests } from '@/lib/removal-requests/staff-actions';

export const metadata: Metadata = { title: 'Removal requests' };

const tabSchema = z.enum(requestTabs).catch('AWAITING_APPROVAL');
const readTab = (params: ListParams) => ({ tab: tabSchema.parse(params.state), ...readListSearch(params) });

export default staffPage({ search: readTab }, async ({ scope }, { search: { tab, search, cursor } }) => {
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
  const filter = { search, state: tab === 'ALL' ? null : tab, accountId: null };
  return (
    <AllRequestsPage
      tab={tab}
      counts={counts}
      page={await listAllRequests(getPool(), scope, filter, cursor)}
    />
  );
});
