'use client';

import { useMemo } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import type { ListFilter } from '@/components/data-table/filters';
import type { ListPage, ListProblem } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { EmptyState } from '@/components/ui/empty-state';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { verdictLabels } from '@/lib/replies/labels';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { unownedStateLabels } from '@/lib/unowned-replies/labels';
import type { UnownedReply } from '@/lib/unowned-replies/schema';
import { staffTimeZone } from '@/components/platform/staff-time-zone';
import type { UnownedActions } from './unowned-decision';
import { UnownedDetail, UnownedStateBadge } from './unowned-detail';

const column = createColumns<UnownedReply>();

const columns = [
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
    id: 'state',
    header: 'State',
    enableHiding: false,
    meta: { width: 'w-48', card: 'aside' },
    cell: ({ row }) => <UnownedStateBadge state={row.original.state} />,
  }),
  column.display({
    id: 'account',
    header: 'Account',
    meta: { width: 'w-44', from: 'xl' },
    cell: ({ row }) => row.original.decision?.account?.name,
  }),
  column.display({
    id: 'sender',
    header: 'Sender number',
    meta: { width: 'w-36', from: 'lg', card: 'foot-aside' },
    cell: ({ row }) => (
      <span className="text-ink-soft">
        to <PhoneNumber msisdn={row.original.senderNumber} />
      </span>
    ),
  }),
  column.display({
    id: 'when',
    header: 'When',
    meta: { width: 'w-36', from: 'md', card: 'foot', isOrder: true },
    cell: ({ row }) => <Time value={row.original.receivedAt} timeZone={staffTimeZone} />,
  }),
];

const filters: ListFilter[] = [
  {
    kind: 'several',
    name: 'state',
    label: 'State',
    options: Object.entries(unownedStateLabels).map(([value, label]) => ({ value, label })),
  },
  {
    kind: 'several',
    name: 'verdict',
    label: 'Verdict',
    options: Object.entries(verdictLabels).map(([value, label]) => ({ value, label })),
  },
  { kind: 'days', label: 'Date', timeZone: staffTimeZone },
];

interface UnownedTableProps {
  page: ListPage<UnownedReply>;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
  decide: UnownedActions;
}

/** Replies that belonged to no account when they came. */
export function UnownedTable({ decide, ...list }: UnownedTableProps) {
  const detail = useMemo(
    () => ({
      title: (row: UnownedReply) => formatMsisdn(row.msisdn),
      render: (row: UnownedReply, close: () => void) => (
        <UnownedDetail key={row.id} row={row} decide={decide} onDone={close} />
      ),
    }),
    [decide],
  );
  return (
    <DataTable
      {...list}
      name="unowned-replies"
      label="Replies without an owner"
      columns={columns}
      filters={filters}
      search={{ label: 'Search by number or reply', placeholder: 'Number or reply' }}
      aside={<LiveIndicator topics={['unowned-replies']} />}
      announce={(row) => `New reply without an owner from ${formatMsisdn(row.msisdn)}.`}
      empty={
        <EmptyState kind="nothing-yet" title="Every reply has an owner">
          A reply from someone to whom no account has written is kept here.
        </EmptyState>
      }
      detail={detail}
    />
  );
}
