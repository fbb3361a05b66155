/**
 * How many calls may be open at a time. It follows what the gateway takes, as TCP does: an answer that it is
 * busy halves the window, and each window of calls that were taken lets one more in. So several workers share
 * a gateway without knowing of each other.
 */
export class CallWindow {
  /** Whole calls count; the rest is what was earned of the next one. */
  private allowed: number;
  private open = 0;
  /** Raised when the window is halved: calls that were begun before say the same thing once more. */
  private era = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param most of calls at any time */
  constructor(readonly most: number) {
    this.allowed = most;
  }

  /** How many may be open just now. */
  get size(): number {
    return Math.floor(this.allowed);
  }

  /** Resolves when there is room. Whoever enters has to leave, with what this answers. */
  async enter(): Promise<number> {
    while (this.open >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.open += 1;
    return this.era;
  }

  /** @param outcome `unknown` changes nothing */
  leave(era: number, outcome: 'taken' | 'busy' | 'unknown'): void {
    this.open -= 1;
    if (outcome === 'taken') this.allowed = Math.min(this.most, this.allowed + 1 / this.allowed);
    if (outcome === 'busy' && era === this.era) {
      this.allowed = Math.max(1, this.allowed / 2);
      this.era += 1;
    }
    // Everybody looks again: after a halving most of them wait once more.
    for (const look of this.waiting.splice(0)) look();
  }
}
