'use client';

import type { RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { Skeleton } from '@/components/ui/skeleton';
import type { ListView } from '@/lib/lists/schema';
import {
  cellClass,
  getCellClass,
  getHeadClass,
  headCellClass,
  rowClass,
  selectableRowClass,
  selectCellClass,
} from './column';
import { composeColumns, type ListLooks } from './compose-columns';

const rowCount = 10;

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
      <table
        aria-hidden="true"
        className="w-full table-fixed border-separate border-spacing-0 text-sm max-sm:block"
      >
        <thead className="max-sm:hidden">
          <tr>
            {canSelect && <th scope="col" className={clsx(headCellClass, 'w-11')} />}
            {columns.map((column, index) => (
              <th key={index} scope="col" className={clsx(headCellClass, getHeadClass(column.meta))}>
                {String(column.header)}
              </th>
            ))}
            <th scope="col" className={clsx(headCellClass, 'w-10')} />
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {Array.from({ length: rowCount }, (_, row) => (
            <tr key={row} className={clsx(rowClass, 'relative', canSelect && selectableRowClass)}>
              {canSelect && <td className={selectCellClass} />}
              {columns.map((column, index) => (
                <td key={index} className={clsx(cellClass, getCellClass(column.meta))}>
                  <Skeleton className={clsx(index % 2 === 0 ? 'w-4/5' : 'w-3/5', 'max-sm:w-24')} />
                </td>
              ))}
              <td className="border-line max-sm:hidden sm:border-b" />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
