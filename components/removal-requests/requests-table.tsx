'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList } from '@/components/data-table/detail-list';
import type { ListPage } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeNext, stateLabels } from '@/lib/removal-requests/labels';
import type { RemovalRequestRow, RemovalRequestState } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { HowItWorks } from './how-it-works';
import { LeavingTime } from './leaving-time';
import { RequestStateBadge } from './request-state-badge';
import { StateFilter, useStateFilter } from './state-filter';

const column = createColumns<RemovalRequestRow>();

function composeColumns(timeZone: string) {
  return [
    column.display({
      id: 'number',
      header: 'Number',
      enableHiding: false,
      meta: { width: 'w-40', card: 'title' },
      cell: ({ row }) => (
        <Link
          href={`/removal-requests/${row.original.id}`}
          tabIndex={-1}
          className="rounded-sm font-medium underline-offset-4 hover:underline"
        >
          <PhoneNumber msisdn={row.original.msisdn} />
        </Link>
      ),
    }),
    column.display({
      id: 'state',
      header: 'State',
      meta: { width: 'w-52', card: 'foot' },
      cell: ({ row }) => <RequestStateBadge state={row.original.state} />,
    }),
    column.display({
      id: 'next',
      header: 'What happens next',
      meta: { card: 'body', from: 'lg' },
      cell: ({ row }) => (
        <span className="text-ink-soft" data-tip={describeNext(row.original)}>
          {describeNext(row.original)}
        </span>
      ),
    }),
    column.display({
      id: 'expires',
      header: 'Expires',
      meta: { width: 'w-36', from: 'md', card: 'foot-aside' },
      cell: ({ row }) =>
        row.original.expiresAt && !row.original.finishedAt ? (
          <>
            {/* On a card no heading says what it is. */}
            <span className="block text-right text-xs text-ink-faint sm:hidden">Expires</span>
            <Time value={row.original.expiresAt} timeZone={timeZone} />
          </>
        ) : (
          <span className="text-ink-faint max-sm:hidden">–</span>
        ),
    }),
    column.display({
      id: 'requested',
      header: 'Requested',
      meta: { width: 'w-36', card: 'aside' },
      cell: ({ row }) => <Time value={row.original.createdAt} timeZone={timeZone} />,
    }),
  ];
}

interface RequestsTableProps {
  page: ListPage<RemovalRequestRow>;
  state: RemovalRequestState | null;
  timeZone: string;
  hiddenColumns: readonly string[];
}

export function RequestsTable({ page, state, timeZone, hiddenColumns }: RequestsTableProps) {
  const columns = useMemo(() => composeColumns(timeZone), [timeZone]);
  return (
    <DataTable
      name="removal-requests"
      label="Removal requests"
      columns={columns}
      page={page}
      hiddenColumns={hiddenColumns}
      search={{ label: 'Search by number', placeholder: 'Number' }}
      aside={
        <>
          <LiveIndicator topics={['removal-requests']} />
          <StateFilter state={state} />
        </>
      }
      announce={(row) => `New removal request: ${formatMsisdn(row.msisdn)}.`}
      empty={state ? <NoneInState state={state} /> : <NothingYet />}
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <RequestSummary row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function NothingYet() {
  return (
    <EmptyState
      kind="nothing-yet"
      title="No removal requests yet"
      action={
        <ButtonLink href="/removal-requests/new" variant="primary">
          Request removal
        </ButtonLink>
      }
    >
      <HowItWorks />
    </EmptyState>
  );
}

function NoneInState({ state }: { state: RemovalRequestState }) {
  const { choose } = useStateFilter();
  return (
    <EmptyState
      kind="no-match"
      title={`No request is in the state “${stateLabels[state]}”`}
      action={<Button onClick={() => choose(null)}>Show all states</Button>}
    />
  );
}

function RequestSummary({ row, timeZone }: { row: RemovalRequestRow; timeZone: string }) {
  return (
    <>
      <DetailList>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        <Detail name="State">
          <RequestStateBadge state={row.state} />
          <p className="mt-1 text-ink-soft">{describeNext(row)}</p>
        </Detail>
        {row.decisionReason && <Detail name="Reason">{row.decisionReason}</Detail>}
        <Detail name="Requested">
          <Time value={row.createdAt} timeZone={timeZone} />
        </Detail>
        {row.consentDueAt && (
          <Detail name="Consent SMS">
            {row.consentSentAt ? (
              <>
                Sent <Time value={row.consentSentAt} timeZone={timeZone} />
              </>
            ) : row.finishedAt ? (
              'Not sent'
            ) : (
              <>
                Leaves <LeavingTime dueAt={row.consentDueAt} timeZone={timeZone} />
              </>
            )}
          </Detail>
        )}
        {row.answeredAt && (
          <Detail name="Answered">
            <Time value={row.answeredAt} timeZone={timeZone} />
          </Detail>
        )}
        {row.finishedAt ? (
          <Detail name="Ended">
            <Time value={row.finishedAt} timeZone={timeZone} />
          </Detail>
        ) : (
          row.expiresAt && (
            <Detail name="Expires">
              <Time value={row.expiresAt} timeZone={timeZone} />
            </Detail>
          )
        )}
      </DetailList>
      <div className="px-5 py-4">
        <ButtonLink href={`/removal-requests/${row.id}`} variant="primary">
          Open the request
        </ButtonLink>
      </div>
    </>
  );
}

const skeletonColumns = composeColumns('UTC');

export function RequestsTableSkeleton() {
  return <DataTableSkeleton columns={skeletonColumns} />;
}
