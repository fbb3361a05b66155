import { useEffect, useState } from 'react';

/**
 * Whole seconds until a moment, at least 0; null when there is none.
 *
 * @param now to begin with, where server and browser must begin with the same
 */
export function useSecondsLeft(until: number | null, now?: number): number | null {
  const [seen, setSeen] = useState(() => now ?? Date.now());
  useEffect(() => {
    if (until === null) return;
    const timer = setInterval(() => setSeen(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? null : Math.max(0, Math.ceil((until - seen) / 1000));
}
