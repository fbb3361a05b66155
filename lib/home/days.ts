import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { hasEvidenceSql } from '@/lib/opt-outs/evidence';
import type { DayCounts } from './schema';

/**
 * What happened on each day, at a price that does not grow with the account. A message may change for as long
 * as its delivery receipt is awaited, so the latest days are counted each time; a day that is
 * `daysUntilClosed` old is counted once, when somebody first looks, and kept in account_day. A row there can
 * be made anew from the other tables: filling twice, or by two processes at once, does no harm, and rows of
 * another time zone count as missing.
 */

/** One text of a day, by the MD5 of it. */
export interface TextCount {
  text: string;
  messages: number;
  delivered: number;
}

/** Of the marketing messages that were accepted on a day. */
export interface MarketingCount {
  /** Neither blocked nor cancelled. */
  sent: number;
  /** Of these, those that were put off until the next lawful hour. */
  held: number;
  /** By the reason. */
  blocked: Record<string, number>;
}

export interface CountedDay extends DayCounts {
  marketing: MarketingCount;
  /** The texts sent most, so that no text has to be counted in the table of messages. */
  texts: TextCount[];
}

/** Receipts come within two days. */
export const daysUntilClosed = 3;

/**
 * A day with more texts than this has personal ones ("Dear Thandi, …"), each of which went out once: there is
 * no rate to read off them, and keeping all would copy the table.
 */
const textsPerDay = 100;

/** The last `count` days of the calendar in this time zone, today included, oldest first. */
export function listDays(count: number, timeZone: string, now: Date): string[] {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);
  const midnight = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(midnight - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

const givenDays = { accountId: 'int4', timeZone: 'text', days: 'date[]' } as const;

/** One row for each day, whatever happened; one index range of each table. */
const countSql = ($: Record<keyof typeof givenDays, string>) => `
  select given.day, coalesce(message.messages, 0) as messages, coalesce(message.delivered, 0) as delivered,
    coalesce(message.blocked, 0) as blocked, coalesce(message.failed, 0) as failed,
    coalesce(message.credits, 0) as credits, reply.replies, event.opt_outs, coalesce(message.texts, '[]') as texts,
    coalesce(message.marketing, '{"sent": 0, "held": 0, "blocked": {}}') as marketing
  from (
    select day, day::timestamp at time zone ${$.timeZone} as start,
      (day + 1)::timestamp at time zone ${$.timeZone} as ending
    from unnest(${$.days}::date[]) as day
  ) as given,
  lateral (
    with by_part as (
      -- of marketing the part is why it was blocked, or nothing; of what is no marketing it is null
      select md5(text) as text,
        case when purpose = 'MARKETING' then case when status = 'BLOCKED' then coalesce(reason, 'Blocked') else '' end end as part,
        count(*) as messages, count(*) filter (where status = 'DELIVERED') as delivered,
        count(*) filter (where status = 'BLOCKED') as blocked, count(*) filter (where status = 'FAILED') as failed,
        sum(cost) as credits,
        -- at another time than it was sent for
        count(*) filter (where purpose = 'MARKETING' and status <> 'BLOCKED' and scheduled_at is not null
          and scheduled_at is distinct from (
            select send_at from message_batch
            where message_batch.account_id = ${$.accountId} and message_batch.id = message.batch_id)) as held
      from message
      where account_id = ${$.accountId} and created_at >= given.start and created_at < given.ending and kind = 'NORMAL'
        and status <> 'CANCELLED'
      group by 1, 2
    ), by_text as (
      select text, sum(messages) as messages, sum(delivered) as delivered, sum(blocked) as blocked, sum(failed) as failed,
        sum(credits) as credits
      from by_part group by text
    )
    select sum(messages) as messages, sum(delivered) as delivered, sum(blocked) as blocked, sum(failed) as failed,
      sum(credits) as credits,
      (select jsonb_agg(jsonb_build_object('text', text, 'messages', messages, 'delivered', delivered))
       from (select * from by_text order by messages desc, text limit ${textsPerDay}) as most) as texts,
      (select jsonb_build_object('sent', coalesce(sum(messages) filter (where part = ''), 0), 'held', coalesce(sum(held), 0),
         'blocked', coalesce((
           select jsonb_object_agg(part, messages)
           from (select part, sum(messages) as messages from by_part where part <> '' group by part) as reason), '{}'))
       from by_part) as marketing
    from by_text
  ) as message,
  lateral (
    select count(*) as replies from reply
    where account_id = ${$.accountId} and received_at >= given.start and received_at < given.ending
  ) as reply,
  lateral (
    select count(*) as opt_outs from opt_out_event
    where account_id = ${$.accountId} and created_at >= given.start and created_at < given.ending
      and kind = 'OPTED_OUT' and ${hasEvidenceSql('evidence', 'replyId')}
  ) as event`;

const columns = 'messages, delivered, blocked, failed, credits, replies, opt_outs, texts, marketing';

const dayColumns = {
  day: 'text',
  messages: 'int4',
  delivered: 'int4',
  blocked: 'int4',
  failed: 'int4',
  credits: 'float8',
  replies: 'int4',
  optOuts: 'int4',
  texts: typed<TextCount[]>('jsonb'),
  marketing: typed<MarketingCount>('jsonb'),
} as const;

/** Counts as numbers: a day has no two thousand million of anything; credits may have. */
const selectDaySql = `day::text, messages::int, delivered::int, blocked::int, failed::int, credits::float8, replies::int,
  opt_outs::int as "optOuts", texts, marketing`;

const countLive = statement({
  name: 'count-days',
  values: givenDays,
  columns: dayColumns,
  planEachTime: true,
  sql: ($) => `select ${selectDaySql} from (${countSql($)}) as counted order by counted.day`,
});

const readClosed = statement({
  name: 'read-closed-days',
  values: givenDays,
  columns: dayColumns,
  planEachTime: true,
  sql: ($) => `
    select ${selectDaySql} from account_day
    where account_id = ${$.accountId} and time_zone = ${$.timeZone} and day = any (${$.days}) and marketing is not null
    order by account_day.day`,
});

const close = statement({
  name: 'close-days',
  values: givenDays,
  planEachTime: true,
  sql: ($) => `
    insert into account_day (account_id, time_zone, day, ${columns})
    select ${$.accountId}, ${$.timeZone}, day, ${columns} from (${countSql($)}) as counted order by day
    on conflict (account_id, day) do update
      set (time_zone, ${columns}) = (excluded.time_zone, ${columns
        .split(', ')
        .map((column) => `excluded.${column}`)
        .join(', ')})
      where account_day.time_zone <> excluded.time_zone or account_day.marketing is null`,
});

/** Of whose: staff read the same of every account. */
type OfAccount = Pick<AccountReadScope, 'accountId'>;

/** Counts these days in the tables as they are now. */
export async function countDays(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  days: readonly string[],
): Promise<CountedDay[]> {
  return countLive.all(pool, { accountId: scope.accountId, timeZone, days });
}

/** Those of these days that have been counted for good. */
export async function readClosedDays(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  days: readonly string[],
): Promise<CountedDay[]> {
  return readClosed.all(pool, { accountId: scope.accountId, timeZone, days });
}

/** When a statement is quicker than this, the next one counts twice as many days. */
const quickMs = 50;

/**
 * Counts closed days for good, the latest first, until all are done or the time is up; at least one. A fresh
 * account's 90 days take seven statements, and a year of ten million messages never holds a page up.
 *
 * @returns the days that are left
 */
export async function closeDays(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  days: readonly string[],
  budgetMs: number,
): Promise<string[]> {
  const endsAt = performance.now() + budgetMs;
  const left = [...days].sort();
  for (let size = 1; left.length > 0;) {
    const startedAt = performance.now();
    await close.run(pool, { accountId: scope.accountId, timeZone, days: left.splice(-size) });
    if (performance.now() > endsAt) break;
    if (performance.now() - startedAt < quickMs) size *= 2;
  }
  return left;
}

/** How long a page waits for days that nobody has counted yet. */
const patienceMs = 300;

/**
 * The last `count` days, oldest first, today included. Days are missing from it while they have never been
 * counted and counting them takes long: `uncounted` names them, for {@link closeRemainingDays}.
 */
export async function readDays(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  count: number,
  options: { now?: Date; countLatest?: typeof countDays } = {},
): Promise<{ days: CountedDay[]; uncounted: string[] }> {
  const now = options.now ?? new Date();
  return readDaysOf(pool, scope, timeZone, listDays(count, timeZone, now), { ...options, now });
}

/** The same of these days, none of which is to come, oldest first. */
export async function readDaysOf(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  days: readonly string[],
  options: { now: Date; countLatest?: typeof countDays },
): Promise<{ days: CountedDay[]; uncounted: string[] }> {
  const [firstOpen = ''] = listDays(daysUntilClosed, timeZone, options.now);
  const closed = days.filter((day) => day < firstOpen);
  const latest = days.filter((day) => day >= firstOpen);
  const [known, live] = await Promise.all([
    readClosedDays(pool, scope, timeZone, closed),
    latest.length === 0 ? [] : (options.countLatest ?? countDays)(pool, scope, timeZone, latest),
  ]);
  const kept = new Set(known.map(({ day }) => day));
  const missing = closed.filter((day) => !kept.has(day));
  if (missing.length === 0) return { days: [...known, ...live], uncounted: [] };
  const uncounted = await closeDays(pool, scope, timeZone, missing, patienceMs);
  return { days: [...(await readClosedDays(pool, scope, timeZone, closed)), ...live], uncounted };
}

const beingCounted = new Set<number>();

/**
 * Counts what a page did not wait for, and tells open pages when it is there. One process does it once at a
 * time.
 */
export async function closeRemainingDays(
  pool: Pool,
  scope: OfAccount,
  timeZone: string,
  uncounted: readonly string[],
): Promise<void> {
  if (uncounted.length === 0 || beingCounted.has(scope.accountId)) return;
  beingCounted.add(scope.accountId);
  try {
    await closeDays(pool, scope, timeZone, uncounted, Infinity);
    await tellAccounts(pool, [scope.accountId], ['messages']);
  } finally {
    beingCounted.delete(scope.accountId);
  }
}
