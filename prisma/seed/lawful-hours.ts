import { findLawfulHours, startOfDay } from '@/lib/messages/lawful-hours';

export { isLawfulTime } from '@/lib/messages/lawful-hours';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * The last lawful time not after `before` that is closest to the wanted minute of the day (South African
 * time).
 *
 * @param minuteOfDay 600 is ten o'clock
 */
export function findLawfulTime(before: Date, minuteOfDay: number): Date {
  for (let start = startOfDay(before); ; start -= dayMs) {
    const hours = findLawfulHours(new Date(start));
    if (!hours) continue;
    const minute = Math.min(Math.max(minuteOfDay, hours.from), hours.to - 30);
    const at = new Date(start + minute * minuteMs);
    if (at <= before) return at;
  }
}
