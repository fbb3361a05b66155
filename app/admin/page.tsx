import type { Metadata } from 'next';
import { AdminHomePage } from '@/components/admin/admin-home-page';
import { formatAccountNumber } from '@/lib/accounts/account-number';
import { listAccounts } from '@/lib/accounts/queries';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { listUnownedReplies } from '@/lib/replies/queries';

export const metadata: Metadata = { title: 'Accounts' };

/** Where the provider's staff work. */
const staffTimeZone = 'Africa/Johannesburg';

export default async function Page() {
  const { scope } = await requireStaff();
  const [accounts, unownedReplies] = await Promise.all([
    listAccounts(getPool(), scope),
    listUnownedReplies(getPool(), scope),
  ]);
  return (
    <AdminHomePage
      accounts={accounts.map(({ id, ...account }) => ({ number: formatAccountNumber(id), ...account }))}
      unownedReplies={unownedReplies}
      timeZone={staffTimeZone}
    />
  );
}
