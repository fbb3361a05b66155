'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList, QuotedText, StoryLink } from '@/components/data-table/detail-list';
import type { ListFilter } from '@/components/data-table/filters';
import type { ListPage, ListProblem } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { statusLabels } from '@/lib/messages/labels';
import type { MessageRow } from '@/lib/messages/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { StatusBadge } from './status-badge';
import { StatusTimeline } from './status-timeline';

const kindWords: Record<MessageRow['kind'], { label: string; tip: string } | null> = {
  NORMAL: null,
  CONFIRMATION: {
    label: 'Confirmation',
    tip: 'Sent by itself to tell the recipient that they are opted out. It costs nothing.',
  },
  CONSENT: {
    label: 'Consent',
    tip: 'Asks the recipient whether they want messages again. It costs nothing.',
  },
};

const column = createColumns<MessageRow>();

function composeColumns(timeZone: string) {
  return [
    column.display({
      id: 'number',
      header: 'Number',
      enableHiding: false,
      meta: { width: 'w-40', card: 'title' },
      cell: ({ row }) => <PhoneNumber msisdn={row.original.msisdn} />,
    }),
    column.display({
      id: 'message',
      header: 'Message',
      meta: { card: 'body' },
      cell: ({ row: { original } }) => {
        const kind = kindWords[original.kind];
        return (
          <>
            {kind && (
              <span className="mr-2">
                <Badge tip={kind.tip}>{kind.label}</Badge>
              </span>
            )}
            {original.text}
          </>
        );
      },
    }),
    column.display({
      id: 'status',
      header: 'Status',
      enableHiding: false,
      meta: { width: 'w-40', card: 'aside' },
      cell: ({ row: { original } }) => (
        <span className="inline-flex items-center gap-2">
          <StatusBadge status={original.status} reason={original.reason} />
          {original.status === 'BLOCKED' && (
            <Link
              href={`/messages/opt-outs/${original.msisdn}`}

              aria-label={`Why ${formatMsisdn(original.msisdn)} is blocked`}
              className="rounded-sm text-xs text-accent-text underline-offset-4 hover:underline"
            >
              Why?
            </Link>
          )}
        </span>
      ),
    }),
    column.display({
      id: 'credits',
      header: 'Credits',
      meta: { width: 'w-20', align: 'end', from: 'lg' },
      cell: ({ row }) => <span className="tabular-nums">{row.original.cost}</span>,
    }),
    column.display({
      id: 'sender',
      header: 'Sender number',
      meta: { width: 'w-36', from: '2xl' },
      cell: ({ row }) => (
        <span className="text-ink-soft">
          <PhoneNumber msisdn={row.original.senderNumber} />
        </span>
      ),
    }),
    column.display({
      id: 'when',
      header: 'When',
      meta: { width: 'w-36', from: 'md', card: 'foot', isOrder: true },
      cell: ({ row }) => <Time value={row.original.createdAt} timeZone={timeZone} />,
    }),
  ];
}

function composeFilters(timeZone: string): ListFilter[] {
  return [
    {
      kind: 'several',
      name: 'status',
      label: 'Status',
      options: Object.entries(statusLabels).map(([value, label]) => ({ value, label })),
    },
    { kind: 'days', label: 'Date', timeZone },
  ];
}

interface OutgoingTableProps {
  page: ListPage<MessageRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function OutgoingTable({ timeZone, ...list }: OutgoingTableProps) {
  const columns = useMemo(() => composeColumns(timeZone), [timeZone]);
  const filters = useMemo(() => composeFilters(timeZone), [timeZone]);
  return (
    <DataTable
      {...list}
      name="outgoing"
      label="Outgoing messages"
      columns={columns}
      filters={filters}
      search={{ label: 'Search by number or message', placeholder: 'Number or message' }}
      aside={<LiveIndicator topics={['messages']} />}
      empty={
        <EmptyState
          kind="nothing-yet"
          title="No messages yet"
          action={
            <ButtonLink href="/send" variant="primary">
              Send a message
            </ButtonLink>
          }
        >
          What you send appears here, with its way to the recipient.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <MessageDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function MessageDetail({ row, timeZone }: { row: MessageRow; timeZone: string }) {
  const kind = kindWords[row.kind];
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      <DetailList>
        <Detail name="Status">
          <StatusTimeline message={row} timeZone={timeZone} />
        </Detail>
        {kind && (
          <Detail name="Kind">
            {kind.label}
            <p className="mt-0.5 text-ink-faint">{kind.tip}</p>
          </Detail>
        )}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
          <StoryLink msisdn={row.msisdn} />
        </Detail>
        <Detail name="Sender number">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="Length">{formatNumberOf(row.segments, 'segment')}</Detail>
        <Detail name="Cost">{formatNumberOf(row.cost, 'credit')}</Detail>
      </DetailList>
    </>
  );
}

const skeletonColumns = composeColumns('UTC');
const skeletonFilters = composeFilters('UTC');

export function OutgoingTableSkeleton() {
  return <DataTableSkeleton columns={skeletonColumns} filterCount={skeletonFilters.length} />;
}
