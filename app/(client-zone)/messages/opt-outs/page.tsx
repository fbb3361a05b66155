import type { Metadata } from 'next';
import { OptOutsPage } from '@/components/opt-outs/opt-outs-page';
import { composeFileName, formatAccountNumber } from '@/lib/accounts/account-number';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/http/list-search';
import { countOptOuts, listOptOuts } from '@/lib/opt-outs/queries';

export const metadata: Metadata = { title: 'Auto Opt-Outs' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope, account } = await requireCustomer();
  const { search, cursor } = await readListSearch(searchParams);
  const [page, total] = await Promise.all([
    listOptOuts(getPool(), scope, { search }, cursor),
    countOptOuts(getPool(), scope),
  ]);
  return (
    <OptOutsPage
      page={page}
      total={total}
      accountNumber={formatAccountNumber(account.id)}
      timeZone={account.timeZone}
      fileName={composeFileName(account.id, 'auto-opt-outs', account.timeZone)}
    />
  );
}
