import type { Pool } from 'pg';
import type { ColumnType, GivenType } from '@/lib/db/sql-types';
import { statementOf, type Places, type Row, type Values } from '@/lib/db/statement';
import { decodeCursor, encodeCursor, type SortOrder } from './cursor';
import type { ListPage } from './schema';

/** What a page is read by: rows from a place on (null: the beginning), in this order, this many. */
export interface PageRequest {
  after: { at: string; id: string } | null;
  order: 'asc' | 'desc';
  limit: number;
}

/** A row, with its place as PostgreSQL wrote it. */
export type Placed<Row> = Row & { cursor_at: string; cursor_id: string };

/** The condition of what a page is asked for, its values pushed to `values`. */
export function composePlace(
  { after, order }: PageRequest,
  at: string,
  id: string,
  values: unknown[],
): string[] {
  if (!after) return [];
  values.push(after.at, after.id);
  return [
    `(${at}, ${id}) ${order === 'asc' ? '>' : '<'} ($${values.length - 1}::timestamptz, $${values.length}::bigint)`,
  ];
}

interface KeysetList<Givens, Columns> {
  /** Of the statement that reads a page. */
  name: string;
  /** What its filters ask for; null: nothing. */
  values: Givens;
  columns: Columns;
  /** The columns, as SQL. */
  select: string | (($: Places<Givens>) => string);
  from: string;
  /** The conditions of a filter, false those that it has not. */
  where: ($: Places<Givens>, values: Values<Givens>) => readonly (string | false)[];
  /** The columns that order the list; both must be in one index behind account_id. */
  at: string;
  id: string;
  /** By default the newest first. */
  sort?: SortOrder;
  /** Filters that between them have every condition, for the test of statements. */
  variants: readonly NoInfer<Values<Givens>>[];
}

/** Reads a page. `cursor`: as given out with an earlier page; anything else starts at the beginning. */
type ReadKeysetPage<Givens, Columns> = (
  pool: Pool,
  values: Values<Givens>,
  cursor: string | null | undefined,
  pageSize: number,
) => Promise<ListPage<Row<Columns>>>;

/** How a list is read by keyset, a page at a time: its cost does not depend on how deep the page lies. */
export function readByKeyset<
  const Givens extends Record<string, GivenType>,
  const Columns extends Record<string, ColumnType>,
>(list: KeysetList<Givens, Columns>): ReadKeysetPage<Givens, Columns> {
  const { name, columns, at, id, sort = 'newest' } = list;
  type Part = Pick<PageRequest, 'order'> & { filter: Values<Givens>; isFirst: boolean };
  // Which values there are is known to whoever declares the list; here they are a record of some.
  const read = statementOf<Part, Record<string, GivenType>, Record<string, ColumnType>>({
    name,
    values: { ...list.values, afterAt: 'text', afterId: 'int8', limit: 'int8' },
    columns: { ...columns, cursor_at: 'text', cursor_id: 'int8' },
    variants: list.variants.flatMap((filter) => [
      { filter, order: 'desc', isFirst: true },
      { filter, order: 'asc', isFirst: false },
    ]),
    sql: ($, { filter, order, isFirst }) => {
      // a value that is named is sent
      const beyond = () =>
        `(${at}, ${id}) ${order === 'asc' ? '>' : '<'} (${$.afterAt}::text::timestamptz, ${$.afterId}::bigint)`;
      const select = typeof list.select === 'string' ? list.select : list.select($ as Places<Givens>);
      return `select ${select}, ${at}::text as cursor_at, ${id} as cursor_id
       from ${list.from}
       ${whereSql([...list.where($ as Places<Givens>, filter), !isFirst && beyond()])}
       order by ${at} ${order}, ${id} ${order}
       limit ${$.limit}`;
    },
  });
  return (pool, values, cursor, pageSize) =>
    turnTo(
      async ({ after, order, limit }) => {
        const given = { ...values, afterAt: after?.at ?? null, afterId: after?.id ?? null, limit };
        const part = { filter: values, order, isFirst: after === null };
        return (await read.all(pool, given, part)) as Placed<Row<Columns>>[];
      },
      sort,
      cursor,
      pageSize,
    );
}

/** SQL of conditions, joined by "and"; false: none. */
export function whereSql(conditions: readonly (string | false)[]): string {
  const held = conditions.filter((condition) => condition !== false);
  return held.length > 0 ? `where ${held.join(' and ')}` : '';
}

/**
 * Turns to the page at a cursor. Asks for one row more than it shows, so it knows of a neighbour without
 * counting.
 */
export async function turnTo<Row>(
  read: (page: PageRequest) => Promise<Placed<Row>[]>,
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
  // The way back has reached the top, or the rows around the place are gone: the first page, whole, is what
  // helps.
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
