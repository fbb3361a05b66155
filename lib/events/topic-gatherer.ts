import type { ChangeTopic } from './account-changes';

/**
 * Topics that have changed, told one by one while that is seldom, together while it is often: with fifty
 * opt-outs a second, and a hundred who look on, telling each of each is five thousand events, of which a page
 * uses the first.
 */
export class TopicGatherer {
  private readonly waiting = new Set<ChangeTopic>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: (topics: ChangeTopic[]) => void,
    private readonly pauseMs = 500,
  ) {}

  /** Tells them now, or with the others after the pause that follows each telling. */
  add(topics: readonly ChangeTopic[]): void {
    for (const topic of topics) this.waiting.add(topic);
    if (this.timer === undefined) this.tellAll();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private tellAll(): void {
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const topics = [...this.waiting];
    this.waiting.clear();
    this.timer = setTimeout(() => this.tellAll(), this.pauseMs);
    this.send(topics);
  }
}
