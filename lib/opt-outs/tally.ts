import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import { idsAreNew } from '@/lib/db/one-server';

/**
 * How many opt-outs an account has, without counting them: the sum of a few changes. Whoever adds or removes
 * opt-outs writes by how many in the same transaction, so nobody waits for anybody, as they would for one
 * counter that all update.
 */

/**
 * The statement that records a change; a part of the one that makes it.
 *
 * @param rows SQL with a row, with its account_id, for each opt-out that came or went
 */
export function tallySql(rows: string, direction: 'added' | 'removed' = 'added'): string {
  return `insert into opt_out_tally (account_id, change)
    select account_id, ${direction === 'added' ? '' : '-'}count(*) from ${rows} as changed group by account_id
    ${idsAreNew}`;
}

const sumOfAccount = statement({
  name: 'read-opt-out-total',
  values: { accountId: 'int4' },
  columns: { total: 'int4' },
  sql: ($) =>
    `select coalesce(sum(change), 0)::int as total from opt_out_tally where account_id = ${$.accountId}`,
});

/** How many opt-outs the account has now. */
export async function readOptOutTotal(pool: Pool, scope: AccountReadScope): Promise<number> {
  return (await sumOfAccount.only(pool, { accountId: scope.accountId })).total;
}

const findMany = statement({
  name: 'find-accounts-with-many-tallies',
  columns: columnsOf('OptOutTally', 'accountId'),
  sql: () => `select account_id as "accountId" from opt_out_tally group by account_id having count(*) > 100`,
});

const sumUp = statement({
  name: 'sum-tallies',
  values: { accountId: 'int4' },
  sql: ($) => `
    with gone as (
      delete from opt_out_tally where account_id = ${$.accountId} returning account_id, change
    )
    insert into opt_out_tally (account_id, change) select account_id, sum(change) from gone group by account_id
    ${idsAreNew}`,
});

/**
 * Sums the changes of each account up into one, so that there are never many to add. For the worker, now and
 * then.
 */
export async function sumTallies(pool: Pool): Promise<void> {
  for (const account of await findMany.all(pool, {})) await sumUp.run(pool, account);
}
