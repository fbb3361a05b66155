/** So many things are written together, or as many as come in a moment. */
const most = 100;
const afterMs = 50;

/**
 * Writes things together, one write at a time: what comes while one is under way goes into the next, which
 * begins at once.
 */
export class Gathered<Thing> {
  private things: Thing[] = [];
  private writing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;

  /** @param write must not reject */
  constructor(private readonly write: (things: Thing[]) => Promise<void>) {}

  /** @param isUrgent it does not wait for others */
  add(thing: Thing, isUrgent: boolean): void {
    this.things.push(thing);
    if (isUrgent || this.things.length >= most) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), afterMs);
  }

  /** Resolves once all that was added is written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.writing !== null || this.things.length > 0) {
      this.writing ??= this.write(this.things.splice(0)).finally(() => (this.writing = null));
      await this.writing;
    }
  }
}
