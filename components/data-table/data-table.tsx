'use client';

import type { RowData } from '@tanstack/react-table';
import { clsx } from 'clsx';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { formatNumberOf } from '@/components/ui/format-count';
import { LatePart } from '@/components/ui/late';
import type { ListPage, ListProblem, ListView } from '@/lib/lists/schema';
import { getFromClass } from './column';
import { ColumnsMenu } from './columns-menu';
import { composeColumns, type ListLooks } from './compose-columns';
import { EmptyList } from './empty-list';
import { FilterBar } from './filter-bar';
import { composeFilters } from './filters';
import { rememberHiddenColumns } from './hidden-columns';
import { Pager } from './pager';
import { SearchBox } from './search-box';
import { SelectionBar } from './selection-bar';
import { focusActiveRow, focusRow, TableRows } from './table-rows';
import { useListQuery } from './use-list-query';
import { useListTable } from './use-list-table';
import { useNewRows } from './use-new-rows';
import { usePageKeys } from './use-page-keys';

// Of an address that somebody has changed by hand, or that is older than the list.
const loadNotice = () => import('./ignored-notice');

export interface DataTableProps<
  Row extends RowData & { id: string },
  Id extends string,
  Control extends string,
> {
  /** As it is declared. */
  list: ListView<Row, Id, Control>;
  /** The same from render to render. */
  looks: ListLooks<Row, Id, Control>;
  /** Whose clock and days the table has. */
  timeZone: string;
  page: ListPage<Row>;
  hiddenColumns: readonly string[];
  /** Parameters of the address whose value does not exist; the page was read without them. */
  ignored?: readonly string[];
  /** Beside the search: the live indicator. */
  aside?: ReactNode;
  /** What stands there before the first row ever came. */
  empty: ReactNode;
  /** The list could not be read, or may not be. */
  problem?: ListProblem;
  /** What a row is called, and what it says in full, in a panel at the side; or the page that says it. */
  detail: { title: (row: Row) => string } & (
    | {
        render: (row: Row, close: () => void) => ReactNode;
        /** Loads what `render` needs: somebody points at a row, or has come to one. */
        prepare?: () => void;
      }
    | { getHref: (row: Row) => string }
  );
  /** Rows can be selected; this is what can be done with them. */
  selection?: (rows: Row[], clear: () => void) => ReactNode;
  /**
   * Keys that do something with the selected rows, or with the one that has the focus. With them J and K lead
   * to the rows from anywhere on the page.
   */
  keys?: (rows: Row[]) => Record<string, () => void>;
  /** Below the rows, instead of the pages. */
  foot?: ReactNode;
  /** One sentence about a row that has just arrived; read out. */
  announce?: (row: Row) => string;
}

/** The one table every list uses: rows, order and pages come from the server; what it shows is in the URL. */
export function DataTable<Row extends RowData & { id: string }, Id extends string, Control extends string>(
  props: DataTableProps<Row, Id, Control>,
) {
  const { looks, timeZone, page, detail, announce, ignored = [], selection, keys, foot } = props;
  const router = useRouter();
  // Each refresh brings the declaration anew, but not another one; another identity would build every cell
  // anew.
  const [list] = useState(props.list);
  const columns = useMemo(() => composeColumns(list, looks, timeZone), [list, looks, timeZone]);
  const filters = useMemo(() => composeFilters(list, timeZone), [list, timeZone]);
  const query = useListQuery(filters);
  const newRows = useNewRows(page.rows, query.view);
  const [opened, setOpened] = useState<{ row: Row; isOpen: boolean } | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);

  const [initialState] = useState(() => ({
    columnVisibility: Object.fromEntries(props.hiddenColumns.map((id) => [id, false])),
  }));
  const table = useListTable({ columns, data: page.rows, getRowId: (row) => row.id, initialState });
  // Rows that have left the page, because it changed or they are gone, are selected no more.
  const selected = table.getSelectedRowModel().rows.map((row) => row.original);
  const { resetRowSelection } = table;
  const clearSelection = () => resetRowSelection(true);
  useEffect(() => resetRowSelection(true), [resetRowSelection, query.view]);

  const canSort = columns.some((column) => column.meta?.isOrder);
  const turnOrder = () => query.set({ sort: query.sort === 'newest' ? 'oldest' : null });

  const openedRow = opened && (page.rows.find((row) => row.id === opened.row.id) ?? opened.row);
  const close = () => setOpened((current) => current && { ...current, isOpen: false });
  const open = (row: Row) =>
    'getHref' in detail ? router.push(detail.getHref(row)) : setOpened({ row, isOpen: true });
  const [newRow] = newRows;

  const goToRows = () => focusActiveRow(body.current);
  usePageKeys(keys ? { j: goToRows, k: goToRows } : {});

  return (
    <section aria-label={list.label} className="rounded-lg border border-line bg-surface">
      {list.search && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
          <SearchBox
            {...list.search}
            ref={searchBox}
            value={query.text}
            onType={query.search.type}
            onSet={query.search.set}
            isPending={query.isPending}
            onLeave={() => focusRow(body.current, 0)}
          />
          <FilterBar filters={filters} ignored={ignored} query={query} canSort={canSort} />
          <span className={clsx('ml-auto flex items-center gap-3', !props.aside && 'max-sm:hidden')}>
            {props.aside}
            <span className="max-sm:hidden">
              <ColumnsMenu
                columns={table
                  .getAllLeafColumns()
                  .filter((column) => column.getCanHide())
                  .map((column) => ({
                    id: column.id,
                    header: String(column.columnDef.header),
                    isVisible: column.getIsVisible(),
                    className: getFromClass(column.columnDef.meta),
                  }))}
                onToggle={(id) => {
                  table.getColumn(id)?.toggleVisibility();
                  const hidden = table.getAllLeafColumns().filter((column) => !column.getIsVisible());
                  rememberHiddenColumns(
                    list.name,
                    hidden.map((column) => column.id),
                  );
                }}
              />
            </span>
          </span>
        </div>
      )}
      {ignored.length > 0 && (
        <LatePart load={loadNotice} waiting={<></>}>
          {({ IgnoredNotice }) => <IgnoredNotice names={ignored} filters={filters} query={query} />}
        </LatePart>
      )}

      <div role="status" className="sr-only">
        {newRow &&
          (newRows.length === 1 && announce ? announce(newRow) : formatNumberOf(newRows.length, 'new row'))}
      </div>

      {page.rows.length > 0 && !props.problem ? (
        <>
          <TableRows<Row>
            table={table}
            ref={body}
            label={list.label}
            isPending={query.isPending}
            newRowIds={new Set(newRows.map((row) => row.id))}
            sort={query.sort}
            onSort={turnOrder}
            canSelect={selection !== undefined}
            getTitle={detail.title}
            onOpen={open}
            onApproach={'render' in detail ? detail.prepare : undefined}
            timeZone={timeZone}
            keys={keys && ((row) => keys(selected.length > 0 ? selected : [row]))}
            onLeave={() => searchBox.current?.focus()}
          />
          {selection && selected.length > 0 && (
            <SelectionBar
              count={selected.length}
              of={page.rows.length}
              onSelectPage={() => table.toggleAllRowsSelected(true)}
              onClear={clearSelection}
            >
              {selection(selected, clearSelection)}
            </SelectionBar>
          )}
          <div className="border-t border-line">
            {foot ?? (
              <Pager newer={page.newer} older={page.older} sort={query.sort}>
                {formatNumberOf(page.rows.length, 'row')} on this page
              </Pager>
            )}
          </div>
        </>
      ) : (
        <EmptyList query={query} problem={props.problem} nothingYet={props.empty} />
      )}

      <Dialog
        placement="end"
        open={opened?.isOpen ?? false}
        onClose={close}
        title={openedRow ? detail.title(openedRow) : ''}
      >
        {openedRow && 'render' in detail && detail.render(openedRow, close)}
      </Dialog>
    </section>
  );
}
