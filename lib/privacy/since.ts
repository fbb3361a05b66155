/** The moment before which something is too old; 0 months, for ever: long before there were SMSs. */
export function since(months: number, now: Date): Date {
  if (months === 0) return new Date('1970-01-01T00:00:00Z');
  const moment = new Date(now);
  moment.setUTCMonth(moment.getUTCMonth() - months);
  return moment;
}
