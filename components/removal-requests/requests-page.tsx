import { IfMay } from '@/components/permissions/permissions';
import type { ListPage } from '@/lib/lists/schema';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { requestList, type RequestRow } from '@/lib/removal-requests/list';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';
import { OwnRequests } from './own-requests';
import { RequestsTableSkeleton } from './requests-table';

interface RequestsPageProps {
  page: ListPage<RequestRow>;
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
          <IfMay may="removal-requests.make">
            <ButtonLink href="/removal-requests/new" variant="primary">
              Request removal
            </ButtonLink>
          </IfMay>
        }
      />
      <OwnRequests
        list={requestList.view}
        page={page}
        state={state}
        timeZone={timeZone}
        hiddenColumns={await readHiddenColumns(requestList.view.name)}
      />
    </>
  );
}

/** For `loading.tsx`. */
export function RequestsPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <RequestsTableSkeleton list={requestList.view} />
    </>
  );
}
