import type { Metadata } from 'next';
import { MessagesPage } from '@/components/messages/messages-page';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import type { ListParams } from '@/lib/lists/list-search';
import { loadList } from '@/lib/lists/load-list';
import { readList } from '@/lib/lists/read-list';
import { messageList } from '@/lib/messages/list';
import { replyList } from '@/lib/replies/list';
import { countRepliesToReview } from '@/lib/replies/review-queries';

export const metadata: Metadata = { title: 'Message Logs' };

export default customerPage(
  { search: (params: ListParams) => params },
  async ({ scope, account }, { search: params }) => {
    const { id, timeZone } = account;
    const tab = params.tab === 'incoming' ? 'incoming' : 'outgoing';
    const common = {
      accountNumber: formatAccountNumber(id),
      timeZone,
      fileName: composeFileName(id, tab, timeZone),
      toReview: await countRepliesToReview(getPool(), scope),
    };
    if (tab === 'outgoing') {
      const { filter, cursor, ignored } = messageList.readFilter(params);
      const rows = askReplica((pool) => readList(pool, messageList, scope, filter, cursor, timeZone));
      const list = await loadList(id, rows);
      return <MessagesPage {...common} {...list} tab={tab} ignored={ignored} />;
    }
    const { filter, cursor, ignored } = replyList.readFilter(params);
    const rows = askReplica((pool) => readList(pool, replyList, scope, filter, cursor, timeZone));
    const list = await loadList(id, rows);
    return <MessagesPage {...common} {...list} tab={tab} ignored={ignored} />;
  },
);
