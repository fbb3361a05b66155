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

/** After so long without one that worked an endpoint is paused. */
export const pauseAfterMs = 72 * hourMs;

/**
 * How long a delivery waits after an attempt that failed. Attempts that died with their process count too: of
 * those there may be many in an hour, and nothing is given up before its three days.
 *
 * @param ageMs since the event
 * @returns null: that was the last attempt
 */
export function computeWebhookRetryMs(attempt: number, ageMs: number): number | null {
  return delaysMs[attempt - 1] ?? (ageMs < pauseAfterMs ? hourMs : null);
}

/** After so long its owner is told that it fails. */
export const warnAfterMs = hourMs;
/** After so many failures one after another, one delivery at a time is tried. */
export const failuresUntilProbing = 5;

/** The longest that an endpoint is left alone at its word: a slip must not stop it for a year. */
const longestHoldMs = hourMs;

/** Whether an endpoint says with this status that it has too much to do. */
export function isOverloaded(statusCode: number): boolean {
  return statusCode === 429 || statusCode === 503;
}

/**
 * For how long an endpoint wants nothing more, at most an hour.
 *
 * @param header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date; anything else is none
 */
export function readRetryAfterMs(header: string | undefined, now: Date): number {
  const given = header?.trim() ?? '';
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestHoldMs);
}
