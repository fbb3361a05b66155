/** After so long without a call the connections are gone, and have to be opened anew. */
const idleMs = 4_000;

/** Of a call that is open; whoever leaves hands it back. */
export interface OpenCall {
  /** Of the window when it began. */
  era: number;
  /** It opened a connection that nothing had been answered by before. */
  isFirst: boolean;
}

/**
 * How many calls may be open at a time.
 *
 * It follows what the gateway takes, as TCP does: an answer that it is busy halves the window, once for all
 * calls that were open together, and each window of calls that were taken lets one more in. So several
 * workers share a gateway without knowing of each other.
 *
 * A connection more is opened only when the last new one has answered. Kannel's smsbox lets ten wait to be
 * accepted: of 800 opened at once 170 stood there as if they were open, and their calls were neither
 * answered nor sent for minutes.
 */
export class CallWindow {
  /** Whole calls count; the rest is what was earned of the next one. */
  private allowed: number;
  private open = 0;
  /** How many connections there are by which something was answered. */
  private proven = 0;
  private isTryingOne = false;
  /** Raised when the window is halved: calls that were begun before say the same thing once more. */
  private era = 0;
  private lastUsedAt = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param most of calls at any time */
  constructor(
    readonly most: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.allowed = most;
  }

  /** How many the gateway may be asked for at a time just now. */
  get size(): number {
    return Math.floor(this.allowed);
  }

  /** Resolves when there is room. */
  async enter(): Promise<OpenCall> {
    if (this.open === 0 && this.clock() - this.lastUsedAt > idleMs) this.proven = 0;
    while (!this.hasRoom()) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const isFirst = this.open >= this.proven;
    if (isFirst) this.isTryingOne = true;
    this.open += 1;
    return { era: this.era, isFirst };
  }

  /** @param outcome `unknown` changes nothing */
  leave({ era, isFirst }: OpenCall, outcome: 'taken' | 'busy' | 'unknown'): void {
    this.open -= 1;
    this.lastUsedAt = this.clock();
    if (isFirst) {
      this.isTryingOne = false;
      if (outcome !== 'unknown') this.proven += 1;
    }
    if (outcome === 'taken') this.allowed = Math.min(this.most, this.allowed + 1 / this.allowed);
    if (outcome === 'busy' && era === this.era) {
      this.allowed = Math.max(1, this.allowed / 2);
      this.era += 1;
    }
    // As many as may find room; one that finds none waits again.
    const free = Math.max(0, Math.min(this.size, this.proven) - this.open) + (this.isTryingOne ? 0 : 1);
    for (const look of this.waiting.splice(0, free)) look();
  }

  private hasRoom(): boolean {
    return this.open < this.size && (this.open < this.proven || !this.isTryingOne);
  }
}
