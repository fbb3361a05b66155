/** A time as a calendar and a clock have it, in a zone that is told elsewhere. `month` from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

export type LocalTimeProblem =
  /** There is no such day or hour in any zone: 31 February, 25:00. */
  | 'no-such-time'
  /** The clocks of the zone go forward over it. */
  | 'skipped';

/**
 * The moment at which the clocks of a zone show a time. When they go back they show it twice: it is the first
 * of the two.
 *
 * @param timeZone as Intl knows it
 */
export function readLocalTime(
  time: LocalTime,
  timeZone: string,
): { ok: true; at: Date } | { ok: false; problem: LocalTimeProblem } {
  const asUtc = toUtc(time);
  if (!isSame(splitUtc(asUtc), time)) return { ok: false, problem: 'no-such-time' };
  // The zone's offset on the day before and the day after: of a change between them, one holds for the time.
  const found = [-86_400_000, 86_400_000]
    .map((away) => asUtc - (toUtc(splitLocalTime(new Date(asUtc + away), timeZone)) - (asUtc + away)))
    .filter((at) => isSame(splitLocalTime(new Date(at), timeZone), time))
    .sort((one, other) => one - other);
  return found[0] === undefined ? { ok: false, problem: 'skipped' } : { ok: true, at: new Date(found[0]) };
}

/** What the clocks of a zone show at a moment. */
export function splitLocalTime(at: Date, timeZone: string): LocalTime {
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formatters.set(timeZone, formatter);
  return formatter;
}

function toUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function splitUtc(at: number): LocalTime {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

function isSame(one: LocalTime, other: LocalTime): boolean {
  return (['year', 'month', 'day', 'hour', 'minute'] as const).every((part) => one[part] === other[part]);
}
