import { expect, test } from 'vitest';
import { isLawfulTime } from '@/lib/messages/lawful-hours';
import { findLawfulFriday, hoursAfter } from './removals';

test('on every day of ten years there is a lawful Friday that is past, and no thirty days ago', () => {
  const start = new Date('2026-12-01T22:30:00Z');
  for (let day = 0; day < 3653; day += 1) {
    const now = hoursAfter(start, 24 * day);
    const friday = findLawfulFriday(now);
    const daysAgo = (now.getTime() - friday.getTime()) / 86_400_000;
    expect(daysAgo, now.toISOString()).toBeGreaterThan(8);
    // A test dispatches two days after it, and something is still kept for thirty days then.
    expect(daysAgo, now.toISOString()).toBeLessThan(29);
    expect(friday.toISOString().slice(10)).toBe('T08:00:00.000Z');
    expect([friday, hoursAfter(friday, 24)].map((time) => isLawfulTime(time))).toEqual([true, true]);
  }
});
