import type { Metadata } from 'next';
import { AccountsPage } from '@/components/accounts/accounts-page';
import { searchAccounts } from '@/lib/accounts/queries';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/lists/list-search';

export const metadata: Metadata = { title: 'Accounts' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope } = await requireStaff();
  const { search } = await readListSearch(searchParams);
  const { cursor } = await searchParams;
  // Accounts are in the order of their numbers: the page begins after one.
  const after = typeof cursor === 'string' && /^\d{1,9}$/.test(cursor) ? Number(cursor) : null;
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
}
