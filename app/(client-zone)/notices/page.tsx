import type { Metadata } from 'next';
import { NoticesPage } from '@/components/notices/notices-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/lists/list-search';
import { readNotices } from '@/lib/notifications/actions';
import { countUnreadNotices, listNotices } from '@/lib/notifications/queries';

export const metadata: Metadata = { title: 'Notices' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope, account } = await requireCustomer();
  const { cursor } = await readListSearch(searchParams);
  const [page, unread] = await Promise.all([
    listNotices(getPool(), scope, cursor),
    countUnreadNotices(getPool(), scope),
  ]);
  return <NoticesPage page={page} unread={unread} timeZone={account.timeZone} read={readNotices} />;
}
