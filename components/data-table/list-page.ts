/** One page of a list, newest first, and the cursors of its neighbours. */
export interface ListPage<Row> {
  rows: Row[];
  newer: string | null;
  older: string | null;
}

/** Why there is no page: it could not be read, not in time, or may not be. */
export type ListProblem = 'error' | 'too-long' | 'busy' | 'not-allowed';
