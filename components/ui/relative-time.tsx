'use client';

import { useSyncExternalStore } from 'react';
import { formatAge, formatFullMoment, formatMoment } from './format-time';

const tickMs = 30_000;

function subscribeToTicks(tick: () => void): () => void {
  const timer = setInterval(tick, tickMs);
  return () => clearInterval(timer);
}

/** Whole ticks since the epoch, so that it stays the same between two ticks. */
function getTick(): number {
  return Math.floor(Date.now() / tickMs);
}

/** A moment, as its age while it is young. */
export function RelativeTime({ value, timeZone }: { value: string; timeZone: string }) {
  const now = useSyncExternalStore(subscribeToTicks, getTick, getTick) * tickMs + tickMs;
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
