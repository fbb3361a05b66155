'use client';

import type { ReactTable, Row as TableRow, RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import {
  cellClass,
  getCellClass,
  getHeadClass,
  headCellClass,
  rowClass,
  selectableRowClass,
  selectCellClass,
  type features,
} from './column';
import { SelectBox } from './select-box';
import { SortHead } from './sort-head';
import type { ListSort } from './use-list-query';

interface TableRowsProps<Row extends RowData> {
  table: ReactTable<typeof features, Row>;
  /** The rows' own group, to give one of them the focus. */
  ref: RefObject<HTMLTableSectionElement | null>;
  label: string;
  /** Newer rows are on their way. */
  isPending: boolean;
  newRowIds: ReadonlySet<string>;
  sort: ListSort;
  onSort: () => void;
  canSelect: boolean;
  /** What a row is called: "+27 82 123 4567". */
  getTitle: (row: Row) => string;
  onOpen: (row: Row) => void;
  /** What other keys do with a row. */
  keys?: (row: Row) => Record<string, () => void>;
  /** Escape: back to the search. */
  onLeave: () => void;
}

/** Gives the focus to the nth row. */
export function focusRow(body: Element | null, index: number): void {
  body?.querySelectorAll<HTMLElement>('tr')[index]?.focus();
}

/** Gives the focus to the row that the Tab key would lead to. */
export function focusActiveRow(body: Element | null): void {
  body?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
}

/**
 * Gives the focus back to a table's current row when what had it is gone: the row that was removed, a dialog.
 */
export function focusTable(label: string): void {
  // After the dialog has given the focus back, if what it came from is still there.
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    document
      .querySelector<HTMLElement>(`table[aria-label="${CSS.escape(label)}"] tbody tr[tabindex="0"]`)
      ?.focus({ preventScroll: true });
  });
}

/**
 * The table proper; on phones each row becomes a card. One row is a stop for the Tab key, the arrow keys move
 * between them, Enter opens one, Space or x selects it.
 */
export function TableRows<Row extends RowData>({
  table,
  ref,
  label,
  isPending,
  newRowIds,
  sort,
  onSort,
  canSelect,
  getTitle,
  onOpen,
  keys,
  onLeave,
}: TableRowsProps<Row>) {
  const rows = table.getRowModel().rows;
  const [activeRow, setActiveRow] = useState(0);
  const focusedRow = useRef<string | null>(null);

  // A row that leaves the list while it has the focus hands it to the one that takes its place.
  useEffect(() => {
    const isGone = focusedRow.current !== null && !rows.some((row) => row.id === focusedRow.current);
    if (!isGone || document.activeElement !== document.body) return;
    focusedRow.current = null;
    focusRow(ref.current, Math.min(activeRow, rows.length - 1));
  }, [rows, activeRow, ref]);

  function onKeyDown(
    event: KeyboardEvent<HTMLTableRowElement>,
    row: TableRow<typeof features, Row>,
    index: number,
  ) {
    // A key pressed in a link or a button within the row is theirs, and so is Space in the box that selects
    // it; one with Ctrl or Alt is the browser's.
    const isInBox = event.target instanceof HTMLInputElement && event.key !== ' ';
    if ((event.target !== event.currentTarget && !isInBox) || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const body = event.currentTarget.parentElement;
    const select = canSelect ? () => row.toggleSelected() : undefined;
    const actions: Record<string, (() => void) | undefined> = {
      ArrowDown: () => focusRow(body, index + 1),
      ArrowUp: () => focusRow(body, index - 1),
      ...(keys && { j: () => focusRow(body, index + 1), k: () => focusRow(body, index - 1) }),
      ...keys?.(row.original),
      Home: () => focusRow(body, 0),
      End: () => focusRow(body, rows.length - 1),
      Enter: () => onOpen(row.original),
      Escape: table.getIsSomeRowsSelected() ? () => table.resetRowSelection(true) : onLeave,
      ' ': select,
      x: select,
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function onClick(event: MouseEvent, row: Row) {
    // The button for details, alone of all controls in the row, does what the row does.
    const control = event.target instanceof Element && event.target.closest('a, label, input, button');
    const isOther = control && !control.hasAttribute('data-details');
    const isMarkingText = window.getSelection()?.isCollapsed === false;
    if (!isOther && !isMarkingText) onOpen(row);
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
            {canSelect && (
              <th role="columnheader" scope="col" className={clsx(headCellClass, 'w-11 px-0! max-sm:hidden')}>
                <SelectBox
                  label="Select all on this page"
                  checked={table.getIsAllRowsSelected()}
                  isMixed={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {group.headers.map((header) => {
              const { meta } = header.column.columnDef;
              return (
                <th
                  key={header.id}
                  role="columnheader"
                  scope="col"
                  aria-sort={meta?.isOrder ? (sort === 'newest' ? 'descending' : 'ascending') : undefined}
                  className={clsx(headCellClass, getHeadClass(meta))}
                >
                  {meta?.isOrder ? (
                    <SortHead sort={sort} onSort={onSort}>
                      <table.FlexRender header={header} />
                    </SortHead>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              );
            })}
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
            aria-selected={canSelect ? row.getIsSelected() : undefined}
            tabIndex={index === Math.min(activeRow, rows.length - 1) ? 0 : -1}
            onFocus={() => {
              setActiveRow(index);
              focusedRow.current = row.id;
            }}
            onBlur={(event) => {
              if (event.relatedTarget) focusedRow.current = null;
            }}
            onKeyDown={(event) => onKeyDown(event, row, index)}
            onClick={(event) => onClick(event, row.original)}
            className={clsx(
              rowClass,
              'group relative cursor-default scroll-mt-28 focus-visible:-outline-offset-2',
              row.getIsSelected() ? 'bg-accent-soft' : 'hover:bg-canvas focus-visible:bg-canvas',
              canSelect && selectableRowClass,
              newRowIds.has(row.id) && 'animate-new-row',
            )}
          >
            {canSelect && (
              <td role="cell" className={selectCellClass}>
                <SelectBox
                  isWithinRow
                  label={`Select ${getTitle(row.original)}`}
                  checked={row.getIsSelected()}
                  onChange={row.getToggleSelectedHandler()}
                />
              </td>
            )}
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
                data-details
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
