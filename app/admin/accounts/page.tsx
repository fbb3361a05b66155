import type { Metadata } from 'next';
import { AccountsPage } from '@/components/accounts/accounts-page';
import { searchAccounts } from '@/lib/accounts/queries';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readListSearch, type ListParams } from '@/lib/lists/list-search';

export const metadata: Metadata = { title: 'Accounts' };

function readAccountSearch(params: ListParams) {
  const { cursor } = params;
  // Accounts are in the order of their numbers: the page begins after one.
  const after = typeof cursor === 'string' && /^\d{1,9}$/.test(cursor) ? Number(cursor) : null;
  return { search: readListSearch(params).search, after };
}

export default staffPage({ search: readAccountSearch }, async ({ scope }, { search: { search, after } }) => {
  const { rows, next } = await searchAccounts(getPool(), scope, search, after);
  const getHref = (start: number | null) =>
    `/admin/accounts?${new URLSearchParams({ ...(search && { q: search }), ...(start && { cursor: String(start) }) })}`;
  return (
    <AccountsPage
      accounts={rows}
      firstHref={after === null ? null : getHref(null)}
      nextHref={next === null ? null : getHref(next)}
    />
  );
});
