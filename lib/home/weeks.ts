import type { Pool } from 'pg';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import type { AskForReading } from '@/lib/lists/ask-replica';
import { daysUntilClosed, listDays } from './days';

/**
 * How many numbers got how many marketing messages in a week, from Monday to Sunday of the account's
 * calendar. A week that can no longer change is counted once, when somebody first looks, and kept in
 * account_week, as days are in account_day.
 */
export interface CountedWeek {
  /** Its Monday: "2026-11-23". */
  week: string;
  /** How many numbers got so many messages: {"1": 900, "2": 40}. */
  numbers: Record<string, number>;
}

const dayMs = 86_400_000;
const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** The Mondays of the weeks that have a day among these, oldest first. */
export function listWeeks(days: readonly string[]): string[] {
  return [
    ...new Set(days.map((day) => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7)))),
  ].sort();
}

const givenWeeks = { accountId: 'int4', timeZone: 'text', weeks: 'date[]' } as const;

/** One index range for each week; blocked and cancelled messages reached nobody. */
const countSql = ($: Record<keyof typeof givenWeeks, string>) => `
  select given.week, coalesce((
      select jsonb_object_agg(messages, numbers) from (
        select messages, count(*) as numbers from (
          select count(*) as messages from message
          where account_id = ${$.accountId} and created_at >= given.start and created_at < given.ending
            and purpose = 'MARKETING' and status not in ('BLOCKED', 'CANCELLED')
          group by msisdn
        ) as per_number group by messages
      ) as per_count
    ), '{}') as numbers
  from (
    select week, week::timestamp at time zone ${$.timeZone} as start, (week + 7)::timestamp at time zone ${$.timeZone} as ending
    from unnest(${$.weeks}::date[]) as week
  ) as given`;

const weekColumns = { week: 'text', numbers: typed<Record<string, number>>('jsonb') } as const;

const countLive = statement({
  name: 'count-weeks',
  values: givenWeeks,
  columns: weekColumns,
  planEachTime: true,
  sql: ($) => `select week::text, numbers from (${countSql($)}) as counted order by counted.week`,
});

const readClosed = statement({
  name: 'read-closed-weeks',
  values: givenWeeks,
  columns: weekColumns,
  sql: ($) => `
    select week::text, numbers from account_week
    where account_id = ${$.accountId} and time_zone = ${$.timeZone} and week = any (${$.weeks})`,
});

const close = statement({
  name: 'close-weeks',
  values: givenWeeks,
  planEachTime: true,
  sql: ($) => `
    insert into account_week (account_id, time_zone, week, numbers)
    select ${$.accountId}, ${$.timeZone}, week, numbers from (${countSql($)}) as counted order by week
    on conflict (account_id, week) do update set time_zone = excluded.time_zone, numbers = excluded.numbers
      where account_week.time_zone <> excluded.time_zone`,
});

/** These weeks of an account, oldest first; what can no longer change is counted once. */
export async function readWeeks(
  pool: Pool,
  { accountId }: { accountId: number },
  timeZone: string,
  weeks: readonly string[],
  now: Date,
  ask: AskForReading = (read) => read(pool),
): Promise<CountedWeek[]> {
  const [firstOpen = ''] = listDays(daysUntilClosed, timeZone, now);
  const closed = weeks.filter((week) => addDays(week, 6) < firstOpen);
  const open = weeks.filter((week) => addDays(week, 6) >= firstOpen);
  const read = () => readClosed.all(pool, { accountId, timeZone, weeks: closed });
  let known = await read();
  const kept = new Set(known.map(({ week }) => week));
  const missing = closed.filter((week) => !kept.has(week));
  if (missing.length > 0) {
    await close.run(pool, { accountId, timeZone, weeks: missing });
    known = await read();
  }
  const countOpen = () => ask((from) => countLive.all(from, { accountId, timeZone, weeks: open }));
  const live = open.length === 0 ? [] : await countOpen();
  return [...known, ...live].sort((one, other) => one.week.localeCompare(other.week));
}

/** How many numbers of a week got more than so many. */
export function countAbove({ numbers }: CountedWeek, most: number): number {
  return Object.entries(numbers).reduce(
    (sum, [messages, count]) => (Number(messages) > most ? sum + count : sum),
    0,
  );
}
