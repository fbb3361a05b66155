import type { Metadata } from 'next';
import { NoticesPage } from '@/components/notices/notices-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readListSearch } from '@/lib/lists/list-search';
import { readNotices } from '@/lib/notices/actions';
import { countUnreadNotices, listNotices } from '@/lib/notices/queries';

export const metadata: Metadata = { title: 'Notices' };

export default customerPage(
  { search: readListSearch },
  async ({ scope, account }, { search: { cursor } }) => {
    const [page, unread] = await Promise.all([
      listNotices(getPool(), scope, cursor),
      countUnreadNotices(getPool(), scope),
    ]);
    return <NoticesPage page={page} unread={unread} timeZone={account.timeZone} read={readNotices} />;
  },
);
