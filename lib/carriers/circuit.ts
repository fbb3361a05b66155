/** After so many batches in a row that failed for the carrier's sake, it is left alone for a while. */
const failuresToOpen = 2;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Whether a carrier is left alone, since it has failed again and again: for 2 s, then 4 s … a minute at most.
 * After each pause it is tried with one message; the first success ends it.
 */
export class Circuit {
  /** Since the last success. */
  failures = 0;
  private openUntilMs = 0;

  constructor(private readonly now: () => number) {}

  /** `open`: left alone. `probing`: to be tried with one message. */
  get state(): 'closed' | 'open' | 'probing' {
    if (this.failures < failuresToOpen) return 'closed';
    return this.now() < this.openUntilMs ? 'open' : 'probing';
  }

  /** Null: it is not left alone. */
  get openUntil(): Date | null {
    return this.state === 'closed' ? null : new Date(Date.now() + this.openUntilMs - this.now());
  }

  succeed(): void {
    this.failures = 0;
  }

  fail(): void {
    this.failures += 1;
    if (this.failures < failuresToOpen) return;
    const pauseMs = firstPauseMs * 2 ** Math.min(this.failures - failuresToOpen, 10);
    this.openUntilMs = this.now() + Math.min(pauseMs, longestPauseMs);
  }
}
