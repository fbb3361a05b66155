'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList, QuotedText, StoryLink } from '@/components/data-table/detail-list';
import type { ListFilter } from '@/components/data-table/filters';
import type { ListPage, ListProblem } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { CutNote } from '@/components/ui/cut-note';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import { verdictLabels } from '@/lib/replies/labels';
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
      meta: { width: 'w-36', from: 'md', card: 'foot', isOrder: true },
      cell: ({ row }) => <Time value={row.original.receivedAt} timeZone={timeZone} />,
    }),
  ];
}

function composeFilters(timeZone: string): ListFilter[] {
  return [
    {
      kind: 'several',
      name: 'verdict',
      label: 'Verdict',
      options: Object.entries(verdictLabels).map(([value, label]) => ({ value, label })),
    },
    { kind: 'days', label: 'Date', timeZone },
  ];
}

interface IncomingTableProps {
  page: ListPage<ReplyRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function IncomingTable({ timeZone, ...list }: IncomingTableProps) {
  const columns = useMemo(() => composeColumns(timeZone), [timeZone]);
  const filters = useMemo(() => composeFilters(timeZone), [timeZone]);
  return (
    <DataTable
      {...list}
      name="incoming"
      label="Incoming replies"
      columns={columns}
      filters={filters}
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

/** Networks write too, under a name ("MTN"), and have no story. */
function isMobileNumber(msisdn: string): boolean {
  return /^\d{8,15}$/.test(msisdn);
}

function describeVerdict({ verdict, msisdn }: ReplyRow): string {
  switch (verdict) {
    case 'OPT_OUT':
      return isMobileNumber(msisdn)
        ? 'Certainly an opt-out: the number was blocked at once.'
        : 'Reads like an opt-out, but there is no number to block.';
    case 'REVIEW':
      return 'Probably an opt-out: a person decides.';
    case 'NONE':
      return 'An ordinary reply; nothing was done.';
  }
}

function ReplyDetail({ row, timeZone }: { row: ReplyRow; timeZone: string }) {
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      {row.wholeLength !== null && (
        <div className="-mt-3 mb-4 px-5">
          <CutNote text={row.text} wholeLength={row.wholeLength} href={`/api/texts/reply/${row.id}`} />
        </div>
      )}
      <DetailList>
        <Detail name="Verdict">
          <VerdictBadge verdict={row.verdict} />
          <p className="mt-1 text-ink-soft">{describeVerdict(row)}</p>
          {row.verdict === 'REVIEW' && (
            <Link
              href="/messages/review"
              className="mt-1 inline-block text-accent-text underline-offset-4 hover:underline"
            >
              Replies to review
            </Link>
          )}
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
          {isMobileNumber(row.msisdn) && <StoryLink msisdn={row.msisdn} />}
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
