import { readCalendar } from './lawful-hours';

/** The time of dispatch counts: a claim must leave this much for the hand-over before the hours end. */
const handoverMs = 10_000;

/**
 * Whether a consent SMS may leave now, as an SQL condition: the calendar is the caller's, with a clock that
 * can be set, the hours are those the staff have set in the database. Evaluated once for each statement.
 *
 * @param $ the places of `consentHours`
 */
export function isConsentTimeSql({ day, from, to, date }: Record<keyof typeof consentHours, string>): string {
  return `exists (
    select from platform_setting
    where case ${day}::text
        when 'WEEKDAY' then ${from}::int >= weekday_from and ${to}::int < weekday_to
        when 'SATURDAY' then ${from}::int >= saturday_from and ${to}::int < saturday_to
        else false end
      and ${date}::date <> all (extra_holidays)
  )`;
}

/** What a statement with that condition is given. */
export const consentHours = { day: 'text', from: 'int4', to: 'int4', date: 'date' } as const;

export function readConsentHours(now: Date): { day: string; from: number; to: number; date: string } {
  const claimed = readCalendar(now);
  const handedOver = readCalendar(new Date(now.getTime() + handoverMs));
  const day = claimed.date === handedOver.date ? claimed.day : 'NONE';
  return { day, from: claimed.minute, to: handedOver.minute, date: claimed.date };
}
