import { openedDaysAgo, phones } from './cast';
import { findLawfulTime } from './lawful-hours';
import { Random } from './random';
import { DemoRemovals } from './demo-removals';
import { strayTexts } from './reply-texts';
import { dayMs, hourMs, minuteMs, World, type DemoMessage } from './world';

/** What the stories of the three customers have in common: one world, one clock, one source of chance. */
export class Story {
  readonly random = new Random(58_324);
  readonly world: World;
  readonly removals: DemoRemovals;
  private readonly usedNumbers = new Set<string>([
    ...Object.values(phones),
    ...strayTexts.map(({ from }) => from),
  ]);

  constructor(readonly now: number) {
    this.world = new World(this.random, now);
    this.removals = new DemoRemovals(this.world);
  }

  plan(at: number, happen: (at: number) => void): void {
    this.world.plan(at, () => happen(at));
  }

  /**
   * A lawful time about so many days ago, with odd seconds, as people press buttons. The newest is forty
   * minutes old, so that its replies have begun to come.
   *
   * @param minuteOfDay South African time: 600 is ten o'clock
   */
  pickTime(daysAgo: number, minuteOfDay: number): number {
    const before = new Date(this.now - daysAgo * dayMs - 40 * minuteMs);
    return findLawfulTime(before, minuteOfDay).getTime() + this.random.whole(0, 59_999);
  }

  /** Mobile numbers that look invented: "555" follows the network's digits. */
  makeNumbers(count: number): string[] {
    const networks = ['60', '61', '71', '72', '73', '74', '76', '78', '79', '81', '82', '83', '84'];
    const numbers: string[] = [];
    while (numbers.length < count) {
      const number = `27${this.random.pick(networks)}555${String(this.random.whole(0, 9999)).padStart(4, '0')}`;
      if (this.usedNumbers.has(number)) continue;
      this.usedNumbers.add(number);
      numbers.push(number);
    }
    return numbers;
  }

  /** @param then what follows, at the time of the reply */
  planReply(message: DemoMessage, text: string, then: (at: number) => void = () => {}): void {
    const readAt = message.finishedAt ?? message.createdAt;
    // Most answer at once or not at all, some the next day.
    const meanWaitMs = this.random.chance(0.8) ? 35 * minuteMs : 18 * hourMs;
    this.plan(readAt.getTime() + minuteMs + this.random.wait(meanWaitMs), (at) => {
      this.world.receive({ at, from: message.msisdn, to: message.senderNumber, text });
      then(at);
    });
  }

  /** Credits when the account was opened, and at the beginning of every month since. */
  planTopUps(
    accountId: keyof typeof openedDaysAgo,
    { first, monthly, firstInvoice }: { first: number; monthly: number; firstInvoice: number },
  ): void {
    const opened = new Date(this.now - openedDaysAgo[accountId] * dayMs + 20 * minuteMs);
    this.planTopUp(accountId, opened.getTime(), first, firstInvoice);
    for (let month = 1; ; month++) {
      const at = Date.UTC(opened.getUTCFullYear(), opened.getUTCMonth() + month, 1, 6, 40 + month);
      if (at > this.now) break;
      this.planTopUp(accountId, at, monthly, firstInvoice + month * 31);
    }
  }

  private planTopUp(accountId: number, at: number, amount: number, invoice: number): void {
    if (amount > 0)
      this.plan(at, () => this.world.topUp(accountId, at, amount, `Top-up, invoice INV-${invoice}`));
  }
}
