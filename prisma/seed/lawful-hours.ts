/**
 * When direct marketing may be sent in South Africa (Consumer Protection Act regulations, 2011): never on Sundays and
 * public holidays, on Saturdays from 09:00 to 13:00, on other days from 08:00 to 20:00.
 */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** South African time is two hours ahead of UTC all year. */
const offsetMs = 2 * 60 * minuteMs;

const fixedHolidays = ['1-1', '3-21', '4-27', '5-1', '6-16', '8-9', '9-24', '12-16', '12-25', '12-26'];
const saturday = { from: 9 * 60, to: 13 * 60 };
const weekday = { from: 8 * 60, to: 20 * 60 };

export function isLawfulTime(at: Date): boolean {
  const hours = findLawfulHours(at);
  const minute = Math.floor(((at.getTime() + offsetMs) % dayMs) / minuteMs);
  return hours !== null && minute >= hours.from && minute < hours.to;
}

/**
 * The last lawful time not after `before` that is closest to the wanted minute of the day (South African time).
 *
 * @param minuteOfDay 600 is ten o'clock
 */
export function findLawfulTime(before: Date, minuteOfDay: number): Date {
  const midnight = Math.floor((before.getTime() + offsetMs) / dayMs) * dayMs - offsetMs;
  for (let start = midnight; ; start -= dayMs) {
    const hours = findLawfulHours(new Date(start));
    if (!hours) continue;
    const minute = Math.min(Math.max(minuteOfDay, hours.from), hours.to - 30);
    const at = new Date(start + minute * minuteMs);
    if (at <= before) return at;
  }
}

/** The lawful minutes of the day, from and up to; null on a day without any. */
function findLawfulHours(at: Date): { from: number; to: number } | null {
  const local = new Date(at.getTime() + offsetMs);
  if (local.getUTCDay() === 0 || isPublicHoliday(local)) return null;
  return local.getUTCDay() === 6 ? saturday : weekday;
}

/** @param local its UTC fields are South African time */
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
