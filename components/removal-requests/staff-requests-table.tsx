'use client';

import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import type { ListPage } from '@/components/data-table/list-page';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import type { QueueRow } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { RequestStateBadge } from './request-state-badge';
import { staffTimeZone } from '@/components/platform/staff-time-zone';

const column = createColumns<QueueRow>();

function getHref({ accountId, id }: QueueRow): string {
  return `/admin/removal-requests/${accountId}/${id}`;
}

const columns = [
  column.display({
    id: 'number',
    header: 'Number',
    enableHiding: false,
    meta: { width: 'w-40', card: 'title' },
    cell: ({ row }) => (
      <Link href={getHref(row.original)} tabIndex={-1} className="underline-offset-4 hover:underline">
        <PhoneNumber msisdn={row.original.msisdn} />
      </Link>
    ),
  }),
  column.display({
    id: 'account',
    header: 'Account',
    meta: { card: 'foot' },
    cell: ({ row }) => (
      <>
        {row.original.accountName}{' '}
        <span className="text-ink-faint tabular-nums">W{row.original.accountId}</span>
      </>
    ),
  }),
  column.display({
    id: 'block',
    header: 'Opted out with',
    meta: { width: 'w-40', from: '2xl' },
    cell: ({ row }) => row.original.blockText,
  }),
  column.display({
    id: 'answer',
    header: 'Answered',
    meta: { width: 'w-40', from: 'lg', card: 'body' },
    cell: ({ row }) => row.original.answerText,
  }),
  column.display({
    id: 'state',
    header: 'State',
    enableHiding: false,
    meta: { width: 'w-44', card: 'aside' },
    cell: ({ row }) => <RequestStateBadge audience="staff" state={row.original.state} />,
  }),
  column.display({
    id: 'requested',
    header: 'Requested',
    meta: { width: 'w-36', from: 'md', card: 'foot-aside' },
    cell: ({ row }) => <Time value={row.original.createdAt} timeZone={staffTimeZone} />,
  }),
];

interface RequestsTableProps {
  page: ListPage<QueueRow>;
  hiddenColumns: readonly string[];
}

export function RequestsTable({ page, hiddenColumns }: RequestsTableProps) {
  return (
    <DataTable
      name="staff-requests"
      label="Removal requests"
      columns={columns}
      page={page}
      hiddenColumns={hiddenColumns}
      search={{ label: 'Search by number', placeholder: 'Number' }}
      empty={
        <EmptyState kind="nothing-yet" title="No such request">
          No removal request is in this state.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <RequestSummary row={row} />,
      }}
    />
  );
}

function RequestSummary({ row }: { row: QueueRow }) {
  return (
    <>
      {row.answerText !== null && <QuotedText>{row.answerText}</QuotedText>}
      <DetailList>
        <Detail name="State">
          <RequestStateBadge audience="staff" state={row.state} />
          {row.decisionReason && <p className="mt-1 text-ink-soft">{row.decisionReason}</p>}
        </Detail>
        <Detail name="Account">
          {row.accountName} <span className="text-ink-faint tabular-nums">W{row.accountId}</span>
        </Detail>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        {row.blockText !== null && <Detail name="Opted out with">{row.blockText}</Detail>}
        <Detail name="Requested">
          <Time value={row.createdAt} timeZone={staffTimeZone} />
        </Detail>
        {row.expiresAt && (
          <Detail name="Ends by itself">
            <Time value={row.expiresAt} timeZone={staffTimeZone} />
          </Detail>
        )}
        {row.finishedAt && (
          <Detail name="Ended">
            <Time value={row.finishedAt} timeZone={staffTimeZone} />
          </Detail>
        )}
      </DetailList>
      <div className="px-5 py-4">
        <ButtonLink href={getHref(row)}>Open the request</ButtonLink>
      </div>
    </>
  );
}
