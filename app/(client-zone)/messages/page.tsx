import type { Metadata } from 'next';
import { MessagesPage } from '@/components/messages/messages-page';
import { composeFileName, formatAccountNumber } from '@/lib/accounts/account-number';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/http/list-search';
import { listMessages } from '@/lib/messages/queries';
import { listReplies } from '@/lib/replies/queries';

export const metadata: Metadata = { title: 'Message Logs' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope, account } = await requireCustomer();
  const { search, cursor } = await readListSearch(searchParams);
  const tab = (await searchParams).tab === 'incoming' ? 'incoming' : 'outgoing';
  const common = {
    accountNumber: formatAccountNumber(account.id),
    timeZone: account.timeZone,
    fileName: composeFileName(account.id, tab, account.timeZone),
  };
  return tab === 'outgoing' ? (
    <MessagesPage {...common} tab={tab} page={await listMessages(getPool(), scope, { search }, cursor)} />
  ) : (
    <MessagesPage {...common} tab={tab} page={await listReplies(getPool(), scope, { search }, cursor)} />
  );
}
