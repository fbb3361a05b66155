/** One page of a list, newest first, and the cursors of its neighbours. */
export interface ListPage<Row> {
  rows: Row[];
  newer: string | null;
  older: string | null;
}
