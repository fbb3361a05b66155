/**
 * What pages know of lists. What a list is made of on the server is declared with lib/lists/declare-list.ts.
 */

/** Staff work in South Africa: their days are its days. */
export const staffTimeZone = 'Africa/Johannesburg';

/**
 * One page of a list, in its order, and the cursors of its neighbours. In a list that begins with the newest,
 * `newer` leads back and `older` leads on; in one that begins with the oldest it is the other way round.
 */
export interface ListPage<Row> {
  rows: Row[];
  newer: string | null;
  older: string | null;
}

/**
 * Why there is no page: it could not be read, not in time, there was no place to look for it, or it may not
 * be read.
 */
export type ListProblem = 'error' | 'too-long' | 'busy' | 'not-allowed';

/**
 * What a column holds, which decides how a table shows it and how each kind of file writes it:
 * - `number`: a phone number as digits, or the name a network gives itself instead ("MTN");
 * - `given-number`: a number as somebody typed it, with its zero or plus; or whatever else stood in its
 *   place;
 * - `text`: what anybody may have written;
 * - `words`: our own words, which never begin like a formula;
 * - `integer`; `time`: a moment, shown on the clock of the list's time zone.
 */
export type ColumnType = 'number' | 'given-number' | 'text' | 'words' | 'integer' | 'time';

/** A column of a table. */
export interface ColumnView {
  id: string;
  /** Its heading. */
  label: string;
  /** Null: it holds controls, and nothing of the row. */
  type: ColumnType | null;
  /** Where a row has its value. */
  field: string;
  /** The words for its values. */
  words: Readonly<Record<string, string>> | null;
  canHide: boolean;
  /** The list is ordered by it. */
  isOrder: boolean;
}

/** What narrows a list: a choice among values, or what a link led to. */
export type FilterView = {
  /** The parameter of the URL. */
  name: string;
  label: string;
} & (
  | {
      /** Whether one value is chosen or several. */
      kind: 'one' | 'several';
      options: readonly { value: string; label: string }[];
    }
  /** An id, which a link has: it can be taken away, and not chosen. */
  | { kind: 'id' }
);

/** What a page is told of a list: plain data, all of it from the list's declaration. */
export interface ListView<Row = unknown, Id extends string = string, Control extends string = string> {
  /** What the browser remembers its hidden columns by. */
  name: string;
  /** What it holds, read out: "Outgoing messages". */
  label: string;
  /** Null: it is not searched, and all of it is there. */
  search: { label: string; placeholder: string } | null;
  /** Of its table, in their order. */
  columns: readonly ColumnView[];
  filters: readonly FilterView[];
  /** Whether days stand among the filters. */
  hasDays: boolean;
  /** The parameters of the URL that narrow it. */
  narrowing: readonly string[];
  /** What its file can have, in its order. */
  fileColumns: readonly { id: string; label: string }[];
  /** Carries the types of its rows and columns; never there. */
  types?: { row: Row; id: Id; control: Control };
}
