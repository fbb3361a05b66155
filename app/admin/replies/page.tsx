import type { Metadata } from 'next';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { UnownedRepliesPage } from '@/components/unowned-replies/unowned-replies-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import type { SearchParams } from '@/lib/lists/list-search';
import { loadList } from '@/lib/lists/load-list';
import { listWaitingReplies } from '@/lib/replies/review';
import { assignReply, noteReply, suggestAccounts } from '@/lib/unowned-replies/actions';
import { readUnownedFilter } from '@/lib/unowned-replies/list-filter';
import { listUnownedReplies } from '@/lib/unowned-replies/queries';
import { composeUnownedFileName } from './file-name';

export const metadata: Metadata = { title: 'Replies' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope } = await requireStaff();
  const { filter, cursor, ignored } = readUnownedFilter(await searchParams);
  const [list, waiting, hiddenColumns] = await Promise.all([
    loadList(null, listUnownedReplies(getPool(), scope, filter, cursor)),
    listWaitingReplies(getPool(), scope),
    readHiddenColumns('unowned-replies'),
  ]);
  return (
    <UnownedRepliesPage
      {...list}
      ignored={ignored}
      hiddenColumns={hiddenColumns}
      waiting={waiting}
      fileName={composeUnownedFileName()}
      decide={{ suggest: suggestAccounts, assign: assignReply, note: noteReply }}
    />
  );
}
