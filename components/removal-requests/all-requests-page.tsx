import type { ListPage } from '@/lib/lists/schema';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { allRequestsList, queueList, type QueueRow, type StaffRequestRow } from '@/lib/removal-requests/list';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';
import { ApprovalQueue } from './approval-queue';
import type { Decide } from './decision-prompt';
import { AllRequests } from './all-requests';
import { RequestTabs, type OpenCounts } from './request-tabs';

type AllRequestsPageProps = { counts: OpenCounts } & (
  | {
      /** The queue. */
      tab: 'AWAITING_APPROVAL';
      rows: QueueRow[];
      more: boolean;
      decide: Decide;
    }
  | { tab: Exclude<RemovalRequestState, 'AWAITING_APPROVAL'> | 'ALL'; page: ListPage<StaffRequestRow> }
);

export async function AllRequestsPage(props: AllRequestsPageProps) {
  return (
    <>
      <PageHeader
        title="Removal requests"
        aside={<LiveIndicator topics={['removal-requests']} />}
        description="Accounts that ask to write again to someone who opted out. Only the recipient’s own YES, and your approval, lifts a block."
      />
      <RequestTabs current={props.tab} counts={props.counts} />
      {props.tab === 'AWAITING_APPROVAL' ? (
        <ApprovalQueue list={queueList.view} rows={props.rows} more={props.more} decide={props.decide} />
      ) : (
        <AllRequests
          key={props.tab}
          list={allRequestsList.view}
          page={props.page}
          hiddenColumns={await readHiddenColumns(allRequestsList.view.name)}
        />
      )}
    </>
  );
}
