'use client';

import { useTable, type ColumnVisibilityState, type RowData } from '@tanstack/react-table';
import { useRef, useState, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { formatNumberOf } from '@/components/ui/format-count';
import { features, getFromClass, type DataColumn } from './column';
import { ColumnsMenu } from './columns-menu';
import { EmptyList } from './empty-list';
import { rememberHiddenColumns } from './hidden-columns';
import type { ListPage } from './list-page';
import { Pager } from './pager';
import { SearchBox } from './search-box';
import { focusRow, TableRows } from './table-rows';
import { useListQuery } from './use-list-query';
import { useNewRows } from './use-new-rows';

interface DataTableProps<Row extends RowData & { id: string }> {
  /** What the list is called for remembering its columns: "opt-outs". */
  name: string;
  /** What it holds; read out. */
  label: string;
  columns: DataColumn<Row>[];
  page: ListPage<Row>;
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
  const { columns, page, detail, announce } = props;
  const query = useListQuery();
  const newRows = useNewRows(page.rows, query.view);
  const [opened, setOpened] = useState<{ row: Row; isOpen: boolean } | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);

  const [columnVisibility, setColumnVisibility] = useState<ColumnVisibilityState>(() =>
    Object.fromEntries(props.hiddenColumns.map((id) => [id, false])),
  );
  const table = useTable({
    features,
    columns,
    data: page.rows,
    getRowId: (row) => row.id,
    state: { columnVisibility },
  });

  function toggleColumn(id: string) {
    const next = { ...columnVisibility, [id]: columnVisibility[id] === false };
    setColumnVisibility(next);
    rememberHiddenColumns(
      props.name,
      Object.keys(next).filter((key) => next[key] === false),
    );
  }

  // What the panel shows goes on changing with the list, and stays when its row has moved to another page.
  const openedRow = opened && (page.rows.find((row) => row.id === opened.row.id) ?? opened.row);
  const [newRow] = newRows;

  return (
    <section aria-label={props.label} className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <SearchBox
          {...props.search}
          ref={searchBox}
          value={query.text}
          onChange={query.search}
          isPending={query.isPending}
          onLeave={() => focusRow(body.current, 0)}
        />
        <span className="ml-auto flex items-center gap-3">
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
              onToggle={toggleColumn}
            />
          </span>
        </span>
      </div>

      <div role="status" className="sr-only">
        {newRow &&
          (newRows.length === 1 && announce ? announce(newRow) : formatNumberOf(newRows.length, 'new row'))}
      </div>

      {page.rows.length > 0 && !props.problem ? (
        <>
          <TableRows
            table={table}
            ref={body}
            label={props.label}
            isPending={query.isPending}
            newRowIds={new Set(newRows.map((row) => row.id))}
            getTitle={detail.title}
            onOpen={(row) => setOpened({ row, isOpen: true })}
            onLeave={() => searchBox.current?.focus()}
          />
          <div className="border-t border-line">
            <Pager newer={page.newer} older={page.older}>
              {formatNumberOf(page.rows.length, 'row')} on this page
            </Pager>
          </div>
        </>
      ) : (
        <EmptyList query={query} problem={props.problem} nothingYet={props.empty} />
      )}

      <Dialog
        placement="end"
        open={opened?.isOpen ?? false}
        onClose={() => setOpened((current) => current && { ...current, isOpen: false })}
        title={openedRow ? detail.title(openedRow) : ''}
      >
        {openedRow && detail.render(openedRow)}
      </Dialog>
    </section>
  );
}
