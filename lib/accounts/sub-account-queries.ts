import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement } from '@/lib/db/statement';
import { onCluster } from '@/lib/db/one-server';
import { toPlain } from '@/lib/db/plain';
import { addAccountFigures } from './queries';
import type { SubAccount } from './schema';

const list = statement({
  name: 'list-sub-accounts',
  values: { accountId: 'int4' },
  columns: columnsOf('Account', 'id', 'name', 'status', 'createdAt'),
  sql: ($) => `
    select id, name, status, created_at as "createdAt" from account
    where parent_account_id = ${$.accountId}
    order by id`,
});

const readMonth = statement({
  name: 'read-month-of-accounts',
  values: { ids: 'int4[]', now: 'timestamptz' },
  columns: {
    id: 'int4',
    /** On the days that have been counted for good. */
    sent: 'int4',
    /** The other days, in their order, each from when to when. */
    open: typed<[from: string, to: string][] | null>('json'),
  },
  sql: ($) => `
    with closed as materialized (
      select account_day.account_id, sum(messages - blocked) as sent, array_agg(day) as days
      from account_day join account on account.id = account_day.account_id and account.time_zone = account_day.time_zone
      where account_day.account_id = any (${$.ids})
        and day >= date_trunc('month', ${$.now}::timestamptz at time zone account.time_zone)::date
        and day <= (${$.now}::timestamptz at time zone account.time_zone)::date
      group by account_day.account_id
    )
    select account.id, coalesce(closed.sent, 0)::int as sent, (
        select json_agg(json_build_array(day.start at time zone time_zone,
          (day.start + interval '1 day') at time zone time_zone) order by day.start)
        from generate_series(date_trunc('month', ${$.now}::timestamptz at time zone time_zone),
          ${$.now}::timestamptz at time zone time_zone, interval '1 day') as day (start)
        where closed.days is null or day.start::date <> all (closed.days)
      ) as open
    from account left join closed on closed.account_id = account.id
    where account.id = any (${$.ids})`,
});

const countSent = statement({
  name: 'count-sent-messages',
  values: { ids: 'int4[]', range: { accountId: 'int4', starts: 'timestamptz', ends: 'timestamptz' } },
  columns: { accountId: 'int4', sent: 'int4' },
  // by how many ranges there are it knows that an index is the way to them
  planEachTime: true,
  sql: ($) => `
    select message.account_id as "accountId", count(*)::int as sent
    from ${$.range}
    join message on message.account_id = range.account_id ${onCluster(`and message.account_id = any (${$.ids})`)}
      and message.created_at >= range.starts and message.created_at < range.ends
    where range.account_id = any (${$.ids}) and message.kind = 'NORMAL' and message.status <> 'BLOCKED'
    group by message.account_id`,
});

/**
 * How many messages each account has sent in the month of `now`. Days that have been counted for good are
 * read (lib/home/days.ts keeps them by the account's own time zone), the others are counted by an index
 * range, one for all that follow each other, so that a month of millions costs what its last days do. Of
 * accounts as values, for they lie apart on a cluster.
 */
async function countThisMonth(pool: Pool, ids: readonly number[], now: Date): Promise<Map<number, number>> {
  const months = await readMonth.all(pool, { ids, now });
  const sent = new Map(months.map((month) => [month.id, month.sent]));
  const ranges = months.flatMap(({ id, open }) =>
    joinDays(open ?? []).map(([starts, ends]) => ({ accountId: id, starts, ends })),
  );
  const open = [...new Set(ranges.map(({ accountId }) => accountId))];
  const counts = open.length > 0 ? await countSent.all(pool, { ids: open, range: ranges }) : [];
  for (const count of counts) sent.set(count.accountId, (sent.get(count.accountId) ?? 0) + count.sent);
  return sent;
}

/** Days that follow each other as one range. */
function joinDays(days: readonly [from: string, to: string][]): [from: Date, to: Date][] {
  const joined: [from: Date, to: Date][] = [];
  for (const [from, to] of days.map(([start, end]) => [new Date(start), new Date(end)] as const)) {
    const last = joined.at(-1);
    if (last?.[1].getTime() === from.getTime()) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}

/**
 * The sub-accounts of a main account with their figures, in the order in which they were opened; of a
 * sub-account, none.
 */
export async function listSubAccounts(
  pool: Pool,
  scope: AccountReadScope,
  now = new Date(),
): Promise<SubAccount[]> {
  const accounts = await list.all(pool, { accountId: scope.accountId });
  if (accounts.length === 0) return [];
  const ids = accounts.map(({ id }) => id);
  const [figures, sent] = await Promise.all([
    addAccountFigures(pool, accounts),
    countThisMonth(pool, ids, now),
  ]);
  return toPlain(figures.map((account) => ({ ...account, sentThisMonth: sent.get(account.id) ?? 0 })));
}
