import type { Metadata } from 'next';
import { MessagesPage } from '@/components/messages/messages-page';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import type { SearchParams } from '@/lib/lists/list-search';
import { loadList } from '@/lib/lists/load-list';
import { readMessageFilter } from '@/lib/messages/list-filter';
import { listMessages } from '@/lib/messages/queries';
import { readReplyFilter } from '@/lib/replies/list-filter';
import { listReplies } from '@/lib/replies/queries';
import { countRepliesToReview } from '@/lib/replies/review';

export const metadata: Metadata = { title: 'Message Logs' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope, account } = await requireCustomer();
  const { id, timeZone } = account;
  const params = await searchParams;
  const tab = params.tab === 'incoming' ? 'incoming' : 'outgoing';
  const common = {
    accountNumber: formatAccountNumber(id),
    timeZone,
    fileName: composeFileName(id, tab, timeZone),
    toReview: await countRepliesToReview(getPool(), scope),
  };
  if (tab === 'outgoing') {
    const { filter, cursor, ignored } = readMessageFilter(params);
    const list = await loadList(id, listMessages(getPool(), scope, filter, cursor, timeZone));
    return <MessagesPage {...common} {...list} tab={tab} ignored={ignored} />;
  }
  const { filter, cursor, ignored } = readReplyFilter(params);
  const list = await loadList(id, listReplies(getPool(), scope, filter, cursor, timeZone));
  return <MessagesPage {...common} {...list} tab={tab} ignored={ignored} />;
}
