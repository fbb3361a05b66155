import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';

const call = statement({
  name: 'erase-history',
  values: { history: 'text', accountId: 'int4', ids: 'int8[]', words: 'text', numberToo: 'bool' },
  columns: { erased: 'int4' },
  sql: ($) =>
    `select erase_history(${$.history}, ${$.accountId}, ${$.ids}, ${$.words}, ${$.numberToo}) as erased`,
});

/** What is written over. */
export interface ErasedRows {
  history: string;
  /** 0: of no account. */
  accountId: number;
  ids: readonly string[];
  /** What stands there instead. */
  words: string;
  /** Whether the number goes with the texts. */
  numberToo: boolean;
}

/**
 * Writes over rows of a history, which only the function does. It is called in a transaction, by a statement
 * that names no table: a cluster would carry it out where the rows are, and refuse it there. It writes as the
 * owner of the tables, so that on a cluster the program neither has written in the same transaction nor asks
 * the account's tables for anything more.
 *
 * @returns how many rows
 */
export async function eraseHistory(client: PoolClient, rows: ErasedRows): Promise<number> {
  return rows.ids.length === 0 ? 0 : (await call.only(client, { ...rows })).erased;
}
