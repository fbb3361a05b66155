const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The clock's reading in a time zone. Only digits are taken from Intl: its words differ between Node and
 * browsers.
 */
function readClock(iso: string, timeZone: string) {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(new Date(iso)).map((part) => [part.type, part.value]));
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    year: read('year'),
    month: months[Number(read('month')) - 1] ?? '',
    day: String(Number(read('day'))),
    weekday:
      weekdays[new Date(`${read('year')}-${read('month')}-${read('day')}T00:00:00Z`).getUTCDay()] ?? '',
    time: `${read('hour')}:${read('minute')}`,
    second: read('second'),
  };
}

/** "22 Nov 2026" and "14:32", the two halves of a moment in a list. */
export function formatMoment(iso: string, timeZone: string): { date: string; time: string } {
  const { date, time } = describeMoment(iso, timeZone);
  return { date, time };
}

/** "Sunday 22 November 2026, 14:32:05 (Africa/Johannesburg)": everything there is to know about a moment. */
export function formatFullMoment(iso: string, timeZone: string): string {
  return describeMoment(iso, timeZone).title;
}

/** Both of them, for a list: its moments are read once. */
export function describeMoment(iso: string, timeZone: string): { date: string; time: string; title: string } {
  const clock = readClock(iso, timeZone);
  return {
    date: `${clock.day}\u00a0${clock.month.slice(0, 3)}\u00a0${clock.year}`,
    time: clock.time,
    title: `${clock.weekday} ${clock.day} ${clock.month} ${clock.year}, ${clock.time}:${clock.second} (${timeZone})`,
  };
}

/** "just now", "4 min ago", "3 h ago", "2 days ago"; null when so long ago that a date says more. */
export function formatAge(iso: string, now: number): string | null {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days < 7) return days === 1 ? '1 day ago' : `${days} days ago`;
  return null;
}
