import type { ListPage } from '@/components/data-table/list-page';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { formatNumberOf } from '@/components/ui/format-count';
import type { OptOutRow } from '@/lib/opt-outs/schema';
import { OptOutsTable, OptOutsTableSkeleton } from './opt-outs-table';

interface OptOutsPageProps {
  page: ListPage<OptOutRow>;
  /** Of the whole list; `more`: there are more than were counted. */
  total: { count: number; more: boolean };
  /** "W58324" */
  accountNumber: string;
  timeZone: string;
  /** What the download will be called. */
  fileName: string;
}

const heading = {
  title: 'Auto Opt-Outs',
  above: [{ href: '/messages', label: 'Message Logs' }],
  description: 'Recipients who want no more messages from you. Writing to them is blocked and costs nothing.',
};

export async function OptOutsPage({ page, total, accountNumber, timeZone, fileName }: OptOutsPageProps) {
  const amount = `${total.more ? 'More than ' : ''}${formatNumberOf(total.count, 'opt-out')}`;
  return (
    <>
      <PageHeader
        {...heading}
        aside={<span className="text-sm text-ink-faint tabular-nums">{amount}</span>}
        actions={
          <DownloadButton
            path="/api/downloads/auto-opt-outs"
            fileName={fileName}
            contents={`${amount} of ${accountNumber}`}
            noun="Opt-outs"
          />
        }
      />
      <OptOutsTable page={page} timeZone={timeZone} hiddenColumns={await readHiddenColumns('opt-outs')} />
    </>
  );
}

/** For `loading.tsx`. */
export function OptOutsPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <OptOutsTableSkeleton />
    </>
  );
}
