'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import type { ListPage } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Badge } from '@/components/ui/badge';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import type { OptOutRow } from '@/lib/opt-outs/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { kindTips } from './kind-tips';

const column = createColumns<OptOutRow>();

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
      id: 'reply',
      header: 'Reply',
      meta: { card: 'body' },
      cell: ({ row }) => row.original.replyText ?? <span className="text-ink-faint">No reply</span>,
    }),
    column.display({
      id: 'rule',
      header: 'Rule',
      meta: { width: 'w-52', from: 'lg', card: 'foot' },
      cell: ({ row }) =>
        row.original.rule && <span className="text-ink-soft">{describeRule(row.original.rule)}</span>,
    }),
    column.display({
      id: 'kind',
      header: 'How it came',
      meta: { width: 'w-32', from: 'md', card: 'foot-aside' },
      cell: ({ row }) => <Badge tip={kindTips[row.original.kind]}>{kindLabels[row.original.kind]}</Badge>,
    }),
    column.display({
      id: 'sender',
      header: 'Sender number',
      meta: { width: 'w-36', from: '2xl' },
      cell: ({ row }) =>
        row.original.senderNumber && (
          <span className="text-ink-soft">
            <PhoneNumber msisdn={row.original.senderNumber} />
          </span>
        ),
    }),
    column.display({
      id: 'when',
      header: 'When',
      meta: { width: 'w-36', card: 'aside' },
      cell: ({ row }) => <Time value={row.original.createdAt} timeZone={timeZone} />,
    }),
  ];
}

interface OptOutsTableProps {
  page: ListPage<OptOutRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
}

export function OptOutsTable({ page, timeZone, hiddenColumns }: OptOutsTableProps) {
  const columns = useMemo(() => composeColumns(timeZone), [timeZone]);
  return (
    <DataTable
      name="opt-outs"
      label="Auto Opt-Outs"
      columns={columns}
      page={page}
      hiddenColumns={hiddenColumns}
      search={{ label: 'Search by number or reply', placeholder: 'Number or reply' }}
      aside={<LiveIndicator topics={['opt-outs']} />}
      announce={(row) => `New opt-out: ${formatMsisdn(row.msisdn)}.`}
      empty={
        <EmptyState kind="nothing-yet" title="Nobody has opted out">
          When a recipient replies “Stop”, the number appears here at once and is not written to again.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <OptOutDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function OptOutDetail({ row, timeZone }: { row: OptOutRow; timeZone: string }) {
  return (
    <>
      {row.replyText !== null && <QuotedText>{row.replyText}</QuotedText>}
      <DetailList>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="How it came">
          {kindLabels[row.kind]}
          <p className="mt-0.5 text-ink-faint">{kindTips[row.kind]}</p>
        </Detail>
        {row.senderNumber && (
          <Detail name="Sender number">
            <PhoneNumber msisdn={row.senderNumber} />
          </Detail>
        )}
        <Detail name="When">
          <Time value={row.createdAt} timeZone={timeZone} />
        </Detail>
      </DetailList>
      <p className="px-5 py-4 text-sm text-ink-soft">
        Messages from your account to this number are blocked and cost nothing. Other accounts are not
        affected.
      </p>
    </>
  );
}

const skeletonColumns = composeColumns('UTC');

export function OptOutsTableSkeleton() {
  return <DataTableSkeleton columns={skeletonColumns} />;
}
