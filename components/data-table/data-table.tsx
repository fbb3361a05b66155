'use client';

import { useTable, type ColumnVisibilityState, type RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { ChevronRight, Columns3, RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { Button, getButtonClass } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { Menu, MenuChoice, MenuGroup } from '@/components/ui/menu';
import {
  cellClass,
  features,
  getCellClass,
  getHeadClass,
  headCellClass,
  rowClass,
  type DataColumn,
} from './column';
import { rememberHiddenColumns } from './hidden-columns';
import { Pager } from './pager';
import { SearchBox } from './search-box';
import { useListQuery } from './use-list-query';
import { useNewRows } from './use-new-rows';

interface DataTableProps<Row extends RowData & { id: string }> {
  /** What the list is called for remembering its columns: "opt-outs". */
  name: string;
  /** What it holds; read out. */
  label: string;
  columns: DataColumn<Row>[];
  page: { rows: Row[]; newer: string | null; older: string | null };
  hiddenColumns: readonly string[];
  search: { label: string; placeholder: string };
  /** Beside the search: the live indicator. */
  aside?: ReactNode;
  /** What stands there before the first row ever came. */
  empty: ReactNode;
  /** The list could not be read, or may not be. */
  problem?: 'error' | 'not-allowed';
  /** What a row says in full, in a panel at the side. */
  detail: { title: (row: Row) => string; render: (row: Row) => ReactNode };
  /** One sentence about a row that has just arrived; read out. */
  announce?: (row: Row) => string;
}

/** The one table every list uses: rows, order and pages come from the server; what it shows is in the URL. */
export function DataTable<Row extends RowData & { id: string }>(props: DataTableProps<Row>) {
  const { name, columns, page, detail } = props;
  const router = useRouter();
  const query = useListQuery();
  const newRows = useNewRows(page.rows, query.view);
  const newRowIds = new Set(newRows.map((row) => row.id));
  const [activeRow, setActiveRow] = useState(0);
  const [opened, setOpened] = useState<{ row: Row; isOpen: boolean } | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);

  const [columnVisibility, setColumnVisibility] = useState<ColumnVisibilityState>(() =>
    Object.fromEntries(props.hiddenColumns.map((id) => [id, false])),
  );
  const table = useTable({
    features,
    columns,
    data: page.rows,
    getRowId: (row) => row.id,
    state: { columnVisibility },
    onColumnVisibilityChange: setColumnVisibility,
  });
  const rows = table.getRowModel().rows;
  const hideable = table.getAllLeafColumns().filter((column) => column.getCanHide());

  function toggleColumn(id: string) {
    const next = { ...columnVisibility, [id]: columnVisibility[id] === false };
    setColumnVisibility(next);
    rememberHiddenColumns(
      name,
      Object.keys(next).filter((key) => next[key] === false),
    );
  }

  function focusRow(index: number) {
    body.current?.querySelectorAll<HTMLElement>('tr')[index]?.focus();
  }

  function onRowKeyDown(event: KeyboardEvent<HTMLTableRowElement>, row: Row, index: number) {
    if (event.target !== event.currentTarget) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => focusRow(index + 1),
      ArrowUp: () => focusRow(index - 1),
      Home: () => focusRow(0),
      End: () => focusRow(rows.length - 1),
      Enter: () => setOpened({ row, isOpen: true }),
      Escape: () => toolbar.current?.querySelector('input')?.focus(),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  function onRowClick(event: MouseEvent, row: Row) {
    const isLink = event.target instanceof Element && event.target.closest('a');
    const isSelecting = !window.getSelection()?.isCollapsed;
    if (!isLink && !isSelecting) setOpened({ row, isOpen: true });
  }

  return (
    <section aria-label={props.label} className="rounded-lg border border-line bg-surface">
      <div ref={toolbar} className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <SearchBox
          {...props.search}
          value={query.text}
          onChange={query.search}
          isPending={query.isPending}
          onLeave={() => focusRow(0)}
        />
        <span className="ml-auto flex items-center gap-3">
          {props.aside}
          <span className="max-sm:hidden">
            <Menu
              label="Columns"
              align="end"
              button={
                <>
                  <Columns3 aria-hidden="true" className="size-4" />
                  <span className="max-lg:sr-only">Columns</span>
                </>
              }
              buttonClassName={getButtonClass({ variant: 'secondary' })}
            >
              <MenuGroup label="Show">
                {hideable.map((column) => (
                  <MenuChoice
                    key={column.id}
                    kind="checkbox"
                    checked={column.getIsVisible()}
                    onSelect={() => toggleColumn(column.id)}
                  >
                    {String(column.columnDef.header)}
                  </MenuChoice>
                ))}
              </MenuGroup>
            </Menu>
          </span>
        </span>
      </div>

      <div role="status" className="sr-only">
        {newRows.length > 0 &&
          (newRows.length === 1 && newRows[0] && props.announce
            ? props.announce(newRows[0])
            : `${formatNumberOf(newRows.length, 'new row')}.`)}
      </div>

      {rows.length > 0 && !props.problem ? (
        <>
          {/* The roles are written out because display: grid, on a phone, would take them away. */}
          <table
            role="table"
            aria-label={props.label}
            aria-busy={query.isPending}
            className={clsx(
              'w-full table-fixed border-separate border-spacing-0 text-sm max-sm:block',
              query.isPending && 'opacity-60 transition-opacity delay-150',
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
            <tbody ref={body} role="rowgroup" className="max-sm:block sm:[&>tr:last-child>td]:border-b-0">
              {rows.map((row, index) => (
                <tr
                  key={row.id}
                  role="row"
                  tabIndex={index === Math.min(activeRow, rows.length - 1) ? 0 : -1}
                  onFocus={() => setActiveRow(index)}
                  onKeyDown={(event) => onRowKeyDown(event, row.original, index)}
                  onClick={(event) => onRowClick(event, row.original)}
                  className={clsx(
                    rowClass,
                    'group relative cursor-default hover:bg-canvas focus-visible:bg-canvas focus-visible:-outline-offset-2',
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
                      aria-label={`Details: ${detail.title(row.original)}`}
                      className="flex size-8 items-center justify-center text-ink-faint opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100"
                    >
                      <ChevronRight aria-hidden="true" className="size-4" />
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <div className="border-t border-line">
            <Pager newer={page.newer} older={page.older}>
              {formatNumberOf(rows.length, 'row')} on this page
            </Pager>
          </div>
        </>
      ) : props.problem === 'error' ? (
        <EmptyState
          kind="error"
          title="This list could not be read"
          action={
            <Button onClick={() => router.refresh()}>
              <RotateCw aria-hidden="true" className="size-4" />
              Try again
            </Button>
          }
        >
          Nothing is lost. It usually works again in a moment.
        </EmptyState>
      ) : props.problem === 'not-allowed' ? (
        <EmptyState kind="not-allowed" title="You may not see this list">
          Ask the owner of the account to give you access.
        </EmptyState>
      ) : query.isPaged ? (
        <EmptyState
          kind="no-match"
          title="There is nothing on this page any more"
          action={<Button onClick={query.goToNewest}>Go to the newest</Button>}
        />
      ) : query.text ? (
        <EmptyState
          kind="no-match"
          title="Nothing matches"
          action={<Button onClick={() => query.search('')}>Clear search</Button>}
        >
          No row matches this search. Numbers are found in any format, in whole or in part.
        </EmptyState>
      ) : (
        props.empty
      )}

      <Dialog
        placement="end"
        open={opened?.isOpen ?? false}
        onClose={() => setOpened((current) => current && { ...current, isOpen: false })}
        title={opened ? detail.title(opened.row) : ''}
      >
        {opened && detail.render(opened.row)}
      </Dialog>
    </section>
  );
}
