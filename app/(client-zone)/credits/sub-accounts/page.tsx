import type { Metadata } from 'next';
import { SubAccountsPage } from '@/components/credits/sub-accounts-page';
import { listSubAccounts } from '@/lib/accounts/sub-account-queries';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { transferCredits } from '@/lib/credits/actions';
import { readCredits } from '@/lib/credits/queries';
import { getPool } from '@/lib/db/client';
import { readFamily } from '@/lib/opt-outs/family-queries';
import { honourFamilyOptOuts, openSubAccount } from '@/lib/people/sub-account-actions';

export const metadata: Metadata = { title: 'Sub-accounts' };

export default customerPage({}, async ({ scope, user }) => {
  const [subAccounts, credits, { mainAccountId, honoursAll }] = await Promise.all([
    listSubAccounts(getPool(), scope),
    readCredits(getPool(), scope),
    readFamily(getPool(), scope),
  ]);
  return (
    <SubAccountsPage
      subAccounts={subAccounts}
      credits={credits}
      mainAccount={mainAccountId === null ? null : formatAccountNumber(mainAccountId)}
      userId={user.id}
      honoursAll={honoursAll}
      honour={honourFamilyOptOuts}
      openAccount={openSubAccount}
      transfer={transferCredits}
    />
  );
});
