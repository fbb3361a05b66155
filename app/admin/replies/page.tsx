import type { Metadata } from 'next';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { UnownedRepliesPage } from '@/components/unowned-replies/unowned-replies-page';
import { staffPage } from '@/lib/auth/make-page';
import { leaveReply, tryReplyAgain } from '@/lib/carriers/set-aside-actions';
import { listSetAside } from '@/lib/carriers/set-aside-queries';
import { getPool } from '@/lib/db/client';
import type { ListParams } from '@/lib/lists/list-search';
import { loadList } from '@/lib/lists/load-list';
import { readList } from '@/lib/lists/read-list';
import { staffTimeZone } from '@/lib/lists/schema';
import { listWaitingReplies } from '@/lib/replies/review-queries';
import { assignReply, noteReply, suggestAccounts } from '@/lib/unowned-replies/actions';
import { unownedList } from '@/lib/unowned-replies/list';
import { countWaitingUnowned, listUndecidedReplies } from '@/lib/unowned-replies/queries';
import { composeUnownedFileName } from './file-name';

export const metadata: Metadata = { title: 'Replies' };

const shownUndecided = 8;

const readSearch = (params: ListParams) => ({
  ...unownedList.readFilter(params),
  // Whoever looks for something, or turns pages, has seen what waits.
  isWhole: Object.keys(params).length === 0,
});

export default staffPage({ search: readSearch }, async ({ scope }, { search }) => {
  const { filter, cursor, ignored, isWhole } = search;
  const [list, undecided, undecidedCounts, waiting, setAside, hiddenColumns] = await Promise.all([
    loadList(null, readList(getPool(), unownedList, scope, filter, cursor, staffTimeZone)),
    isWhole ? listUndecidedReplies(getPool(), scope, shownUndecided) : null,
    countWaitingUnowned(getPool(), scope),
    listWaitingReplies(getPool(), scope),
    listSetAside(getPool(), scope),
    readHiddenColumns(unownedList.view.name),
  ]);
  return (
    <UnownedRepliesPage
      {...list}
      ignored={ignored}
      hiddenColumns={hiddenColumns}
      undecided={undecided}
      undecidedCounts={undecidedCounts}
      waiting={waiting}
      setAside={{ replies: setAside, actions: { tryAgain: tryReplyAgain, leave: leaveReply } }}
      fileName={composeUnownedFileName()}
      decide={{ suggest: suggestAccounts, assign: assignReply, note: noteReply }}
    />
  );
});
