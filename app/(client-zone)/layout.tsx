import type { ReactNode } from 'react';
import { CustomerShell } from '@/components/shell/customer-shell';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { signOut } from '@/lib/auth/actions';
import { requireCustomer } from '@/lib/auth/gates';
import { listPermissions } from '@/lib/auth/permissions';
import { getPool } from '@/lib/db/client';
import { readCredits } from '@/lib/credits/queries';
import { nameViewer } from '@/lib/events/viewer';
import { countUnreadNotices } from '@/lib/notices/queries';
import { switchOwnAccount } from '@/lib/people/member-actions';
import { listOwnAccounts } from '@/lib/people/member-queries';
import { countRepliesToReview } from '@/lib/replies/review-queries';

export default async function ClientZoneLayout({ children }: { children: ReactNode }) {
  const { scope, user, account, role } = await requireCustomer();
  const [credits, toReview, unreadNotices, accounts] = await Promise.all([
    readCredits(getPool(), scope),
    countRepliesToReview(getPool(), scope),
    countUnreadNotices(getPool(), scope),
    listOwnAccounts(getPool(), user.id),
  ]);
  return (
    <CustomerShell
      account={{ id: account.id, name: account.name, number: formatAccountNumber(account.id), credits }}
      otherAccounts={accounts.filter(({ id }) => id !== account.id)}
      switchTo={switchOwnAccount}
      permissions={listPermissions(role)}
      toReview={toReview}
      unreadNotices={unreadNotices}
      user={user}
      viewer={nameViewer({ userId: user.id, accountId: account.id })}
      signOut={signOut}
    >
      {children}
    </CustomerShell>
  );
}
