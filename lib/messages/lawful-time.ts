import { listPublicHolidays } from './lawful-hours';

/** The time of dispatch counts: a claim must leave this much for the hand-over before the hours end. */
const handoverMs = 10_000;
/** A month without one lawful day would be a mistake in the settings. */
const mostDaysAhead = 31;

/** What a statement that asks for lawful hours is given. */
export const lawfulTime = { at: 'timestamptz', holidays: 'date[]' } as const;

/** @param now a clock that can be set: the calendar is the caller's */
export function readLawfulTime(now: Date): { at: Date; holidays: string[] } {
  return { at: now, holidays: listPublicHolidays(now, mostDaysAhead) };
}

/** Where a recipient is taken to be whose country is not known, and where a consent SMS is sent from. */
const homeZones = `'{Africa/Johannesburg}'::text[]`;

/**
 * SQL of the zones of the country that a number belongs to; null: those of South Africa, where nearly all
 * are, or of no known country. Of a country with several, all: nothing in a mobile number says in which of
 * them its holder lives.
 *
 * @param msisdn SQL of the number
 */
export function zonesOfSql(msisdn: string): string {
  return `case when ${msisdn} not like '27%' then (
    select zones from calling_code
    where code = any (array[left(${msisdn}, 1), left(${msisdn}, 2), left(${msisdn}, 3), left(${msisdn}, 4)])
    order by length(code) desc limit 1
  ) end`;
}

/**
 * SQL of expressions of "with", which say when marketing may leave for the zones of a set of rows.
 *
 * @param from SQL of the rows, with `zones` as {@link zonesOfSql} has them
 */
export function openingsSql(from: string, $: Record<keyof typeof lawfulTime, string>): string {
  return `home_opening as materialized (
      select ${nextLawfulTimeSql(homeZones, $)} as opens_at
    ), opening as materialized (
      select zones, ${nextLawfulTimeSql('place.zones', $)} as opens_at
      from (select distinct zones from ${from} where zones is not null) as place
    )`;
}

/**
 * SQL of when marketing to somebody may leave, behind {@link openingsSql}. For South Africa it is worked out
 * once in a statement, and not looked up.
 *
 * @param zones SQL of their zones
 */
export function opensAtSql(zones: string): string {
  return `case when ${zones} is null then (select opens_at from home_opening)
    else (select opens_at from opening where opening.zones = ${zones}) end`;
}

/**
 * SQL of the first moment, not before `at`, at which direct marketing may leave for somebody who lives in
 * these zones; in all of them when there are several. It is `at` itself within lawful hours. The hours are
 * those the staff have set in the database, so a holiday proclaimed after a message was scheduled counts as
 * well: whoever claims asks again.
 *
 * @param zones SQL of their names
 * @param $ the places of {@link lawfulTime}
 */
function nextLawfulTimeSql(zones: string, { at, holidays }: Record<keyof typeof lawfulTime, string>): string {
  return `coalesce((
    select min(greatest(window_of_day.opens_at, ${at}))
    from (
      select max((day.date + day.from_minute * interval '1 minute') at time zone place.zone) as opens_at,
        min((day.date + day.to_minute * interval '1 minute') at time zone place.zone) as closes_at
      from (
        -- not "case … when 6": a cluster would send its machines something else
        select ahead.date, case when extract(isodow from ahead.date) = 6 then saturday_from else weekday_from end as from_minute,
          case when extract(isodow from ahead.date) = 6 then saturday_to else weekday_to end as to_minute
        from platform_setting, lateral (
          select (${at} at time zone 'UTC')::date + n as date from generate_series(-1, ${mostDaysAhead}) as n
        ) as ahead
        where extract(isodow from ahead.date) < 7 and ahead.date <> all (${holidays}) and ahead.date <> all (extra_holidays)
      ) as day, unnest(${zones}) as place (zone)
      group by day.date
    ) as window_of_day
    where opens_at < closes_at and closes_at > ${at} + interval '${handoverMs} milliseconds'
  ), ${at} + interval '1 day')`;
}

/** SQL of whether a consent SMS may leave now. Evaluated once, and only where there is one. */
export function isConsentTimeSql($: Record<keyof typeof lawfulTime, string>): string {
  return `(select ${nextLawfulTimeSql(homeZones, $)} = ${$.at})`;
}
