/** Fetches a part of the page; what is there already is not fetched again. */
export type Load<Module> = () => Promise<Module>;

/** What is told of a script that somebody waits for. */
interface Told<Module> {
  onPending: (isPending: boolean) => void;
  onLoaded: (module: Module) => void;
  onFailed: (tryAgain: () => void) => void;
}

/** A script that is fetched when it is asked for, and again when it did not come. */
export class LateScript<Module> {
  private isLoaded = false;
  private open: (() => void) | null = null;

  constructor(
    private readonly load: Load<Module>,
    private readonly told: Told<Module>,
  ) {}

  /** Runs `open` with it there: at once, or when it has come; of several who wait, the last. */
  request(open: () => void): void {
    if (this.isLoaded) return open();
    const isUnderWay = this.open !== null;
    this.open = open;
    if (!isUnderWay) void this.wait();
  }

  /** Whoever has gone waits for nothing. */
  leave(): void {
    this.open = null;
  }

  private async wait(): Promise<void> {
    const { onPending, onLoaded, onFailed } = this.told;
    onPending(true);
    try {
      const loaded = await this.load();
      this.isLoaded = true;
      onLoaded(loaded);
      this.open?.();
    } catch {
      const { open } = this;
      if (open) onFailed(() => this.request(open));
    } finally {
      this.open = null;
      onPending(false);
    }
  }
}
