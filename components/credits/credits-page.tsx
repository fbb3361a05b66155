import { Building2 } from 'lucide-react';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { formatCount } from '@/components/ui/format-count';
import { ledgerList } from '@/lib/credits/list';
import { LedgerTable, LedgerTableSkeleton, type LedgerTableProps } from './ledger-table';
import { WarningForm, type SaveWarningLevel } from './warning-form';

interface CreditsPageProps extends Omit<LedgerTableProps, 'list' | 'hiddenColumns'> {
  /** "W58324" */
  accountNumber: string;
  fileName: string;
  /** Whole credits there are. */
  credits: number;
  level: number | null;
  /** The balance is below the level. */
  isLow: boolean;
  /** Of a sub-account: "W58324". */
  mainAccount: string | null;
  saveLevel: SaveWarningLevel;
}

const heading = {
  title: 'Credits',
  description: 'One credit pays for one SMS segment. Blocked messages cost nothing.',
};

export async function CreditsPage(props: CreditsPageProps) {
  const { accountNumber, fileName, credits, level, isLow, mainAccount, saveLevel, ...table } = props;
  const list = ledgerList.view;
  return (
    <>
      <PageHeader
        {...heading}
        actions={
          <>
            {mainAccount === null && (
              <ButtonLink href="/credits/sub-accounts">
                <Building2 aria-hidden="true" className="size-4" />
                Sub-accounts
              </ButtonLink>
            )}
            <DownloadButton
              label="Download entries"
              path={`/api/downloads/${ledgerList.file.name}`}
              fileName={fileName}
              contents={`All entries of ${accountNumber}`}
              noun="Entries"
              list={list}
              ignored={table.ignored}
            />
          </>
        }
      />
      <div className="mb-4 grid items-start gap-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2 sm:p-5">
        <div>
          <p className="text-sm text-ink-soft">Balance</p>
          <p className="text-3xl font-semibold tabular-nums">{formatCount(credits)}</p>
          <p className="mt-1 text-sm text-ink-soft">
            {mainAccount === null
              ? 'To top up, contact support.'
              : `This is a sub-account: ${mainAccount} moves credits to it and back.`}
          </p>
        </div>
        <IfMay may="credits.manage">
          <WarningForm key={level} level={level} save={saveLevel} />
        </IfMay>
        {isLow && level !== null && (
          <div className="sm:col-span-2">
            <Callout tone="warn" announce>
              Fewer than {formatCount(level)} credits are left. A message that needs more credits than you
              have is not sent.
            </Callout>
          </div>
        )}
      </div>
      <LedgerTable {...table} list={list} hiddenColumns={await readHiddenColumns(list.name)} />
    </>
  );
}

/** For `loading.tsx`. */
export function CreditsPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <LedgerTableSkeleton list={ledgerList.view} />
    </>
  );
}
