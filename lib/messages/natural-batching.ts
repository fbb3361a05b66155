export interface BatchLimits<Item> {
  maxItems: number;
  maxWeight: number;
  weigh: (item: Item) => number;
}

/**
 * Natural batching: what arrives while a batch is being written is gathered into the next one. There is no
 * timer, so an idle system adds no delay, and a busy one writes larger batches the busier it is.
 *
 * A batch that fails is split until the items at fault stand alone; the others succeed. `isFatal` names the
 * errors that splitting cannot mend (the database is away): those fail the whole batch at once, and the
 * caller retries.
 */
export class NaturalBatcher<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private running = false;

  constructor(
    private readonly write: (items: Item[]) => Promise<Result[]>,
    private readonly limits: BatchLimits<Item>,
    private readonly isFatal: (error: unknown) => boolean,
  ) {}

  /** Resolves once the item's batch has been written. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      await this.settle(this.takeBatch());
    }
    this.running = false;
  }

  private takeBatch() {
    let count = 0;
    let weight = 0;
    for (const { item } of this.waiting) {
      weight += this.limits.weigh(item);
      if (count > 0 && (count >= this.limits.maxItems || weight > this.limits.maxWeight)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async settle(batch: typeof this.waiting): Promise<void> {
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1 || this.isFatal(error)) {
        batch.forEach(({ reject }) => reject(error));
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.settle(batch.slice(0, half));
      await this.settle(batch.slice(half));
    }
  }
}
