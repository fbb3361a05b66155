'use client';

import type { Row as TableRow, RowData, Table } from '@tanstack/react-table';
import { clsx } from 'clsx';
import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { useRouter } from 'next/navigation';
import { formatFullMoment } from '@/components/ui/format-time';
import { getCellClass, getHeadClass, type features } from './column';
import { SelectBox } from './select-box';
import { SortHead } from './sort-head';
import type { ListSort } from './use-list-query';

interface TableRowsProps<Row extends RowData> {
  table: Table<typeof features, Row>;
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
  /** Somebody points at a row, or has come to one. */
  onApproach: (() => void) | undefined;
  timeZone: string;
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
 *
 * Rows and cells are plain elements: what they look like is in app/globals.css, what they answer to is heard
 * once, by their group. A component or a handler in each is paid for fifty times over, on the server too.
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
  onApproach,
  timeZone,
  keys,
  onLeave,
}: TableRowsProps<Row>) {
  const router = useRouter();
  const rows = table.getRowModel().rows;
  const columns = table.getVisibleLeafColumns().map(({ id, columnDef: { header, meta, cell } }) => ({
    id,
    header: String(header),
    meta,
    className: getCellClass(meta),
    // By hand, not by the table's own: that makes an object and a component of each cell.
    write: cell as (context: { row: TableRow<typeof features, Row> }) => ReactNode,
  }));
  const [activeRow, setActiveRow] = useState(0);
  const focusedRow = useRef<string | null>(null);
  const stop = Math.min(activeRow, rows.length - 1);

  // A row that leaves the list while it has the focus hands it to the one that takes its place.
  useEffect(() => {
    const isGone = focusedRow.current !== null && !rows.some((row) => row.id === focusedRow.current);
    if (!isGone || document.activeElement !== document.body) return;
    focusedRow.current = null;
    focusRow(ref.current, Math.min(activeRow, rows.length - 1));
  }, [rows, activeRow, ref]);

  /** The row in which something happened. */
  function findRow(target: EventTarget) {
    const element = target instanceof Element ? target.closest('tr') : null;
    const row = element && rows[element.sectionRowIndex];
    return element && row ? { element, row, index: element.sectionRowIndex } : null;
  }

  /** What is only seen by whoever points at it is made then. */
  function onPointerOver({ target }: { target: EventTarget }) {
    onApproach?.();
    const link = findRowLink(target);
    if (link) router.prefetch(getPath(link));
    const moment = target instanceof Element && target.closest('time');
    if (moment && !moment.title) moment.title = formatFullMoment(moment.dateTime, timeZone);
  }

  function onFocus(event: FocusEvent) {
    onApproach?.();
    const found = findRow(event.target);
    if (!found) return;
    setActiveRow(found.index);
    focusedRow.current = found.row.id;
  }

  function onKeyDown(event: KeyboardEvent) {
    const found = findRow(event.target);
    if (!found) return;
    const { element, row, index } = found;
    // A key pressed in a link or a button within the row is theirs, and so is Space in the box that selects
    // it; one with Ctrl or Alt is the browser's.
    const isInBox = event.target instanceof HTMLInputElement && event.key !== ' ';
    if ((event.target !== element && !isInBox) || event.ctrlKey || event.metaKey || event.altKey) return;
    const body = element.parentElement;
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

  /** As Next's own link does: what is to open elsewhere is the browser's. */
  function goTo(link: HTMLAnchorElement, event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.push(getPath(link));
  }

  function onClick(event: MouseEvent) {
    const found = findRow(event.target);
    if (!found) return;
    const link = findRowLink(event.target);
    if (link) return goTo(link, event);
    // The button for details, alone of all controls in the row, does what the row does.
    const control = event.target instanceof Element && event.target.closest('a, label, input, button');
    const isOther = control && !control.hasAttribute('data-details');
    const isMarkingText = window.getSelection()?.isCollapsed === false;
    if (!isOther && !isMarkingText) onOpen(found.row.original);
  }

  return (
    // The roles are written out because display: grid, on a phone, would take them away.
    <table
      role="table"
      aria-label={label}
      aria-busy={isPending}
      className={clsx(
        'data-table',
        canSelect && 'can-pick',
        isPending && 'opacity-60 transition-opacity delay-150',
      )}
    >
      <thead role="rowgroup" className="max-sm:sr-only">
        <tr role="row">
          {canSelect && (
            <th role="columnheader" scope="col" className="pick">
              <SelectBox
                label="Select all on this page"
                checked={table.getIsAllRowsSelected()}
                isMixed={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                onChange={table.getToggleAllRowsSelectedHandler()}
              />
            </th>
          )}
          {columns.map(({ id, header, meta }) => (
            <th
              key={id}
              role="columnheader"
              scope="col"
              aria-sort={meta?.isOrder ? (sort === 'newest' ? 'descending' : 'ascending') : undefined}
              className={getHeadClass(meta)}
            >
              {meta?.isOrder ? (
                <SortHead sort={sort} onSort={onSort}>
                  {header}
                </SortHead>
              ) : (
                header
              )}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="sr-only">Details</span>
          </th>
        </tr>
      </thead>
      <tbody
        ref={ref}
        role="rowgroup"
        onFocus={onFocus}
        onBlur={(event) => {
          if (event.relatedTarget) focusedRow.current = null;
        }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onPointerOver={onPointerOver}
      >
        {rows.map((row, index) => {
          const title = getTitle(row.original);
          const isSelected = row.getIsSelected();
          return (
            <tr
              key={row.id}
              role="row"
              aria-selected={canSelect ? isSelected : undefined}
              tabIndex={index === stop ? 0 : -1}
              className={newRowIds.has(row.id) ? 'is-new' : undefined}
            >
              {canSelect && (
                <td role="cell" className="pick">
                  <label>
                    {/* Not a stop of its own: the row has a key that does the same. */}
                    <input
                      type="checkbox"
                      aria-label={`Select ${title}`}
                      checked={isSelected}
                      onChange={row.getToggleSelectedHandler()}
                      tabIndex={-1}
                    />
                  </label>
                </td>
              )}
              {columns.map(({ id, className, write }) => (
                <td key={id} role="cell" className={className}>
                  {write({ row })}
                </td>
              ))}
              <td role="cell" className="open">
                {/* Not a stop of its own for the keyboard: Enter on the row does the same. */}
                <button type="button" tabIndex={-1} data-details aria-label={`Details: ${title}`} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The link of a row (row-link.tsx) that something happened to. */
function findRowLink(target: EventTarget): HTMLAnchorElement | null {
  return target instanceof Element ? target.closest<HTMLAnchorElement>('a[data-row-link]') : null;
}

function getPath({ pathname, search }: HTMLAnchorElement): string {
  return pathname + search;
}
