import type { Pool, QueryResultRow } from 'pg';
import { decodeCursor, encodeCursor, type SortOrder } from './cursor';
import type { ListPage } from './schema';

export interface KeysetList {
  /** Columns, as SQL. */
  select: string;
  from: string;
  /** Conditions, joined by "and"; their values are $1, $2, … */
  where: readonly string[];
  values: readonly unknown[];
  /** The columns that order the list; both must be in one index behind account_id. */
  at: string;
  id: string;
  /** By default the newest first. */
  sort?: SortOrder;
}

/** What a page is read by: rows from a place on (null: the beginning), in this order, this many. */
export interface Stretch {
  after: { at: string; id: string } | null;
  order: 'asc' | 'desc';
  limit: number;
}

/** A row, with its place as PostgreSQL wrote it. */
export type Placed<Row> = Row & { cursor_at: string; cursor_id: string };

/** The condition of a stretch, its values pushed to `values`. */
export function composePlace({ after, order }: Stretch, at: string, id: string, values: unknown[]): string[] {
  if (!after) return [];
  values.push(after.at, after.id);
  return [
    `(${at}, ${id}) ${order === 'asc' ? '>' : '<'} ($${values.length - 1}::timestamptz, $${values.length}::bigint)`,
  ];
}

/**
 * Reads one page by keyset: its cost does not depend on how deep the page lies.
 *
 * @param cursor as given out with an earlier page; anything else starts at the beginning
 */
export async function readKeysetPage<Row extends QueryResultRow>(
  pool: Pool,
  list: KeysetList,
  cursor: string | null | undefined,
  pageSize: number,
): Promise<ListPage<Placed<Row>>> {
  const read = async (stretch: Stretch) => {
    const values = [...list.values];
    const where = [...list.where, ...composePlace(stretch, list.at, list.id, values)];
    const { rows } = await pool.query<Placed<Row>>(
      `select ${list.select}, ${list.at}::text as cursor_at, ${list.id} as cursor_id
       from ${list.from}
       where ${where.join(' and ')}
       order by ${list.at} ${stretch.order}, ${list.id} ${stretch.order}
       limit ${stretch.limit}`,
      values,
    );
    return rows;
  };
  return turnTo(read, list.sort ?? 'newest', cursor, pageSize);
}

/** Turns to the page at a cursor. Asks for one row more than it shows, so it knows of a neighbour without counting. */
export async function turnTo<Row>(
  read: (stretch: Stretch) => Promise<Placed<Row>[]>,
  sort: SortOrder,
  cursor: string | null | undefined,
  pageSize: number,
): Promise<ListPage<Placed<Row>>> {
  const place = decodeCursor(cursor, sort);
  const [onwards, back] = sort === 'newest' ? (['older', 'newer'] as const) : (['newer', 'older'] as const);
  const backwards = place?.direction === back;
  const rows = await read({
    after: place,
    order: (sort === 'newest') === backwards ? 'asc' : 'desc',
    limit: pageSize + 1,
  });
  const hasMore = rows.length > pageSize;
  // The way back has reached the top, or the rows around the place are gone: the first page, whole, is what helps.
  if (place && (rows.length === 0 || (backwards && !hasMore))) return turnTo(read, sort, null, pageSize);
  const page = rows.slice(0, pageSize);
  if (backwards) page.reverse();
  const cursorOf = (row: Placed<Row> | undefined, direction: 'older' | 'newer') =>
    row ? encodeCursor({ sort, direction, at: row.cursor_at, id: row.cursor_id }) : null;
  const before = (backwards ? hasMore : place !== null) ? cursorOf(page[0], back) : null;
  const behind = backwards || hasMore ? cursorOf(page.at(-1), onwards) : null;
  return {
    rows: page,
    newer: back === 'newer' ? before : behind,
    older: back === 'older' ? before : behind,
  };
}
