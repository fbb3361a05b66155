import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AccountsPage } from '@/components/people/accounts-page';
import { signOut } from '@/lib/auth/actions';
import { personPage } from '@/lib/auth/make-page';

export const metadata: Metadata = { title: 'Your accounts' };

/** Where whoever belongs to no account is led. */
export default personPage({}, ({ account, isStaff, user }) => {
  if (isStaff) redirect('/admin');
  if (account) redirect('/');
  return <AccountsPage username={user.username} signOut={signOut} />;
});
