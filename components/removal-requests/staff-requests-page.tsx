import type { ListPage } from '@/components/data-table/list-page';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import type { QueueRow, RemovalRequestState } from '@/lib/removal-requests/schema';
import { ApprovalQueue } from './approval-queue';
import type { Decide } from './decision-prompt';
import { RequestTabs, type OpenCounts } from './request-tabs';
import { RequestsTable } from './staff-requests-table';

type RequestsPageProps = { counts: OpenCounts } & (
  | {
      /** The queue. */
      tab: 'AWAITING_APPROVAL';
      rows: readonly QueueRow[];
      more: boolean;
      decide: Decide;
    }
  | { tab: Exclude<RemovalRequestState, 'AWAITING_APPROVAL'> | 'ALL'; page: ListPage<QueueRow> }
);

export async function RequestsPage(props: RequestsPageProps) {
  return (
    <>
      <PageHeader
        title="Removal requests"
        aside={<LiveIndicator topics={['removal-requests']} />}
        description="Accounts that ask to write again to someone who opted out. Only the recipient’s own YES, and your approval, lifts a block."
      />
      <RequestTabs current={props.tab} counts={props.counts} />
      {props.tab === 'AWAITING_APPROVAL' ? (
        <ApprovalQueue rows={props.rows} more={props.more} decide={props.decide} />
      ) : (
        <RequestsTable
          key={props.tab}
          page={props.page}
          hiddenColumns={await readHiddenColumns('staff-requests')}
        />
      )}
    </>
  );
}
