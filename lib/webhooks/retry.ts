const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long a delivery waits after each attempt that failed: three days in all. */
const delaysMs = [
  5_000,
  minuteMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  18 * hourMs,
  23 * hourMs,
];

/** @returns null: that was the last attempt */
export function computeWebhookRetryMs(attempt: number): number | null {
  return delaysMs[attempt - 1] ?? null;
}

/** After so long without one that worked an endpoint is paused. */
export const pauseAfterMs = 72 * hourMs;
/** After so long its owner is told that it fails. */
export const warnAfterMs = hourMs;
/** After so many failures one after another, one delivery at a time is tried. */
export const failuresUntilProbing = 5;
