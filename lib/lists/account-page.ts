import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { AppError } from '@/lib/http/app-error';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { anyOf, type AccountListQuery } from './account-list';
import { setLocally, withTransaction } from '@/lib/db/client';
import { composePlace, turnTo, type Placed, type PageRequest } from './keyset';
import type { ListPage } from './schema';

const pageSize = 50;

/**
 * As many rows are read in the list's order, in 5 to 10 ms, before an index is asked for those that a search
 * finds.
 */
const rowsReadFirst = 10_000;

const longestSearchMs = 10_000;

/**
 * One page of a list of an account.
 *
 * @param columns as SQL
 * @throws AppError when a search takes longer than anybody waits, or the account has too many that take long
 */
export async function readAccountPage<Row extends QueryResultRow>(
  pool: Pool,
  list: AccountListQuery,
  columns: string,
  cursor: string | null,
  { deadlineMs = longestSearchMs } = {},
): Promise<ListPage<Placed<Row>>> {
  const read = (page: PageRequest) => readRows<Row>(pool, list, columns, page, deadlineMs);
  return turnTo(read, list.sort, cursor, pageSize);
}

/** A place in a list: `at` as PostgreSQL wrote it, since microseconds count and a Date has none. */
export interface ListPlace {
  at: string;
  id: string;
}

/**
 * Rows of a list of an account from a place on (null: the beginning), for whoever goes through all of it.
 *
 * @param columns as SQL
 * @returns `next`: the place after the last row; null when there is none behind it
 * @throws AppError as {@link readAccountPage}
 */
export async function readAccountRows<Row extends QueryResultRow>(
  pool: Pool,
  list: AccountListQuery,
  columns: string,
  { after, limit }: { after: ListPlace | null; limit: number },
): Promise<{ rows: Row[]; next: ListPlace | null }> {
  const order = list.sort === 'newest' ? 'desc' : 'asc';
  const page: PageRequest = { after, order, limit: limit + 1 };
  const found = await readRows<Row>(pool, list, columns, page, longestSearchMs);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? { at: last.cursor_at, id: last.cursor_id } : null };
}

/**
 * What is common is found soonest by reading the list until a page is full; what is rare, by an index. Which
 * it is nobody knows beforehand, least of all the planner, which takes a text it has not met for rare. So the
 * list is read first, for so many rows and no further; what does not fill a page by then is rare enough
 * (docs/decisions/0012-searching-lists.md).
 */
async function readRows<Row extends QueryResultRow>(
  pool: Pool,
  list: AccountListQuery,
  columns: string,
  page: PageRequest,
  deadlineMs: number,
): Promise<Placed<Row>[]> {
  const run = async (db: Pool | PoolClient, rows: (pieces: QueryPieces) => string) => {
    const pieces = composePieces(list, page);
    const text = `select ${columns}, ${list.at}::text as cursor_at, ${list.table}.id as cursor_id
      from (${rows(pieces)}) as ${list.table} ${pieces.order} limit ${page.limit}`;
    return (await db.query<Placed<Row>>(bind(text, pieces.values))).rows;
  };
  const { search, conditions } = list;
  if (!search && conditions.length === 0) return run(pool, readInOrder(list));
  if (!search?.isSelective) {
    const found = await run(pool, readFirst(list));
    if (found.length === page.limit) return found;
    if (isNarrowed(list) && (await isShort(pool, list, page))) return found;
  }
  return withDeadline(pool, list.accountId, deadlineMs, async (client) => {
    const narrowed = narrowToFew(list);
    if (!search || search.indexPaths.length === 0) return run(client, readInOrder(narrowed));
    // Few rows are looked for: starting processes for them takes longer than finding them.
    await setLocally(client, { max_parallel_workers_per_gather: 0 });
    if (narrowed !== list && !search.isSelective) {
      const found = await run(client, readFirst(narrowed));
      if (found.length === page.limit || (await isShort(client, narrowed, page))) return found;
    }
    return run(client, findByIndex(list));
  });
}

interface QueryPieces {
  page: PageRequest;
  /** Of the account, of the days asked for, and after the place. */
  where: string[];
  order: string;
  values: unknown[];
}

function composePieces(list: AccountListQuery, page: PageRequest): QueryPieces {
  const values: unknown[] = [...list.values];
  const id = `${list.table}.id`;
  const where = [...list.range, ...composePlace(page, list.at, id, values)];
  return { page, where, order: `order by ${list.at} ${page.order}, ${id} ${page.order}`, values };
}

/** A statement with those values that it uses; PostgreSQL refuses others. */
function bind(text: string, values: readonly unknown[]): { text: string; values: unknown[] } {
  const used: string[] = [];
  const place = (value: string) => used.indexOf(value) + 1 || used.push(value);
  const numbered = text.replace(/\$\d+/g, (value) => `$${place(value)}`);
  return { text: numbered, values: used.map((value) => values[Number(value.slice(1)) - 1]) };
}

const selectWhere = (list: AccountListQuery, where: readonly string[], columns = '*') =>
  `select ${columns} from ${list.table} where ${where.join(' and ')}`;

/**
 * Whether a filter with an index or days may have left few rows. A whole list is rarely so short; asking
 * costs 2 ms.
 */
const isNarrowed = ({ branches, range }: AccountListQuery) => branches.length > 0 || range.length > 1;

/**
 * Whether those that were read first were all there are. Of ten opt-outs by staff an index of texts need not
 * be asked which say "stop": eight million do.
 */
async function isShort(db: Pool | PoolClient, list: AccountListQuery, page: PageRequest): Promise<boolean> {
  const { where, order, values } = composePieces(list, page);
  const first = mergeBranches(
    list,
    (branch) =>
      `${selectWhere(list, [...where, ...branch], `${list.at}, id`)} ${order} limit ${rowsReadFirst}`,
  );
  const text = `select count(*)::int as read from (${first}) as first`;
  const { rows } = await db.query<{ read: number }>(bind(text, values));
  return (rows[0]?.read ?? 0) < rowsReadFirst;
}

/** A search and other conditions, as they are read row by row. */
const listConditions = ({ conditions, search }: AccountListQuery) =>
  search ? [...conditions, search.condition] : conditions;

/** The rows in the list's order until there are enough, however far that is. */
function readInOrder(list: AccountListQuery): (pieces: QueryPieces) => string {
  return ({ where, order, page }) =>
    mergeBranches(list, (branch) => {
      const all = [...where, ...branch, ...listConditions(list)];
      return `${selectWhere(list, all)} ${order} limit ${page.limit}`;
    });
}

/**
 * The same list, by the indexes of those who are few. By the share that each condition has of the table, the
 * planner chooses between its index and reading on; beside a second condition of the same column it would
 * think of it as far rarer than it is.
 */
function narrowToFew(list: AccountListQuery): AccountListQuery {
  return list.whenFew.length > 0 ? { ...list, branches: list.whenFew, conditions: [] } : list;
}

/** Those of the first rows of the list that meet the conditions. */
function readFirst(list: AccountListQuery): (pieces: QueryPieces) => string {
  return ({ where, order }) => {
    const first = mergeBranches(
      list,
      (branch) => `${selectWhere(list, [...where, ...branch])} ${order} limit ${rowsReadFirst}`,
    );
    return `select * from (${first}) as ${list.table} where ${listConditions(list).join(' and ')}`;
  };
}

/** The rows of each branch have an index in the list's order: they are merged, not sorted. */
function mergeBranches({ branches }: AccountListQuery, compose: (branch: string[]) => string): string {
  if (branches.length === 0) return compose([]);
  return branches.map((branch) => `(${compose([branch])})`).join(' union all ');
}

/**
 * All rows that the indexes of a search lead to. What each finds is materialised by itself: the planner must
 * not take the limit behind it for a reason to read the list instead, nor read half a million entries of
 * another index to save a few hundred rows.
 */
function findByIndex(list: AccountListQuery): (pieces: QueryPieces) => string {
  return ({ where, order, page }) => {
    const narrow = [...where, ...list.conditions];
    if (list.branches.length > 0) narrow.push(anyOf(list.branches));
    const indexPaths = list.search?.indexPaths ?? [];
    const queries = indexPaths.map((indexPath, index) => {
      const query =
        typeof indexPath === 'string'
          ? selectWhere(list, [list.account, indexPath])
          : indexPath({ where: narrow.join(' and '), order: page.order, limit: page.limit });
      return `path_${index} as materialized (${query})`;
    });
    const together = indexPaths.map((_, index) => `select * from path_${index}`).join(' union all ');
    // a row may be found by its number and by its text
    return `with ${queries.join(', ')}
      select distinct on (${list.at}, ${list.table}.id) * from (${together}) as ${list.table}
      where ${narrow.join(' and ')} ${order}`;
  };
}

/**
 * Runs `work` in a transaction whose statements end in time, with a sentence for whoever searched; the place
 * is taken before the connection, so that who waits holds none.
 */
async function withDeadline<Result>(
  pool: Pool,
  accountId: number,
  deadlineMs: number,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const place = await getPlaces('search').acquire({ account: String(accountId), address: null });
  if (!place.ok) {
    const { detail } = describeRefusal('search', place);
    throw new AppError('search-busy', 'There was no place for a search.', { userMessage: detail });
  }
  try {
    return await withTransaction(pool, async (client) => {
      await setLocally(client, { statement_timeout: deadlineMs });
      return work(client);
    });
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== '57014') throw cause;
    throw new AppError('search-too-long', 'A search took too long and was ended.', {
      userMessage: 'This search takes too long. Type more of the number or the text, or choose fewer days.',
      cause,
    });
  } finally {
    place.release();
  }
}
