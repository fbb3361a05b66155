import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import { toPlain } from '@/lib/db/plain';
import type { SubAccount } from './schema';

/**
 * Days that have been counted for good are read (lib/home/days.ts keeps them by the account's own time
 * zone), the others are counted by an index range each, so that a month of millions costs what its last
 * days do.
 */
const list = statement({
  name: 'list-sub-accounts',
  values: { accountId: 'int4', now: 'timestamptz' },
  columns: {
    ...columnsOf('Account', 'id', 'name', 'status', 'createdAt'),
    credits: 'float8',
    optOuts: 'int4',
    sentThisMonth: 'int4',
  },
  planEachTime: true,
  sql: ($) => `
    select sub.id, sub.name, sub.status, sub.created_at as "createdAt",
      coalesce((select credits from credit_balance where credit_balance.account_id = sub.id), 0)::float8 as credits,
      (select coalesce(sum(change), 0)::int from opt_out_tally where opt_out_tally.account_id = sub.id) as "optOuts",
      (
        select coalesce(sum(coalesce(closed.messages - closed.blocked, live.messages)), 0)::int
        from generate_series(date_trunc('month', ${$.now}::timestamptz at time zone sub.time_zone),
          ${$.now}::timestamptz at time zone sub.time_zone, interval '1 day') as day (start)
        left join account_day as closed on closed.account_id = sub.id and closed.day = day.start::date
          and closed.time_zone = sub.time_zone
        left join lateral (
          select count(*) as messages from message
          where closed.day is null and message.account_id = sub.id
            and message.created_at >= day.start at time zone sub.time_zone
            and message.created_at < (day.start + interval '1 day') at time zone sub.time_zone
            and message.kind = 'NORMAL' and message.status <> 'BLOCKED'
        ) as live on true
      ) as "sentThisMonth"
    from account as sub
    where sub.parent_account_id = ${$.accountId}
    order by sub.id`,
});

/**
 * The sub-accounts of a main account with their figures, in the order in which they were opened; of a
 * sub-account, none.
 */
export async function listSubAccounts(
  pool: Pool,
  scope: AccountReadScope,
  now = new Date(),
): Promise<SubAccount[]> {
  return toPlain(await list.all(pool, { accountId: scope.accountId, now }));
}
