'use client';

import { clsx } from 'clsx';
import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import { LiveIndicator } from '@/components/live/live-indicator';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import type { LedgerList, LedgerRow } from '@/lib/credits/list';
import { entryKindLabels } from '@/lib/credits/schema';
import type { ListPage, ListProblem } from '@/lib/lists/schema';

const looks: LooksOf<LedgerList> = {
  when: { from: undefined, card: 'foot' },
  kind: {
    width: 'w-28',
    from: undefined,
    card: 'title',
    cell: ({ kind }) => <span className="font-medium">{entryKindLabels[kind]}</span>,
  },
  about: { width: undefined, from: 'md', card: 'body' },
  reference: { from: 'lg', card: 'foot' },
  amount: {
    width: 'w-28',
    from: undefined,
    card: 'aside',
    cell: ({ amount }) => <Amount amount={Number(amount)} />,
  },
  balance: {
    width: 'w-28',
    from: undefined,
    card: 'foot-aside',
    cell: ({ balanceAfter }) => (
      <span className="tabular-nums">
        <span className="text-ink-soft sm:sr-only">Balance </span>
        {formatCount(Number(balanceAfter))}
      </span>
    ),
  },
};

/** What came has a plus, what went a minus. */
function Amount({ amount }: { amount: number }) {
  return (
    <span className={clsx('font-medium tabular-nums', amount > 0 && 'text-good-text')}>
      {amount < 0 ? '−' : '+'}
      {formatCount(Math.abs(amount))}
    </span>
  );
}

export interface LedgerTableProps {
  list: LedgerList;
  page: ListPage<LedgerRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function LedgerTable(props: LedgerTableProps) {
  const { timeZone } = props;
  return (
    <DataTable
      {...props}
      looks={looks}
      aside={<LiveIndicator topics={['credits']} />}
      empty={
        <EmptyState kind="nothing-yet" title="No credits yet">
          Top-ups, what each batch of messages cost, and what was given back appear here. Contact support to
          top up.
        </EmptyState>
      }
      detail={{
        title: ({ kind }) => entryKindLabels[kind],
        render: (row) => <EntryDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function EntryDetail({ row, timeZone }: { row: LedgerRow; timeZone: string }) {
  return (
    <>
      {row.kind === 'SEND' && row.about !== null && <QuotedText>{row.about}</QuotedText>}
      <DetailList>
        <Detail name="Credits">
          <Amount amount={Number(row.amount)} />
        </Detail>
        <Detail name="Balance after it">{formatCount(Number(row.balanceAfter))}</Detail>
        <Detail name="When">
          <Time value={row.createdAt} timeZone={timeZone} />
        </Detail>
        {row.kind !== 'SEND' && row.about !== null && <Detail name="Details">{row.about}</Detail>}
        {row.reference !== null && <Detail name="Reference">{row.reference}</Detail>}
        {row.batchId !== null && (
          <Detail name="Messages">
            <Link
              href={`/messages?batch=${row.batchId}`}
              className="text-accent-text underline decoration-line underline-offset-4 hover:decoration-current"
            >
              Show them in Message Logs
            </Link>
          </Detail>
        )}
      </DetailList>
    </>
  );
}

export function LedgerTableSkeleton({ list }: { list: LedgerList }) {
  return <DataTableSkeleton list={list} looks={looks} />;
}
