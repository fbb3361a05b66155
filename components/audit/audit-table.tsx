'use client';

import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList } from '@/components/data-table/detail-list';
import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import type { AuditList, AuditRow } from '@/lib/audit/list';
import { auditActions } from '@/lib/audit/schema';

const looks: LooksOf<AuditList> = {
  action: { width: 'w-64', from: undefined, card: 'title' },
  target: { width: undefined, from: undefined, card: 'body' },
  account: {
    width: 'w-24',
    align: undefined,
    from: 'md',
    cell: ({ accountId }) => accountId !== null && <span className="tabular-nums">W{accountId}</span>,
  },
  who: { width: 'w-40', from: undefined, card: 'foot' },
  when: { card: 'foot-aside' },
};

interface AuditTableProps {
  list: AuditList;
  page: ListPage<AuditRow>;
  hiddenColumns: readonly string[];
  /** Something beside the search narrows the list. */
  isFiltered: boolean;
}

export function AuditTable({ isFiltered, ...table }: AuditTableProps) {
  return (
    <DataTable
      {...table}
      looks={looks}
      timeZone={staffTimeZone}
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
              <pre className="font-mono text-xs wrap-anywhere whitespace-pre-wrap">
                {JSON.stringify(value, null, 2)}
              </pre>
            ) : (
              <span className="wrap-anywhere whitespace-pre-wrap">{String(value)}</span>
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
