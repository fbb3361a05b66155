'use client';

import type { RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { Skeleton } from '@/components/ui/skeleton';
import type { ListView } from '@/lib/lists/schema';
import { getCellClass, getHeadClass } from './column';
import { composeColumns, type ListLooks } from './compose-columns';

/** The table before its rows are there, with the real columns at their real widths, so that nothing jumps. */
export function DataTableSkeleton<Row extends RowData, Id extends string, Control extends string>({
  list,
  looks,
  canSelect = false,
}: {
  list: ListView<Row, Id, Control>;
  looks: ListLooks<Row, Id, Control>;
  canSelect?: boolean;
}) {
  const columns = composeColumns(list, looks, 'UTC');
  const filterCount = list.filters.length + (list.hasDays ? 1 : 0);
  return (
    <section aria-label="Loading" aria-busy="true" className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <Skeleton className="h-9 w-full max-w-80 max-sm:h-10 max-sm:max-w-full" />
        {Array.from({ length: filterCount }, (_, index) => (
          <Skeleton key={index} className="h-8 w-24 max-sm:h-10" />
        ))}
      </div>
      <table aria-hidden="true" className={clsx('data-table', canSelect && 'can-pick')}>
        <thead className="max-sm:hidden">
          <tr>
            {canSelect && <th scope="col" className="pick" />}
            {columns.map((column, index) => (
              <th key={index} scope="col" className={getHeadClass(column.meta)}>
                {String(column.header)}
              </th>
            ))}
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {/* One row that is drawn as ten: each page that is opened is sent with it. */}
          <tr className="is-skeleton">
            {canSelect && <td className="pick" />}
            {columns.map((column, index) => (
              <td key={index} className={getCellClass(column.meta)} />
            ))}
            <td className="open" />
          </tr>
        </tbody>
      </table>
    </section>
  );
}
