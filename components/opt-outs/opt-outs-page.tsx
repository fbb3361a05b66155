import { FileUp, ListChecks } from 'lucide-react';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { formatNumberOf } from '@/components/ui/format-count';
import { optOutList } from '@/lib/opt-outs/list';
import { AddButton } from './add-button';
import { OptOutsTable, OptOutsTableSkeleton, type OptOutsTableProps } from './opt-outs-table';

interface OptOutsPageProps extends Omit<OptOutsTableProps, 'list' | 'hiddenColumns'> {
  /** Of the whole list. */
  total: number;
  /** "W58324" */
  accountNumber: string;
  /** What the download will be called. */
  fileName: string;
}

const heading = {
  title: 'Auto Opt-Outs',
  above: [{ href: '/messages', label: 'Message Logs' }],
  description: (
    // Narrow enough to leave room for the actions beside it.
    <span className="inline-block max-w-80">
      Recipients who want no more messages from you. Writing to them is blocked and costs nothing.
    </span>
  ),
};

export async function OptOutsPage({ total, accountNumber, fileName, ...table }: OptOutsPageProps) {
  const list = optOutList.view;
  const amount = formatNumberOf(total, 'opt-out');
  return (
    <>
      <PageHeader
        {...heading}
        aside={<span className="text-sm text-ink-faint tabular-nums">{amount}</span>}
        actions={
          <>
            <IfMay may="lists.upload">
              <ButtonLink href="/messages/opt-outs/import">
                <FileUp aria-hidden="true" className="size-4" />
                Import
              </ButtonLink>
              <ButtonLink href="/messages/opt-outs/check">
                <ListChecks aria-hidden="true" className="size-4" />
                Check a list
              </ButtonLink>
            </IfMay>
            <DownloadButton
              path={`/api/downloads/${optOutList.file.name}`}
              fileName={fileName}
              contents={`${amount} of ${accountNumber}`}
              noun="Opt-outs"
              list={list}
              ignored={table.ignored}
            />
            <IfMay may="opt-outs.change">
              <AddButton add={table.add} timeZone={table.timeZone} />
            </IfMay>
          </>
        }
      />
      <OptOutsTable {...table} list={list} hiddenColumns={await readHiddenColumns(list.name)} />
    </>
  );
}

/** For `loading.tsx`. */
export function OptOutsPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <OptOutsTableSkeleton list={optOutList.view} />
    </>
  );
}
