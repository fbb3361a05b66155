import { setTimeout as delay } from 'node:timers/promises';
import type { HandoverResult } from './carrier';

/** What is urgent may take so much of a carrier's rate ahead of what waits for its turn. */
const urgentShare = 0.5;

/** How long a carrier that is busy gets nothing: first, and at most. */
const firstHoldMs = 100;
const longestHoldMs = 1_000;

/** How often the queue of a carrier that stays busy is let run empty, and how long that may take. */
const emptyEveryMs = 5_000;
const longestEmptyingMs = 5_000;

/**
 * Keeps to a rate: what was spent must be worked off before it is free again. The urgent does not wait for
 * what turns have spent, but for its own share; turns wait for both.
 */
export class Pace {
  private freeAt = 0;
  private urgentFreeAt = 0;
  private holdMs = 0;
  private lastBusyAt = Number.NEGATIVE_INFINITY;
  /** Since the carrier is busy, or its queue was last let run empty: when that was, and what it took. */
  private full = { since: 0, taken: 0 };

  /**
   * @param queueSize what waits at the carrier at most; 0 for one that has no queue
   * @param clock one that goes on evenly: by one that is set back an hour nothing would leave for that hour
   */
  constructor(
    private readonly perSecond: number,
    private readonly queueSize = 0,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Milliseconds until something may be handed over. */
  countWaitMs(isUrgent: boolean): number {
    return Math.max(0, (isUrgent ? this.urgentFreeAt : this.freeAt) - this.clock());
  }

  async untilFree(isUrgent: boolean): Promise<void> {
    const waitMs = this.countWaitMs(isUrgent);
    // A timer waits a millisecond at least: what is less is worked off with the next.
    if (waitMs >= 1) await delay(waitMs);
  }

  spend(count: number, isUrgent: boolean): void {
    const now = this.clock();
    const ms = (count / this.perSecond) * 1000;
    this.freeAt = Math.max(now, this.freeAt) + ms;
    if (isUrgent) this.urgentFreeAt = Math.max(now, this.urgentFreeAt) + ms / urgentShare;
  }

  /**
   * A carrier that was busy for most of a batch gets nothing for a moment, and for a longer one each time.
   */
  heed(results: readonly HandoverResult[]): void {
    const busy = results.filter((result) => result.status === 'retry' && result.fault === 'busy');
    const hasWaited = results.some((result) => result.status === 'sent' && result.wasBusy);
    this.letRunEmpty(results.length - busy.length, busy.length > 0 || hasWaited);
    if (busy.length * 2 <= results.length) {
      this.holdMs = 0;
      return;
    }
    this.holdMs = this.holdMs === 0 ? firstHoldMs : Math.min(this.holdMs * 2, longestHoldMs);
    const until = this.clock() + this.holdMs;
    this.freeAt = Math.max(this.freeAt, until);
    this.urgentFreeAt = Math.max(this.urgentFreeAt, until);
  }

  /**
   * The queue of a carrier that stays busy is full, and who came first may be the last to leave it: every few
   * seconds it gets nothing for as long as it needs to pass on what it holds. The urgent goes on meanwhile.
   */
  private letRunEmpty(taken: number, isBusy: boolean): void {
    const now = this.clock();
    if (isBusy && now - this.lastBusyAt > emptyEveryMs) this.full = { since: now, taken: 0 };
    else this.full.taken += taken;
    if (!isBusy) return;
    this.lastBusyAt = now;
    const elapsedMs = now - this.full.since;
    if (elapsedMs < emptyEveryMs) return;
    const pauseMs = Math.min((this.queueSize * elapsedMs) / Math.max(this.full.taken, 1), longestEmptyingMs);
    this.freeAt = Math.max(this.freeAt, now + pauseMs);
    this.full = { since: now + pauseMs, taken: 0 };
  }
}
