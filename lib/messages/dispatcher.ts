import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Carrier } from './carrier';
import { log } from '@/lib/log';
import { countCarrierError, countHandovers } from '@/lib/metrics/counters';
import { inSpan, traceConfirmations } from '@/lib/metrics/tracing';
import { Pace } from './pace';
import type { RoutePart } from './routes';
import {
  claimBatch,
  findAccountsWithDueMessages,
  recordHandover,
  releaseClaim,
  type ClaimedMessage,
  type HandoverResult,
} from './claim';

export interface DispatcherOptions {
  /** The most messages of one account in one turn. */
  batchSize: number;
  /** About how long a turn is to last: of a slow carrier a turn takes fewer messages than `batchSize`. */
  turnMs: number;
  /** How long a claim holds; longer than any hand-over may take. */
  leaseMs: number;
  /** How often to look for due messages nobody announced: retries, and what a dead process left. */
  sweepIntervalMs: number;
  /** After so many attempts a message fails. */
  maxAttempts: number;
  /** What time it is, for the hours in which a consent SMS may leave. */
  clock?: () => Date;
}

export const defaultDispatcherOptions: DispatcherOptions = {
  batchSize: 500,
  turnMs: 250,
  leaseMs: 120_000,
  sweepIntervalMs: 1_000,
  maxAttempts: 8,
};

/**
 * A claim that had to wait longer than this for the record of the batch before it (the database was away) is
 * let go: its gate is too old, and its lease may end.
 */
const staleClaimMs = 1_000;

/** Of a carrier that names none. */
const usualWindowSize = 100;

/** How long an account is left alone at most, whose due messages are all another carrier's. */
const longestRestMs = 10_000;

/**
 * How soon a message is tried again that met a busy carrier: within a second, so that it is not overtaken by
 * all behind it, and spread out, so that they do not come all at once. Of one that meets it again and again
 * the pauses grow, up to a minute.
 */
export function computeBusyDelayMs(attempt: number): number {
  const mostMs = Math.min(1_000 * 2 ** Math.max(0, attempt - 10), 60_000);
  return Math.round(mostMs * (0.5 + Math.random() / 2));
}

/** An account's; of its urgent messages alone, or of all it has. */
interface Turn {
  accountId: number;
  isUrgent: boolean;
}

/** 15 s, 30 s, 1 min … at most an hour. */
export function computeRetryDelayMs(attempt: number): number {
  return Math.min(15_000 * 2 ** (attempt - 1), 3_600_000);
}

/**
 * Takes what is queued to one carrier, or of it what the routes give to that carrier. Accounts take turns,
 * one batch each, so one account's million messages delay another's by a batch, not by a million; and a batch
 * is what the carrier was seen to take in a quarter of a second. Within an account what is urgent goes first:
 * confirmations, consent SMSs and codes.
 *
 * An account that has queued something urgent goes ahead of the others, every other turn, so that these are
 * not kept from theirs. Where a batch takes long, the urgent does not wait for its end: a few slots of the
 * carrier's window are kept for it, and a few at a time are claimed and handed over beside the batch.
 *
 * One batch is with the carrier at a time; the next one is claimed while it is recorded, and handed over only
 * once it is. So next to nothing lies between a batch's gate and the network, and a process that dies leaves
 * at most one batch that was handed over and not recorded, with what is urgent beside it, which is smaller by
 * as much. Each carrier has a dispatcher of its own, so that none waits for another; in one worker at a time
 * (lib/carriers/fleet.ts).
 */
export class Dispatcher {
  /** Accounts whose turn will come, in order. */
  private readonly turns = new Set<number>();
  /** Of them, or besides, those that have queued something urgent. */
  private readonly urgent = new Set<number>();
  private readonly pace: Pace;
  private readonly stopped = new AbortController();
  private finished: Promise<unknown> = Promise.resolve();
  /** Resolves once the last batch handed over has been recorded. */
  private recorded: Promise<void> = Promise.resolve();
  private wake = (): void => {};
  private wakeUrgent = (): void => {};
  private wakeSweep = (): void => {};
  /**
   * Whether a turn of what is not urgent goes on, from the wait for the carrier's pace until it is recorded.
   */
  private isInTurn = false;
  private turnBegunAt = Number.POSITIVE_INFINITY;
  private parts: readonly RoutePart[] | 'all' = 'all';
  private claimLimit = Number.POSITIVE_INFINITY;
  /** Messages a second that the carrier took of the last batches; 0 before the first. */
  private seenPerSecond = 0;
  /** Accounts whose due messages were all another carrier's, and when to look again. */
  private readonly rests = new Map<number, { pauseMs: number; until: number }>();

  constructor(
    private readonly pool: Pool,
    private readonly carrier: Carrier,
    private readonly options: DispatcherOptions = defaultDispatcherOptions,
  ) {
    this.pace = new Pace(carrier.ratePerSecond, carrier.queueSize);
  }

  /** Whether a turn has lasted longer than its messages are claimed for: others may have them by then. */
  get isStuck(): boolean {
    return performance.now() - this.turnBegunAt > this.options.leaseMs;
  }

  start(): void {
    this.finished = Promise.all([this.sweep(), this.run(), this.runUrgent()]);
  }

  /** Gives an account a turn: it has queued something; ahead of others when that is urgent. */
  announce(accountId: number, { isUrgent = false } = {}): void {
    this.rests.delete(accountId);
    (isUrgent ? this.urgent : this.turns).add(accountId);
    this.wake();
    this.wakeUrgent();
  }

  /** Looks for due messages that nobody may have announced. */
  sweepSoon(): void {
    this.wakeSweep();
  }

  /**
   * What of the messages is this carrier's from now on; `[]`: none.
   *
   * @param claimLimit the most in a batch: one, to try a carrier that was away
   */
  route(parts: readonly RoutePart[] | 'all', claimLimit = Number.POSITIVE_INFINITY): void {
    const hadNone = this.parts.length === 0;
    this.parts = parts;
    this.claimLimit = claimLimit;
    this.rests.clear();
    this.wake();
    this.wakeUrgent();
    if (hadNone) this.wakeSweep();
  }

  /** Lets the batch under way finish, then stops. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    this.wakeUrgent();
    this.wakeSweep();
    await this.finished;
  }

  /**
   * One batch of one account: claim, hand over, record.
   *
   * @returns how many messages were claimed or blocked
   */
  async dispatchBatch(accountId: number): Promise<number> {
    const { taken } = await this.claimAndHandOver(accountId);
    await this.recorded;
    return taken;
  }

  /** Resolves while the batch is being recorded; `more` says whether the account may have more. */
  private async claimAndHandOver(
    accountId: number,
    isUrgent = false,
  ): Promise<{ taken: number; more: boolean }> {
    await this.pace.untilFree(isUrgent);
    if (this.carrier.recordsFirst) await this.recorded;
    const { parts } = this;
    if (parts.length === 0) return { taken: 0, more: true };
    const limit = this.chooseLimit();
    const { messages, taken } = await this.claim(accountId, limit, isUrgent);
    if (taken > 0) this.rests.delete(accountId);
    else if (parts !== 'all' && !isUrgent) this.rest(accountId);
    const claimedAt = performance.now();
    await this.recorded;
    if (performance.now() - claimedAt > staleClaimMs) {
      log.warn({ accountId, messages: messages.length }, 'a claim grew old; its messages are given back');
      await releaseClaim(this.pool, messages);
      return { taken, more: true };
    }
    if (messages.length > 0) {
      this.pace.spend(messages.length, isUrgent);
      const results = await this.handOver(messages);
      this.pace.heed(results);
      this.recorded = this.record(messages, results);
    }
    return { taken, more: taken === limit };
  }

  /** A few of what an account has that is urgent, beside the batch that is with the carrier. */
  private async handOverUrgent(accountId: number): Promise<void> {
    await this.pace.untilFree(true);
    const limit = this.countUrgentSlots();
    if (limit === 0) return void this.urgent.add(accountId);
    const { messages, taken } = await this.claim(accountId, limit, true);
    if (messages.length > 0) {
      this.pace.spend(messages.length, true);
      await this.record(messages, await this.handOver(messages, 'urgent'));
    }
    if (taken === limit) this.announce(accountId, { isUrgent: true });
  }

  private claim(accountId: number, limit: number, isUrgent: boolean) {
    const { parts } = this;
    return claimBatch(this.pool, accountId, {
      limit,
      leaseMs: this.options.leaseMs,
      carrier: this.carrier.name,
      ...(parts === 'all' ? {} : { parts }),
      isUrgent,
      now: this.readClock(),
    });
  }

  /**
   * How many urgent messages may be handed over beside a batch just now: none of a carrier that is only
   * tried.
   */
  private countUrgentSlots(): number {
    return this.parts.length === 0 || Number.isFinite(this.claimLimit) ? 0 : this.urgentSlots;
  }

  /** At most half of a turn. */
  private get urgentSlots(): number {
    return Math.min(this.carrier.urgentSlots ?? 0, Math.floor(this.turnSize / 2));
  }

  /** What a carrier takes in a turn by its rate. */
  private get turnSize(): number {
    return Math.min(this.options.batchSize, this.countInTurn(this.carrier.ratePerSecond));
  }

  private countInTurn(perSecond: number): number {
    return Math.ceil((perSecond * this.options.turnMs) / 1000);
  }

  /** What fits into a turn, by the carrier's rate and by what it took before; never less than its window. */
  private chooseLimit(): number {
    const { windowSize = usualWindowSize } = this.carrier;
    const seen = Math.max(windowSize, this.countInTurn(this.seenPerSecond));
    return Math.max(1, Math.min(this.turnSize - this.urgentSlots, seen, this.claimLimit));
  }

  private watchSpeed(results: readonly HandoverResult[], elapsedMs: number): void {
    // A few messages, such as what is urgent, take as long as a window of them.
    if (results.length < (this.carrier.windowSize ?? usualWindowSize)) return;
    // A carrier that is away says so at once: that is no speed.
    if (!results.some(({ status }) => status === 'sent')) return;
    const perSecond = (results.length * 1000) / Math.max(elapsedMs, 0.1);
    // Slower counts at once, faster by and by.
    const before = this.seenPerSecond === 0 ? perSecond : this.seenPerSecond;
    this.seenPerSecond = Math.min(perSecond, (before + perSecond) / 2);
  }

  private handOver(messages: readonly ClaimedMessage[], door?: 'urgent'): Promise<HandoverResult[]> {
    const attributes = {
      'client_zone.carrier': this.carrier.name,
      'client_zone.account_id': messages[0]?.accountId,
      'client_zone.messages': messages.length,
    };
    return inSpan('hand over', { attributes }, async () => {
      const startedAt = new Date();
      const begunAt = performance.now();
      const results = await this.send(messages, door);
      this.watchSpeed(results, performance.now() - begunAt);
      countHandovers(this.carrier.name, results);
      traceConfirmations(this.carrier.name, messages, results, startedAt);
      return results.map((result, index) => this.endAttempts(result, messages[index]?.attempt ?? 1));
    });
  }

  private async send(messages: readonly ClaimedMessage[], door?: 'urgent'): Promise<HandoverResult[]> {
    try {
      return await this.carrier.send(messages, door);
    } catch (err) {
      countCarrierError(this.carrier.name);
      log.error(
        { err, carrier: this.carrier.name, messages: messages.length },
        'carrier took no message of a batch',
      );
      return messages.map(({ attempt }) => ({
        status: 'retry',
        reason: 'The network could not be reached.',
        retryDelayMs: computeRetryDelayMs(attempt),
      }));
    }
  }

  private endAttempts(result: HandoverResult, attempt: number): HandoverResult {
    return result.status === 'retry' && !result.fault && attempt >= this.options.maxAttempts
      ? { status: 'failed', reason: `${result.reason} Given up after ${attempt} attempts.` }
      : result;
  }

  /**
   * What the carrier took must be recorded before the lease ends, or it would be sent again: a database that
   * is away for a moment is waited for. Only a process that dies here leaves a batch to be sent twice.
   */
  private async record(
    messages: readonly ClaimedMessage[],
    results: readonly HandoverResult[],
  ): Promise<void> {
    const deadline = performance.now() + this.options.leaseMs;
    for (;;) {
      try {
        return await recordHandover(this.pool, messages, results);
      } catch (err) {
        if (performance.now() > deadline) {
          log.error({ err, messages: messages.length }, 'a hand-over was not recorded; it is due again');
          return;
        }
        log.error({ err, messages: messages.length }, 'recording a hand-over failed; trying again');
        await delay(500);
      }
    }
  }

  private rest(accountId: number): void {
    const before = this.rests.get(accountId)?.pauseMs ?? this.options.sweepIntervalMs / 2;
    const pauseMs = Math.min(before * 2, longestRestMs);
    this.rests.set(accountId, { pauseMs, until: performance.now() + pauseMs });
  }

  private isResting(accountId: number): boolean {
    return (this.rests.get(accountId)?.until ?? 0) > performance.now();
  }

  private readClock(): Date {
    return this.options.clock?.() ?? new Date();
  }

  /** Gives accounts their turns until stopped. */
  private async run(): Promise<void> {
    let wasUrgent = false;
    while (!this.stopped.signal.aborted) {
      const next: Turn | null = this.parts.length === 0 ? null : this.chooseNext(wasUrgent);
      if (next === null) {
        await this.sleep((wake) => (this.wake = wake));
        continue;
      }
      const { accountId, isUrgent }: Turn = next;
      wasUrgent = isUrgent;
      try {
        this.isInTurn = !isUrgent;
        this.turnBegunAt = performance.now();
        if (this.isInTurn) this.wakeUrgent();
        const { more } = await this.claimAndHandOver(accountId, isUrgent);
        if (more) (isUrgent ? this.urgent : this.turns).add(accountId); // to the back of the line
      } catch (err) {
        log.error(
          { err, accountId },
          'dispatching a batch failed; what it claimed is in doubt when its lease ends',
        );
        await this.sleep((wake) => (this.wake = wake));
      } finally {
        this.isInTurn = false;
        this.turnBegunAt = Number.POSITIVE_INFINITY;
      }
    }
    await this.recorded;
  }

  /** Whose turn it is: what is urgent first, but after a turn of that somebody who has waited. */
  private chooseNext(wasUrgent: boolean): Turn | null {
    const [inTurn] = this.turns;
    const [urgent] = this.urgent;
    const isUrgent = urgent !== undefined && !(wasUrgent && inTurn !== undefined);
    const accountId = isUrgent ? urgent : inTurn;
    if (accountId === undefined) return null;
    (isUrgent ? this.urgent : this.turns).delete(accountId);
    return { accountId, isUrgent };
  }

  /** Beside turns of what is not urgent; at other times what is urgent gets the next turn. */
  private async runUrgent(): Promise<void> {
    if (!this.carrier.urgentSlots) return;
    while (!this.stopped.signal.aborted) {
      const [accountId] = this.urgent;
      if (accountId === undefined || !this.isInTurn || this.countUrgentSlots() === 0) {
        await this.sleep((wake) => (this.wakeUrgent = wake));
        continue;
      }
      this.urgent.delete(accountId);
      try {
        await this.handOverUrgent(accountId);
      } catch (err) {
        log.error({ err, accountId }, 'dispatching urgent messages failed; the sweep finds them');
        await this.sleep((wake) => (this.wakeUrgent = wake));
      }
    }
  }

  private async sweep(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      // Where nothing is ours, others look for it.
      if (this.parts.length > 0) await this.findDue();
      await this.sleep((wake) => (this.wakeSweep = wake));
    }
  }

  private async findDue(): Promise<void> {
    try {
      for (const accountId of await findAccountsWithDueMessages(this.pool, this.readClock()))
        if (!this.isResting(accountId)) this.turns.add(accountId);
    } catch (err) {
      log.error({ err }, 'looking for due messages failed; looking again soon');
    }
    if (this.turns.size > 0) this.wake();
  }

  /** Until something is announced, the dispatcher stops, or the sweep interval is over. */
  private async sleep(keep: (wake: () => void) => void): Promise<void> {
    if (this.stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.sweepIntervalMs);
      keep(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
