import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AccountsPage } from '@/components/people/accounts-page';
import { signOut } from '@/lib/auth/actions';
import { personPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { switchOwnAccount } from '@/lib/people/member-actions';
import { listOwnAccounts } from '@/lib/people/member-queries';

export const metadata: Metadata = { title: 'Your accounts' };

/** To go on in another account; and where whoever belongs to none is led. */
export default personPage({}, async ({ account, isStaff, user }) => {
  if (isStaff) redirect('/admin');
  return (
    <AccountsPage
      username={user.username}
      accounts={await listOwnAccounts(getPool(), user.id)}
      currentId={account?.id ?? null}
      switchTo={switchOwnAccount}
      signOut={signOut}
    />
  );
});
