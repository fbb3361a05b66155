import type { Pool, QueryResultRow } from 'pg';
import { decodeCursor, encodeCursor } from '@/lib/http/cursor';

/** One page of a list, newest first, and the cursors of its neighbours. */
export interface ListPage<Row> {
  rows: Row[];
  newer: string | null;
  older: string | null;
}

export interface KeysetList {
  /** Columns, as SQL. */
  select: string;
  from: string;
  /** Conditions, joined by "and"; their values are $1, $2, … */
  where: readonly string[];
  values: readonly unknown[];
  /** The columns that order the list, newest first; both must be in one index behind account_id. */
  at: string;
  id: string;
}

/**
 * Reads one page by keyset: its cost does not depend on how deep the page lies. Asks for one row more than it shows,
 * so it knows whether there is a neighbour without counting.
 *
 * @param cursor as given out with an earlier page; anything else starts at the beginning
 */
export async function readKeysetPage<Row extends QueryResultRow>(
  pool: Pool,
  list: KeysetList,
  cursor: string | null | undefined,
  pageSize: number,
): Promise<ListPage<Row>> {
  const place = decodeCursor(cursor);
  const backwards = place?.direction === 'newer';
  const values = [...list.values];
  const conditions = [...list.where];
  if (place) {
    values.push(place.at, place.id);
    conditions.push(
      `(${list.at}, ${list.id}) ${backwards ? '>' : '<'} ($${values.length - 1}::timestamptz, $${values.length}::bigint)`,
    );
  }
  const order = backwards ? 'asc' : 'desc';
  const { rows } = await pool.query<Row & { cursor_at: string; cursor_id: string }>(
    `select ${list.select}, ${list.at}::text as cursor_at, ${list.id} as cursor_id
     from ${list.from}
     where ${conditions.join(' and ')}
     order by ${list.at} ${order}, ${list.id} ${order}
     limit ${pageSize + 1}`,
    values,
  );
  const hasMore = rows.length > pageSize;
  // The way back has reached the top, or the rows around the place are gone: the first page, whole, is what helps.
  if (place && (rows.length === 0 || (backwards && !hasMore))) return readKeysetPage(pool, list, null, pageSize);
  const page = rows.slice(0, pageSize);
  if (backwards) page.reverse();
  const first = page[0];
  const last = page.at(-1);
  const hasNewer = backwards ? hasMore : place !== null;
  const hasOlder = backwards ? true : hasMore;
  return {
    rows: page,
    newer:
      first && hasNewer
        ? encodeCursor({ direction: 'newer', at: first.cursor_at, id: first.cursor_id })
        : null,
    older:
      last && hasOlder ? encodeCursor({ direction: 'older', at: last.cursor_at, id: last.cursor_id }) : null,
  };
}
