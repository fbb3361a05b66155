'use client';

import { useSyncExternalStore } from 'react';

const tickMs = 30_000;

function subscribeToTicks(tick: () => void): () => void {
  const timer = setInterval(tick, tickMs);
  return () => clearInterval(timer);
}

/** Whole ticks since the epoch, so that it stays the same between two ticks. */
function getTick(): number {
  return Math.floor(Date.now() / tickMs);
}

/**
 * The time in milliseconds, to half a minute. Server and browser may disagree by a tick: an element whose
 * words depend on it needs `suppressHydrationWarning`.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribeToTicks, getTick, getTick) * tickMs + tickMs;
}
