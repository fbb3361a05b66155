import {
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  rowSelectionFeature,
  tableFeatures,
  type ColumnDef,
  type RowData,
} from '@tanstack/react-table';

/** How a column behaves as room gets scarce. */
export interface ColumnLayout {
  /** A width class; the one column without takes what is left. */
  width?: string;
  align?: 'end';
  /** Shown only from this width of the window on (cards aside): the columns one can do without. */
  from?: 'md' | 'lg' | 'xl' | '2xl';
  /** Where it goes on the card that a row becomes on a phone; left out: not shown there. */
  card?: 'title' | 'aside' | 'body' | 'foot' | 'foot-aside';
  /** The list is ordered by it; its head turns the order round. */
  isOrder?: boolean;
}

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  columnMeta: metaHelper<ColumnLayout>(),
});

export type DataColumn<Row extends RowData> = ColumnDef<typeof features, Row>;

/** `column.display({id, header, meta, cell})` for the rows of one list. */
export function createColumns<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}

const fromClasses = {
  md: 'sm:max-md:hidden',
  lg: 'sm:max-lg:hidden',
  xl: 'sm:max-xl:hidden',
  '2xl': 'sm:max-2xl:hidden',
};

const cardClasses = {
  title: 'max-sm:col-start-1 max-sm:row-start-1',
  aside: 'max-sm:col-start-2 max-sm:row-start-1 max-sm:justify-self-end',
  body: 'max-sm:col-span-2',
  foot: 'max-sm:col-start-1 max-sm:text-xs max-sm:text-ink-soft',
  'foot-aside': 'max-sm:col-start-2 max-sm:justify-self-end max-sm:text-xs',
};

/** What goes and comes with the column. */
export function getFromClass({ from }: ColumnLayout = {}): string | undefined {
  return from && fromClasses[from];
}

export function getHeadClass(layout: ColumnLayout = {}): string {
  return [layout.width, layout.align === 'end' && 'text-right', getFromClass(layout)]
    .filter(Boolean)
    .join(' ');
}

export function getCellClass(layout: ColumnLayout = {}): string {
  return [
    layout.align === 'end' && 'sm:text-right',
    getFromClass(layout),
    layout.card ? cardClasses[layout.card] : 'max-sm:hidden',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The column of the boxes that select rows; on a card its box stands at the left edge. */
export const selectCellClass =
  'max-sm:absolute max-sm:top-0 max-sm:left-0 sm:border-b sm:border-line sm:w-11';
export const selectableRowClass = 'max-sm:pl-12';

export const rowClass =
  'max-sm:grid max-sm:grid-flow-dense max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-1 max-sm:border-b max-sm:border-line max-sm:px-4 max-sm:py-3 max-sm:last:border-0';

export const cellClass =
  'sm:h-10 sm:truncate sm:border-b sm:border-line sm:px-3 sm:first:pl-4 sm:last:pr-4 max-sm:min-w-0';

export const headCellClass =
  'sticky top-0 z-10 h-9 truncate border-b border-line bg-surface px-3 text-left text-xs font-medium text-ink-faint first:pl-4 last:pr-4 max-lg:top-14';
