import type { ChannelEvent, ChannelHandler, Listener } from '@/lib/db/listen';

interface RecentEventsOptions {
  /** How long events are kept. */
  keepMs?: number;
  clock?: () => number;
}

/** A page's age is its own clock's; what it was rendered from may be older by the way of its request. */
const toleranceMs = 1000;

/**
 * What a channel has said lately. A page is rendered first and listens only once its script runs, on a slow
 * network seconds later: it is told what was said in between. Kept while anybody listens; the first to come
 * hears "resync" anyway.
 */
export class RecentEvents {
  private readonly keepMs: number;
  private readonly clock: () => number;
  private kept: { at: number; event: ChannelEvent }[] = [];
  /** From when on nothing is missing here; infinity until listening has begun. */
  private completeSince = Infinity;
  private readers = 0;
  private leave = () => {};

  constructor(
    private readonly listener: Listener,
    private readonly channel: string,
    options: RecentEventsOptions = {},
  ) {
    this.keepMs = options.keepMs ?? 60_000;
    this.clock = options.clock ?? Date.now;
  }

  /**
   * Calls `handler` for every event until the answer is called.
   *
   * @param ageMs and, to begin with, for those of so many milliseconds before now, or with a "resync" when
   *   not all of them are kept; null: for none
   */
  follow(ageMs: number | null, handler: ChannelHandler): () => void {
    if (this.readers === 0) this.leave = this.listener.on(this.channel, this.keep);
    this.readers += 1;
    const unsubscribe = this.listener.on(this.channel, handler);
    if (ageMs !== null) this.repeat(this.clock() - ageMs - toleranceMs, handler);
    return () => {
      unsubscribe();
      this.readers -= 1;
      if (this.readers > 0) return;
      this.leave();
      this.kept = [];
      this.completeSince = Infinity;
    };
  }

  private readonly keep = (event: ChannelEvent): void => {
    const now = this.clock();
    if (event.type === 'resync') {
      this.kept = [];
      this.completeSince = now;
      return;
    }
    this.kept.push({ at: now, event });
    const oldest = now - this.keepMs;
    const firstKept = this.kept.findIndex(({ at }) => at >= oldest);
    if (firstKept === 0) return;
    this.kept.splice(0, firstKept);
    this.completeSince = Math.max(this.completeSince, oldest);
  };

  private repeat(since: number, handler: ChannelHandler): void {
    // Listening has not begun: its beginning will be told.
    if (this.completeSince === Infinity) return;
    if (since < this.completeSince) handler({ type: 'resync' });
    else for (const { at, event } of this.kept) if (at >= since) handler(event);
  }
}
