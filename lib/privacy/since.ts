/**
 * The moment before which something is too old; 0 months, for ever: long before there were SMSs. Where the
 * month has no such day it is its last: 31 March less a month is 28 February, and not 3 March.
 */
export function since(months: number, now: Date): Date {
  if (months === 0) return new Date('1970-01-01T00:00:00Z');
  const moment = new Date(now);
  moment.setUTCMonth(moment.getUTCMonth() - months);
  if (moment.getUTCDate() !== now.getUTCDate()) moment.setUTCDate(0);
  return moment;
}
