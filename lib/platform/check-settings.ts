import type { PlatformSettings } from './schema';

/** What is wrong with settings, for people; null when nothing is. Pure. */
export function checkPlatformSettings(settings: PlatformSettings): string | null {
  const { removalExpiryDays, weekday, saturday, extraHolidays } = settings;
  if (!Number.isInteger(removalExpiryDays) || removalExpiryDays < 1 || removalExpiryDays > 90) {
    return 'A recipient may have 1 to 90 days to answer.';
  }
  for (const [name, { from, to }] of Object.entries({
    'Weekday hours': weekday,
    'Saturday hours': saturday,
  })) {
    if (![from, to].every(Number.isInteger) || from < 0 || to > 1440 || from >= to) {
      return `${name} must begin before they end, within one day.`;
    }
  }
  const { cleansingDays, cleansingRequiredFrom, registrationRequiredFrom } = settings;
  if (!Number.isInteger(cleansingDays) || cleansingDays < 7 || cleansingDays > 366) {
    return 'A cleansing may count for 7 to 366 days.';
  }
  const days = [cleansingRequiredFrom, registrationRequiredFrom].filter((day) => day !== null);
  const wrong = [...extraHolidays, ...days].find((date) => !isDate(date));
  return wrong === undefined ? null : `“${wrong}” is not a date. Write it like 2026-11-04.`;
}

function isDate(text: string): boolean {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
