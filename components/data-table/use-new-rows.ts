import { useState } from 'react';

/** The rows that stand above the newest one already seen: those that arrived while the list was open. */
export function findNewRows<Row extends { id: string }>(seen: readonly Row[], rows: readonly Row[]): Row[] {
  if (seen.length === 0) return [...rows];
  const known = new Set(seen.map((row) => row.id));
  const firstKnown = rows.findIndex((row) => known.has(row.id));
  return firstKnown === -1 ? [] : rows.slice(0, firstKnown);
}

/**
 * The rows that arrived with the last update, to be marked and announced.
 *
 * @param view what the list shows (its query): in another view nothing is new
 */
export function useNewRows<Row extends { id: string }>(rows: readonly Row[], view: string): readonly Row[] {
  const [previous, setPrevious] = useState({ rows, view });
  const [fresh, setFresh] = useState<readonly Row[]>([]);
  if (previous.rows !== rows || previous.view !== view) {
    setPrevious({ rows, view });
    const isUpdate = previous.view === view;
    const arrived = isUpdate ? findNewRows(previous.rows, rows) : [];
    if (arrived.length > 0 || !isUpdate) setFresh(arrived);
  }
  return fresh;
}
