'use client';

import type { ReactTable, RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useState, type KeyboardEvent, type MouseEvent, type Ref } from 'react';
import { cellClass, getCellClass, getHeadClass, headCellClass, rowClass, type features } from './column';

interface TableRowsProps<Row extends RowData> {
  table: ReactTable<typeof features, Row>;
  /** The rows' own group, to give one of them the focus. */
  ref: Ref<HTMLTableSectionElement>;
  label: string;
  /** Newer rows are on their way. */
  isPending: boolean;
  newRowIds: ReadonlySet<string>;
  /** What a row is called: "+27 82 123 4567". */
  getTitle: (row: Row) => string;
  onOpen: (row: Row) => void;
  /** Escape: back to the search. */
  onLeave: () => void;
}

/** Gives the focus to the nth row. */
export function focusRow(body: Element | null, index: number): void {
  body?.querySelectorAll<HTMLElement>('tr')[index]?.focus();
}

/**
 * The table proper; on phones each row becomes a card. One row is a stop for the Tab key, the arrow keys move between
 * them, Enter opens one.
 */
export function TableRows<Row extends RowData>({
  table,
  ref,
  label,
  isPending,
  newRowIds,
  getTitle,
  onOpen,
  onLeave,
}: TableRowsProps<Row>) {
  const rows = table.getRowModel().rows;
  const [activeRow, setActiveRow] = useState(0);

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, row: Row, index: number) {
    // A key pressed in a link or a button within the row is theirs.
    if (event.target !== event.currentTarget) return;
    const body = event.currentTarget.parentElement;
    const actions: Record<string, () => void> = {
      ArrowDown: () => focusRow(body, index + 1),
      ArrowUp: () => focusRow(body, index - 1),
      Home: () => focusRow(body, 0),
      End: () => focusRow(body, rows.length - 1),
      Enter: () => onOpen(row),
      Escape: onLeave,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function onClick(event: MouseEvent, row: Row) {
    const isLink = event.target instanceof Element && event.target.closest('a');
    const isSelecting = window.getSelection()?.isCollapsed === false;
    if (!isLink && !isSelecting) onOpen(row);
  }

  return (
    // The roles are written out because display: grid, on a phone, would take them away.
    <table
      role="table"
      aria-label={label}
      aria-busy={isPending}
      className={clsx(
        'w-full table-fixed border-separate border-spacing-0 text-sm max-sm:block',
        isPending && 'opacity-60 transition-opacity delay-150',
      )}
    >
      <thead role="rowgroup" className="max-sm:sr-only">
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id} role="row">
            {group.headers.map((header) => (
              <th
                key={header.id}
                role="columnheader"
                scope="col"
                className={clsx(headCellClass, getHeadClass(header.column.columnDef.meta))}
              >
                <table.FlexRender header={header} />
              </th>
            ))}
            <th role="columnheader" scope="col" className={clsx(headCellClass, 'w-10')}>
              <span className="sr-only">Details</span>
            </th>
          </tr>
        ))}
      </thead>
      <tbody ref={ref} role="rowgroup" className="max-sm:block sm:[&>tr:last-child>td]:border-b-0">
        {rows.map((row, index) => (
          <tr
            key={row.id}
            role="row"
            tabIndex={index === Math.min(activeRow, rows.length - 1) ? 0 : -1}
            onFocus={() => setActiveRow(index)}
            onKeyDown={(event) => onKeyDown(event, row.original, index)}
            onClick={(event) => onClick(event, row.original)}
            className={clsx(
              rowClass,
              'group relative cursor-default scroll-mt-28 hover:bg-canvas focus-visible:bg-canvas focus-visible:-outline-offset-2',
              newRowIds.has(row.id) && 'animate-new-row',
            )}
          >
            {row.getVisibleCells().map((cell) => (
              <td
                key={cell.id}
                role="cell"
                className={clsx(cellClass, getCellClass(cell.column.columnDef.meta))}
              >
                <table.FlexRender cell={cell} />
              </td>
            ))}
            <td role="cell" className="border-line max-sm:sr-only sm:border-b">
              {/* Not a stop of its own for the keyboard: Enter on the row does the same. */}
              <button
                type="button"
                tabIndex={-1}
                aria-label={`Details: ${getTitle(row.original)}`}
                className="flex size-8 items-center justify-center text-ink-faint opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100"
              >
                <ChevronRight aria-hidden="true" className="size-4" />
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
