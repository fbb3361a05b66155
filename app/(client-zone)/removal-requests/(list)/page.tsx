import type { Metadata } from 'next';
import { z } from 'zod';
import { RequestsPage } from '@/components/removal-requests/requests-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/lists/list-search';
import { listRequests } from '@/lib/removal-requests/queries';
import { removalRequestStates } from '@/lib/removal-requests/schema';

export const metadata: Metadata = { title: 'Removal requests' };

const query = z.object({ state: z.enum(removalRequestStates).nullable().catch(null) });

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope, account } = await requireCustomer();
  const { search, cursor } = await readListSearch(searchParams);
  const { state } = query.parse(await searchParams);
  return (
    <RequestsPage
      page={await listRequests(getPool(), scope, { search, state }, cursor)}
      state={state}
      timeZone={account.timeZone}
    />
  );
}
