import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';
import type { SubAccount } from '@/lib/accounts/schema';
import { FamilyOptOuts, type HonourFamilyOptOuts } from './family-opt-outs';
import { NewSubAccount, type OpenSubAccount } from './new-sub-account';
import { SubAccountsTable } from './sub-accounts-table';
import type { TransferCredits } from './transfer-dialog';

interface SubAccountsPageProps {
  subAccounts: readonly SubAccount[];
  credits: number;
  /** Of a sub-account: "W58324", its main account. */
  mainAccount: string | null;
  userId: number;
  /** An opt-out of one of the accounts counts for all of them. */
  honoursAll: boolean;
  honour: HonourFamilyOptOuts;
  openAccount: OpenSubAccount;
  transfer: TransferCredits;
}

export function SubAccountsPage(props: SubAccountsPageProps) {
  const { subAccounts, credits, mainAccount, userId, honoursAll, honour, openAccount, transfer } = props;
  return (
    <>
      <PageHeader
        title="Sub-accounts"
        above={[{ href: '/credits', label: 'Credits' }]}
        description="Accounts of your branches or customers, each with its own people, messages, opt-outs and credits."
        actions={
          mainAccount === null && (
            <IfMay may="credits.manage">
              <NewSubAccount openAccount={openAccount} />
            </IfMay>
          )
        }
      />
      {mainAccount !== null ? (
        <Callout>
          <p>This is a sub-account of {mainAccount}. It has no sub-accounts of its own.</p>
          {honoursAll && (
            <p>
              {mainAccount} has chosen that your accounts honour each other’s opt-outs: a message to whoever
              has opted out of one of the others is blocked, and costs nothing. Your Auto Opt-Outs list has
              your own alone.
            </p>
          )}
        </Callout>
      ) : subAccounts.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState kind="nothing-yet" title="No sub-accounts yet">
            Open one for each branch or customer that is to send on its own. You move credits to it and back,
            and see how much it sends; it sees nothing of yours.
          </EmptyState>
        </div>
      ) : (
        <>
          <SubAccountsTable subAccounts={subAccounts} credits={credits} transfer={transfer} />
          <div className="mt-8">
            <FamilyOptOuts userId={userId} honoursAll={honoursAll} honour={honour} />
          </div>
        </>
      )}
    </>
  );
}
