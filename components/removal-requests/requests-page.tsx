import type { ListPage } from '@/components/data-table/list-page';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import type { RemovalRequestRow, RemovalRequestState } from '@/lib/removal-requests/schema';
import { RequestsTable, RequestsTableSkeleton } from './requests-table';

interface RequestsPageProps {
  page: ListPage<RemovalRequestRow>;
  /** The only state shown; null: all. */
  state: RemovalRequestState | null;
  timeZone: string;
}

const heading = {
  title: 'Removal requests',
  above: [{ href: '/messages', label: 'Message Logs' }],
  description: 'The way back from a block: the recipient is asked once, and only their own YES lifts it.',
};

export async function RequestsPage({ page, state, timeZone }: RequestsPageProps) {
  return (
    <>
      <PageHeader
        {...heading}
        actions={
          <ButtonLink href="/removal-requests/new" variant="primary">
            Request removal
          </ButtonLink>
        }
      />
      <RequestsTable
        page={page}
        state={state}
        timeZone={timeZone}
        hiddenColumns={await readHiddenColumns('removal-requests')}
      />
    </>
  );
}

/** For `loading.tsx`. */
export function RequestsPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <RequestsTableSkeleton />
    </>
  );
}
