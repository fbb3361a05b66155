import type { Pool, QueryResultRow } from 'pg';
import { narrowList, type AccountListQuery } from './account-list';
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
 * @param compose further conditions
 */
export function readProgramRows<Row extends QueryResultRow>(
  pool: Pool,
  list: AccountListQuery,
  columns: string,
  search: ProgramSearch,
  page: Omit<ProgramPage, 'order'>,
  compose: (add: (value: string) => string) => readonly (string | false)[] = () => [],
): Promise<{ rows: Row[]; next: ListPlace | null }> {
  const { table, at } = list;
  const { msisdn, senderNumber, from, to } = search;
  const narrowed = narrowList(list, (add) => [
    msisdn !== null && `${table}.msisdn = ${add(msisdn)}`,
    senderNumber !== null && `${table}.sender_number = ${add(senderNumber)}`,
    from !== null && `${at} >= ${add(from.toISOString())}::timestamptz`,
    to !== null && `${at} < ${add(to.toISOString())}::timestamptz`,
    ...compose(add),
  ]);
  return readAccountRows<Row>(pool, narrowed, columns, page);
}
