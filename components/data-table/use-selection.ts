import { useState } from 'react';
import { nothing, setRow, type Selection } from './selection';

export interface RowSelection<Row> {
  /** Those of the page; one that has left it is selected no more. */
  rows: Row[];
  has(row: Row): boolean;
  /** @param reaches with all rows between this and the last one */
  set(row: Row, isSelected: boolean, reaches?: boolean): void;
  setAll(isSelected: boolean): void;
  clear(): void;
}

/** Which rows are selected; none any more once another page, search or order is looked at (`view`). */
export function useSelection<Row extends { id: string }>(
  rows: readonly Row[],
  view: string,
): RowSelection<Row> {
  const [kept, setKept] = useState({ view, current: nothing });
  const keep = (selection: Selection) => setKept({ view, current: selection });
  if (kept.view !== view) keep(nothing);
  const { current } = kept;
  const order = rows.map(({ id }) => id);
  return {
    rows: rows.filter(({ id }) => current.ids.has(id)),
    has: ({ id }) => current.ids.has(id),
    set: ({ id }, isSelected, reaches = false) => keep(setRow(current, order, id, isSelected, reaches)),
    setAll: (isSelected) => keep(isSelected ? { ids: new Set(order), last: null } : nothing),
    clear: () => keep(nothing),
  };
}
