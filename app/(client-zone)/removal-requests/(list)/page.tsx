import type { Metadata } from 'next';
import { z } from 'zod';
import { RequestsPage } from '@/components/removal-requests/requests-page';
import { customerPage } from '@/lib/auth/make-page';
import { askReplica } from '@/lib/lists/ask-replica';
import { readListSearch, type ListParams } from '@/lib/lists/list-search';
import { listRequests } from '@/lib/removal-requests/queries';
import { removalRequestStates } from '@/lib/removal-requests/schema';

export const metadata: Metadata = { title: 'Removal requests' };

const query = z.object({ state: z.enum(removalRequestStates).nullable().catch(null) });
const readRequestSearch = (params: ListParams) => ({ ...readListSearch(params), ...query.parse(params) });

export default customerPage(
  { search: readRequestSearch },
  async ({ scope, account }, { search: { search, cursor, state } }) => (
    <RequestsPage
      page={await askReplica((pool) => listRequests(pool, scope, { search, state }, cursor))}
      state={state}
      timeZone={account.timeZone}
    />
  ),
);
