import type { Metadata } from 'next';
import { SubAccountsPage } from '@/components/credits/sub-accounts-page';
import { listSubAccounts, readMainAccountId } from '@/lib/accounts/sub-account-queries';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { transferCredits } from '@/lib/credits/actions';
import { readCredits } from '@/lib/credits/queries';
import { getPool } from '@/lib/db/client';
import { openSubAccount } from '@/lib/people/sub-account-actions';

export const metadata: Metadata = { title: 'Sub-accounts' };

export default customerPage({}, async ({ scope }) => {
  const [subAccounts, credits, mainAccountId] = await Promise.all([
    listSubAccounts(getPool(), scope),
    readCredits(getPool(), scope),
    readMainAccountId(getPool(), scope),
  ]);
  return (
    <SubAccountsPage
      subAccounts={subAccounts}
      credits={credits}
      mainAccount={mainAccountId === null ? null : formatAccountNumber(mainAccountId)}
      openAccount={openSubAccount}
      transfer={transferCredits}
    />
  );
});
