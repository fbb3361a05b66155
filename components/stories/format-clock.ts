const formats = new Map<string, Intl.DateTimeFormat>();

/** "14:32:05": within a story the seconds count. Digits alone, so the same in Node and in browsers. */
export function formatClock(iso: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(new Date(iso));
}
