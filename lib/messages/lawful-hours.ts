/**
 * When direct marketing, and so a consent SMS, may be sent in South Africa (Consumer Protection Act
 * regulations, 2011): never on Sundays and public holidays, on Saturdays from 09:00 to 13:00, on other days
 * from 08:00 to 20:00. The time of dispatch counts. Pure: the time is always handed in.
 *
 * The public holidays are computed (Public Holidays Act, 1994). The package date-holidays agrees, which a
 * test holds them to; to load it takes every process most of a second. A holiday proclaimed for once (an
 * election) neither can know: it is a setting, `extraHolidays`.
 */

export interface LawfulHours {
  /** In minutes of the day, South African time: from, and up to. */
  weekday: MinuteRange;
  saturday: MinuteRange;
  /** "2026-11-04". */
  extraHolidays: readonly string[];
}

export interface MinuteRange {
  from: number;
  to: number;
}

export const defaultLawfulHours: LawfulHours = {
  weekday: { from: 8 * 60, to: 20 * 60 },
  saturday: { from: 9 * 60, to: 13 * 60 },
  extraHolidays: [],
};

export type DayKind = 'WEEKDAY' | 'SATURDAY' | 'NONE';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** South African time is two hours ahead of UTC all year. */
const offsetMs = 2 * 60 * minuteMs;

/**
 * A moment as the law sees it: the date in South Africa, whether anything may be sent on it, and the minute
 * of the day.
 */
export function readCalendar(at: Date): { date: string; day: DayKind; minute: number } {
  const local = new Date(at.getTime() + offsetMs);
  return {
    date: local.toISOString().slice(0, 10),
    day: findDayKind(local),
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

export function isLawfulTime(at: Date, hours = defaultLawfulHours): boolean {
  const lawful = findLawfulHours(at, hours);
  const { minute } = readCalendar(at);
  return lawful !== null && minute >= lawful.from && minute < lawful.to;
}

/** The lawful minutes of the day, from and up to; null on a day without any. */
export function findLawfulHours(at: Date, hours = defaultLawfulHours): MinuteRange | null {
  const { date, day } = readCalendar(at);
  if (day === 'NONE' || hours.extraHolidays.includes(date)) return null;
  return day === 'SATURDAY' ? hours.saturday : hours.weekday;
}

/**
 * The first moment, not before `at`, at which a consent SMS may be sent: `at` itself, or the beginning of a
 * minute.
 */
export function nextLawfulMinute(at: Date, hours = defaultLawfulHours): Date {
  if (isLawfulTime(at, hours)) return at;
  const midnight = startOfDay(at);
  // A month without one lawful day would be a mistake in the settings.
  for (let day = 0; day < 31; day += 1) {
    const start = new Date(midnight + day * dayMs);
    const lawful = findLawfulHours(start, hours);
    const opening = lawful && new Date(start.getTime() + lawful.from * minuteMs);
    if (opening && opening >= at) return opening;
  }
  throw new RangeError('No lawful minute within a month.');
}

/** Midnight in South Africa before this moment, in milliseconds. */
export function startOfDay(at: Date): number {
  return Math.floor((at.getTime() + offsetMs) / dayMs) * dayMs - offsetMs;
}

/** @param local its UTC fields are South African time, as everywhere below */
function findDayKind(local: Date): DayKind {
  if (local.getUTCDay() === 0 || isPublicHoliday(local)) return 'NONE';
  return local.getUTCDay() === 6 ? 'SATURDAY' : 'WEEKDAY';
}

/** Public holidays from the day before a moment on, for so many days: "2026-12-25". */
export function listPublicHolidays(at: Date, days: number): string[] {
  const midnight = startOfDay(at) + offsetMs;
  return Array.from({ length: days + 2 }, (_, index) => new Date(midnight + (index - 1) * dayMs))
    .filter(isPublicHoliday)
    .map((day) => day.toISOString().slice(0, 10));
}

const fixedHolidays = ['1-1', '3-21', '4-27', '5-1', '6-16', '8-9', '9-24', '12-16', '12-25', '12-26'];

function isPublicHoliday(local: Date): boolean {
  if (isNamedHoliday(local)) return true;
  // Public Holidays Act, s 2: when one falls on a Sunday, the Monday is one too.
  return local.getUTCDay() === 1 && isNamedHoliday(new Date(local.getTime() - dayMs));
}

function isNamedHoliday(local: Date): boolean {
  if (fixedHolidays.includes(`${local.getUTCMonth() + 1}-${local.getUTCDate()}`)) return true;
  const easter = findEasterSunday(local.getUTCFullYear());
  const days = Math.floor(local.getTime() / dayMs) - easter / dayMs;
  return days === -2 || days === 1; // Good Friday, Family Day
}

/** Gauss's computus in its anonymous Gregorian form. */
function findEasterSunday(year: number): number {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const moonCorrection = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const fullMoon =
    epact - Math.floor(epact / 28) * (1 - Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const weekdayOfMoon = (year + Math.floor(year / 4) + fullMoon + 2 - century + Math.floor(century / 4)) % 7;
  const day = fullMoon - weekdayOfMoon;
  const month = 3 + Math.floor((day + 40) / 44);
  return Date.UTC(year, month - 1, day + 28 - 31 * Math.floor(month / 4));
}
