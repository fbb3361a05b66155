'use client';

import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList } from '@/components/data-table/detail-list';
import type { ListPage } from '@/components/data-table/list-page';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { auditActions, type AuditRow } from '@/lib/audit/schema';
import { staffTimeZone } from '@/components/platform/staff-time-zone';

const column = createColumns<AuditRow>();

const columns = [
  column.display({
    id: 'action',
    header: 'What',
    enableHiding: false,
    meta: { width: 'w-64', card: 'title' },
    cell: ({ row }) => auditActions[row.original.action],
  }),
  column.display({
    id: 'target',
    header: 'To what',
    meta: { card: 'body' },
    cell: ({ row }) => <span className="text-ink-soft">{row.original.target}</span>,
  }),
  column.display({
    id: 'account',
    header: 'Account',
    meta: { width: 'w-24', from: 'md' },
    cell: ({ row }) =>
      row.original.accountId !== null && <span className="tabular-nums">W{row.original.accountId}</span>,
  }),
  column.display({
    id: 'who',
    header: 'Who',
    enableHiding: false,
    meta: { width: 'w-40', card: 'foot' },
    cell: ({ row }) => row.original.userName,
  }),
  column.display({
    id: 'when',
    header: 'When',
    meta: { width: 'w-36', card: 'foot-aside' },
    cell: ({ row }) => <Time value={row.original.createdAt} timeZone={staffTimeZone} />,
  }),
];

interface AuditTableProps {
  page: ListPage<AuditRow>;
  hiddenColumns: readonly string[];
  /** Something beside the search narrows the list. */
  isFiltered: boolean;
}

export function AuditTable({ page, hiddenColumns, isFiltered }: AuditTableProps) {
  return (
    <DataTable
      name="audit"
      label="Audit log"
      columns={columns}
      page={page}
      hiddenColumns={hiddenColumns}
      search={{ label: 'Search by target, number or reason', placeholder: 'Target, number or reason' }}
      empty={
        isFiltered ? (
          <EmptyState kind="no-match" title="Nothing matches">
            No entry matches these filters.
          </EmptyState>
        ) : (
          <EmptyState kind="nothing-yet" title="Nothing has been done yet">
            Whatever staff decide, correct or change is written down here.
          </EmptyState>
        )
      }
      detail={{
        title: (row) => auditActions[row.action],
        render: (row) => <AuditDetail row={row} />,
      }}
    />
  );
}

function AuditDetail({ row }: { row: AuditRow }) {
  return (
    <DetailList>
      <Detail name="Who">{row.userName}</Detail>
      <Detail name="When">
        <Time value={row.createdAt} timeZone={staffTimeZone} />
      </Detail>
      <Detail name="To what">{row.target}</Detail>
      {row.accountId !== null && (
        <Detail name="Account">
          <Link
            href={`/admin/accounts/${row.accountId}`}
            className="text-accent-text tabular-nums underline-offset-4 hover:underline"
          >
            W{row.accountId}
          </Link>
        </Detail>
      )}
      {Object.entries(row.details)
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => (
          <Detail key={name} name={nameDetail(name)}>
            {typeof value === 'object' ? (
              <pre className="font-mono text-xs break-words whitespace-pre-wrap">
                {JSON.stringify(value, null, 2)}
              </pre>
            ) : (
              <span className="break-words whitespace-pre-wrap">{String(value)}</span>
            )}
          </Detail>
        ))}
    </DetailList>
  );
}

/** "requestId" as people read it: "Request id". */
function nameDetail(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
