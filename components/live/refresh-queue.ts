import { isOffline } from '@/components/actions/is-offline';

/**
 * Changes come in bursts (one reply changes replies, opt-outs and messages): the first shows at once, the
 * rest together.
 */
const shortestPauseMs = 250;
/**
 * While it goes on changing, the pauses grow up to this: where fifty numbers opt out in a second nobody reads
 * each, and a hundred pages that asked four times a second would ask for more than a server has.
 */
const longestPauseMs = 4_000;
const quietMs = 1_000;
/** A refresh that has not come back by then is not waited for any longer. */
const longestMs = 30_000;

/** Asks the server for the page again, and calls {@link RefreshQueue.finish} once it is there. */
type Refresh = () => void;

/**
 * Refreshes of the page, asked for by any part of it: never more than one under way, and however much changes
 * meanwhile, one after it. The router's own queue would not hold them back: to it a refresh is done when it
 * has been asked for, so that a page which takes a second would have four under way, and each leaves work to
 * the server even when nobody sees its answer.
 */
export class RefreshQueue {
  private readonly members = new Set<Refresh>();
  private underWay: Refresh | null = null;
  private isWanted = false;
  private beganAt = -Infinity;
  private pauseMs = shortestPauseMs;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;

  /** A part of the page offers to do the refreshes, as long as it is there. Returns how to leave. */
  join(refresh: Refresh): () => void {
    this.members.add(refresh);
    return () => {
      this.members.delete(refresh);
      // It would never hear that its refresh is over.
      this.finish(refresh);
    };
  }

  /** Something has changed. */
  request(): void {
    this.isWanted = true;
    this.schedule();
  }

  /** What this one has asked for is on the page. */
  finish(refresh: Refresh): void {
    if (this.underWay !== refresh) return;
    clearTimeout(this.deadline);
    this.underWay = null;
    this.schedule();
  }

  private readonly goOn = () => this.schedule();

  private schedule(): void {
    if (!this.isWanted || this.underWay || this.pause !== undefined) return;
    const now = Date.now();
    const dueAt = this.beganAt + this.pauseMs;
    // Quiet for a while after the pause: pauses begin anew. Changes are told half a second apart
    // (lib/events/topic-gatherer.ts).
    this.pauseMs = now >= dueAt + quietMs ? shortestPauseMs : Math.min(2 * this.pauseMs, longestPauseMs);
    this.pause = setTimeout(() => this.begin(), Math.max(0, dueAt - now));
  }

  private begin(): void {
    this.pause = undefined;
    // Next.js leaves the page for the browser's own error page when a refresh cannot reach the server.
    if (isOffline()) {
      window.addEventListener('online', this.goOn, { once: true });
      return;
    }
    this.isWanted = false;
    const [refresh] = this.members;
    if (!refresh) return;
    this.beganAt = Date.now();
    this.underWay = refresh;
    this.deadline = setTimeout(() => this.finish(refresh), longestMs);
    refresh();
  }
}
