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
  /** How its text is set: paler, or as a number that stays in one piece. */
  look?: 'soft' | 'digits' | 'digits soft';
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

/** For what goes and comes with a column, outside of the table. */
const fromClasses = {
  md: 'sm:max-md:hidden',
  lg: 'sm:max-lg:hidden',
  xl: 'sm:max-xl:hidden',
  '2xl': 'sm:max-2xl:hidden',
};

/** What goes and comes with the column. */
export function getFromClass({ from }: ColumnLayout = {}): string | undefined {
  return from && fromClasses[from];
}

// What these classes mean is said in app/globals.css, under .data-table.

export function getHeadClass({ width, align, from }: ColumnLayout = {}): string | undefined {
  return join([width, align, from && `from-${from}`]);
}

export function getCellClass({ align, from, card, look }: ColumnLayout = {}): string | undefined {
  return join([align, from && `from-${from}`, card ? `card-${card}` : 'off-card', look]);
}

function join(names: readonly (string | undefined)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined;
}
