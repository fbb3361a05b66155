/** Rows of a page that were chosen, by their ids. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** The row that was chosen or let go last, from which Shift reaches. */
  last: string | null;
}

export const nothing: Selection = { ids: new Set(), last: null };

/**
 * Chooses a row, or lets it go.
 *
 * @param order the ids of the rows, as they are shown
 * @param reaches with all rows between it and the one before, if that is still there
 */
export function setRow(
  { ids, last }: Selection,
  order: readonly string[],
  id: string,
  isChosen: boolean,
  reaches: boolean,
): Selection {
  const next = new Set(ids);
  const to = order.indexOf(id);
  const from = reaches && last !== null ? order.indexOf(last) : -1;
  const range = from === -1 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const each of range) {
    if (isChosen) next.add(each);
    else next.delete(each);
  }
  return { ids: next, last: id };
}
