'use client';

import { formatAge, formatFullMoment, formatMoment } from './format-time';
import { useNow } from './use-now';

/** A moment, as its age while it is young. */
export function RelativeTime({ value, timeZone }: { value: string; timeZone: string }) {
  const now = useNow();
  return (
    // Server and browser may disagree by a minute; the browser corrects it with its next tick.
    <time
      suppressHydrationWarning
      dateTime={value}
      title={formatFullMoment(value, timeZone)}
      className="whitespace-nowrap tabular-nums"
    >
      {formatAge(value, now) ?? formatMoment(value, timeZone).date}
    </time>
  );
}
