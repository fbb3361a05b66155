'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import type { ListPage } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import type { ReplyRow } from '@/lib/replies/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { VerdictBadge } from './verdict-badge';

const column = createColumns<ReplyRow>();

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
      cell: ({ row }) => row.original.text || <span className="text-ink-faint italic">Empty text</span>,
    }),
    column.display({
      id: 'verdict',
      header: 'Verdict',
      enableHiding: false,
      meta: { width: 'w-30', card: 'aside' },
      cell: ({ row }) => <VerdictBadge verdict={row.original.verdict} />,
    }),
    column.display({
      id: 'rule',
      header: 'Rule',
      meta: { width: 'w-52', from: 'lg', card: 'foot-aside' },
      cell: ({ row }) =>
        row.original.rule && <span className="text-ink-soft">{describeRule(row.original.rule)}</span>,
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
      meta: { width: 'w-36', from: 'md', card: 'foot' },
      cell: ({ row }) => <Time value={row.original.receivedAt} timeZone={timeZone} />,
    }),
  ];
}

interface IncomingTableProps {
  page: ListPage<ReplyRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
}

export function IncomingTable({ page, timeZone, hiddenColumns }: IncomingTableProps) {
  const columns = useMemo(() => composeColumns(timeZone), [timeZone]);
  return (
    <DataTable
      name="incoming"
      label="Incoming replies"
      columns={columns}
      page={page}
      hiddenColumns={hiddenColumns}
      search={{ label: 'Search by number or reply', placeholder: 'Number or reply' }}
      aside={<LiveIndicator topics={['replies']} />}
      announce={(row) => `New reply from ${formatMsisdn(row.msisdn)}.`}
      empty={
        <EmptyState kind="nothing-yet" title="No replies yet">
          What recipients reply appears here at once, with how it was understood.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <ReplyDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function ReplyDetail({ row, timeZone }: { row: ReplyRow; timeZone: string }) {
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      <DetailList>
        <Detail name="Verdict">
          <VerdictBadge verdict={row.verdict} />
          {row.rule && <p className="mt-1 text-ink-soft">{describeRule(row.rule)}</p>}
          {row.verdict === 'OPT_OUT' && (
            <Link
              href={`/messages/opt-outs?q=${encodeURIComponent(row.msisdn)}`}
              className="mt-1 inline-block text-accent-text underline-offset-4 hover:underline"
            >
              Show it in Auto Opt-Outs
            </Link>
          )}
        </Detail>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        <Detail name="Replied to">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="When">
          <Time value={row.receivedAt} timeZone={timeZone} />
        </Detail>
      </DetailList>
    </>
  );
}
