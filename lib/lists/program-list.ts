import type { Pool, QueryResultRow } from 'pg';
import { filterList, narrowList, type AccountListQuery } from './account-list';
import { readAccountRows, type ListPlace } from './account-page';

export type { ListPlace } from './account-page';

/** What a program asks of every list, beside the list's own filters; null: all. */
export interface ProgramSearch {
  /** Whole, as it is kept. */
  msisdn: string | null;
  senderNumber: string | null;
  from: Date | null;
  /** Before then. */
  to: Date | null;
}

/** How a program goes through a list: from a place on (null: the beginning), so many rows. */
export interface ProgramPage {
  order: 'newest' | 'oldest';
  after: ListPlace | null;
  limit: number;
}

/**
 * Reads rows of a declared list for a program, by the same ways as its page does; but onwards only, and
 * between moments instead of days.
 *
 * @param columns as SQL
 * @param compose what else it asks of this list
 */
export function readProgramRows<Row extends QueryResultRow>(
  pool: Pool,
  list: AccountListQuery,
  columns: string,
  { msisdn, senderNumber, from, to }: ProgramSearch,
  page: Omit<ProgramPage, 'order'>,
  compose: Parameters<typeof filterList>[1] = () => [],
): Promise<{ rows: Row[]; next: ListPlace | null }> {
  const { table, at } = list;
  const narrowed = narrowList(list, (add) => [
    msisdn !== null && `${table}.msisdn = ${add(msisdn)}`,
    from !== null && `${at} >= ${add(from.toISOString())}::timestamptz`,
    to !== null && `${at} < ${add(to.toISOString())}::timestamptz`,
  ]);
  const filtered = filterList(narrowed, (add) => [
    senderNumber !== null && `${table}.sender_number = ${add(senderNumber)}`,
    ...compose(add),
  ]);
  return readAccountRows<Row>(pool, filtered, columns, page);
}
