import type { RowData } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { ListedTime } from '@/components/ui/time';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { ColumnType, ColumnView, ListView } from '@/lib/lists/schema';
import { createColumns, type ColumnLayout, type DataColumn } from './column';

/** How a column of a list looks, where that is not as its kind does. */
export interface ColumnLook<Row> extends ColumnLayout {
  /** @param timeZone the account's */
  cell?: (row: Row, timeZone: string) => ReactNode;
}

/** By the ids of a list's columns. One that holds controls must say what they are. */
export type ListLooks<Row, Id extends string, Control extends string> = Partial<Record<Id, ColumnLook<Row>>> &
  Record<Control, ColumnLook<Row> & { cell: (row: Row, timeZone: string) => ReactNode }>;

export type LooksOf<View> =
  View extends ListView<infer Row, infer Id, infer Control> ? ListLooks<Row, Id, Control> : never;

/** What is said of a column by its kind; how its value is written: `writeValue`. */
const looksByType: Record<ColumnType, ColumnLayout> = {
  number: { width: 'w-40', from: 'lg', look: 'digits' },
  'given-number': { width: 'w-40', from: 'lg' },
  text: { width: 'w-44', from: 'xl' },
  words: { width: 'w-40', from: 'lg' },
  integer: { width: 'w-20', align: 'end', from: 'lg', look: 'digits' },
  time: { width: 'w-36', from: 'lg' },
};

/** Of columns that many lists have. */
const looksById: Record<string, ColumnLook<never>> = {
  number: { from: undefined, card: 'title' },
  sender: { width: 'w-36', from: '2xl' },
  when: { from: 'md', card: 'foot' },
};

/** The columns of a list's table, as declared, for TanStack Table. */
export function composeColumns<Row extends RowData, Id extends string, Control extends string>(
  { columns }: ListView<Row, Id, Control>,
  looks: ListLooks<Row, Id, Control>,
  timeZone: string,
): DataColumn<Row>[] {
  const helper = createColumns<Row>();
  return columns.map((column) => {
    const { id, label, type, field, canHide, isOrder } = column;
    const own = (looks as Partial<Record<string, ColumnLook<Row>>>)[id];
    const { cell, ...layout }: ColumnLook<Row> = {
      ...(type && looksByType[type]),
      // What one can do without is paler.
      ...(canHide && !own?.cell && softLook(type)),
      ...(looksById[id] as ColumnLook<Row> | undefined),
      ...own,
    };
    return helper.display({
      id,
      header: label,
      enableHiding: canHide,
      meta: { ...layout, isOrder },
      cell: ({ row: { original } }) =>
        cell
          ? cell(original, timeZone)
          : writeValue((original as Record<string, unknown>)[field], column, timeZone),
    });
  });
}

function softLook(type: ColumnType | null): ColumnLayout {
  if (type === 'number') return { look: 'digits soft' };
  return type === 'given-number' || type === 'text' ? { look: 'soft' } : {};
}

/** A value as its kind is shown. */
function writeValue(value: unknown, { type, words }: ColumnView, timeZone: string): ReactNode {
  if (value === null || value === undefined || type === null) return null;
  // An empty number is an erased one, which is said.
  if (value === '' && type !== 'number') return null;
  const text = String(value);
  switch (type) {
    case 'number':
      return formatMsisdn(text);
    case 'given-number':
    case 'text':
    case 'integer':
      return text;
    case 'words':
      return words?.[text] ?? text;
    case 'time':
      return <ListedTime value={text} timeZone={timeZone} />;
  }
}
