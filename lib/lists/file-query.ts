import { escapeLiteral } from 'pg';
import { AppError } from '@/lib/http/app-error';
import type { ColumnType } from './schema';

export interface FileColumn {
  id: string;
  /** Its heading: a word of ours, never of a user. */
  label: string;
  /** What somebody has described as its heading, in place of that word. */
  heading?: string;
  type: ColumnType;
  /** Its plain value as SQL; how it is to look is the writer's business. */
  sql: string;
  /** Of a `text` that is composed: the SQL of what strangers wrote in it, which is quicker to look at. */
  written?: string;
}

/**
 * The rows of a file and their order: what its CSV and its workbook are both made of, so that the two agree.
 */
export interface FileQuery {
  columns: readonly FileColumn[];
  /** From the word "from" to the end; values are $1, $2, … */
  source: string;
  values: readonly (string | number | null)[];
  timeZone: string;
  /** Somebody has described the columns: they keep their order, and there is a line of headings or none. */
  described?: { hasHeadings: boolean };
}

/** Writes values into a query in place of $1, $2, …, as COPY takes no parameters. */
export function inlineValues(query: string, values: readonly (string | number | null)[]): string {
  return query.replace(/\$(\d+)/g, (_, position: string) => {
    const value = values[Number(position) - 1];
    if (value === undefined) throw new RangeError(`The query has no value for $${position}.`);
    if (value === null) return 'null';
    return typeof value === 'number' ? String(value) : escapeLiteral(value);
  });
}

/**
 * The columns that somebody chose by their ids, in the file's own order; null: all. Throws an `AppError` for
 * others.
 */
export function chooseColumns(
  columns: readonly FileColumn[],
  chosen: readonly string[] | null,
): readonly FileColumn[] {
  const selected = columns.filter(({ id }) => chosen?.includes(id) ?? true);
  if (selected.length === 0 || chosen?.some((id) => columns.every((column) => column.id !== id))) {
    throw new AppError('unknown-column', 'A download asks for a column that does not exist.', {
      userMessage: `Choose from these columns: ${columns.map(({ id }) => id).join(', ')}.`,
    });
  }
  return selected;
}
