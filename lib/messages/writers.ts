import { columnsOf, statement, type Connection } from '@/lib/db/statement';

const find = statement({
  name: 'find-accounts-that-write-to',
  values: { msisdn: 'text' },
  columns: columnsOf('Conversation', 'accountId'),
  sql: ($) => `select distinct account_id as "accountId" from conversation where msisdn = ${$.msisdn}`,
});

/** The ids of the accounts that have written to a number, in no particular order. */
export async function findWriters(connection: Connection, msisdn: string): Promise<number[]> {
  return (await find.all(connection, { msisdn })).map(({ accountId }) => accountId);
}
