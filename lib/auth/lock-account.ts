import { columnsOf, statement, type Connection } from '@/lib/db/statement';

const lock = statement({
  name: 'lock-account',
  values: { accountId: 'int4' },
  columns: columnsOf('Account', 'id'),
  sql: ($) => `select id from account where id = ${$.accountId} for no key update`,
});

/**
 * Holds an account until the transaction ends, for what is counted before it is added: of two who add at the
 * same time each would otherwise see room for one more.
 */
export async function lockAccount(client: Connection, accountId: number): Promise<void> {
  await lock.run(client, { accountId });
}
