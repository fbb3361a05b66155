const formats = new Map<string, Intl.DateTimeFormat>();

/** "2026-11-23 14:32:05.120 +02:00": a moment on the clock of a time zone, with how far that is from UTC. */
export function formatOffsetTime(iso: string, timeZone: string): string {
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
      fractionalSecondDigits: 3,
      timeZoneName: 'longOffset',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  // "GMT+02:00"; for UTC itself "GMT"
  const offset = read('timeZoneName').replace('GMT', '') || '+00:00';
  return `${read('year')}-${read('month')}-${read('day')} ${read('hour')}:${read('minute')}:${read('second')}.${read('fractionalSecond')} ${offset}`;
}
