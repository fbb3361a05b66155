import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { env } from '@/lib/env';
import { Places } from '@/lib/http/shares';
import { log } from '@/lib/log';
import { countWebhook } from '@/lib/metrics/counters';
import { giveNotices } from '@/lib/notices/give-notices';
import { readAddressRules } from './address-rules';
import {
  claimDeliveries,
  findEndpointsToServe,
  recordAttempts,
  type AttemptResult,
  type ClaimedDelivery,
  type EndpointHealth,
  type EndpointKey,
} from './claim';
import { WebhookClient } from './client';
import { composeFailingNotice, composePausedNotice } from './endpoint-notice';
import { composeBody, composeDeliveryId } from './body';
import { expandBatches } from './expand';
import { Gathered } from './gathered';
import { computeWebhookRetryMs, failuresUntilProbing, warnAfterMs } from './retry';
import { Signer } from './signature';

export interface SenderOptions {
  client?: WebhookClient;
  /** How long a claim holds: longer than all of a batch can take at an endpoint that answers nothing. */
  leaseMs?: number;
  /** How often to look for what nobody announced: retries, and what a dead process left. */
  sweepIntervalMs?: number;
}

/** Deliveries of one endpoint that are claimed at a time; the next, when half of them are left. */
const batchSize = 400;
/** Of one endpoint, under way at once. */
const perEndpoint = 16;
/** Of one account, and of all in this process. A dead endpoint has its own places and no others. */
const perAccount = 32;
const inAll = 256;
/** So much of an answer is kept in the log, in characters. */
const keptAnswerLength = 2000;
/** A claim that waited so near to its end is left to whoever claims it next. */
const leaseReserveMs = 20_000;
/** How long a stop waits for requests under way. */
const stopAfterMs = 2_000;

/**
 * Sends webhook deliveries, a lane for each endpoint, so that none waits for another. The rows are the
 * queue; what a dead process had claimed is claimed again when its lease ends, and may then come twice.
 */
export class WebhookSender {
  private readonly client: WebhookClient;
  private readonly places = new Places({
    places: inAll,
    perAccount,
    perAddress: Infinity,
    ownLine: Infinity,
    waitMs: 60_000,
  });
  private readonly lanes = new Map<string, Promise<void>>();
  /** Lanes that were asked to look again while they ran. */
  private readonly again = new Map<string, EndpointKey>();
  private active = new Map<number, EndpointKey[]>();
  private readonly stopped = new AbortController();
  private readonly givenUp = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();
  private readonly leaseMs: number;
  private readonly sweepIntervalMs: number;

  constructor(
    private readonly pool: Pool,
    { client, leaseMs = 180_000, sweepIntervalMs = 1_000 }: SenderOptions = {},
  ) {
    this.client = client ?? new WebhookClient(readAddressRules(env));
    // each request under way listens
    setMaxListeners(0, this.stopped.signal, this.givenUp.signal);
    this.leaseMs = leaseMs;
    this.sweepIntervalMs = sweepIntervalMs;
  }

  start(): void {
    this.sweeping = this.sweepAgainAndAgain();
  }

  /** Something of this account has changed: its endpoints may have something to be sent. */
  announce(accountId: number): void {
    for (const key of this.active.get(accountId) ?? []) this.open(key);
  }

  /** Ends what is under way within two seconds, and gives the rest back. */
  async stop(): Promise<void> {
    this.stopped.abort();
    const timer = setTimeout(() => this.givenUp.abort(), stopAfterMs);
    await this.sweeping;
    await this.settle();
    clearTimeout(timer);
    this.client.close();
  }

  /** Looks which endpoints have something due, and sends it. */
  async sweep(): Promise<void> {
    const endpoints = await findEndpointsToServe(this.pool);
    const active = new Map<number, EndpointKey[]>();
    for (const { isOn, hasBatch, isDue, ...key } of endpoints) {
      if (isOn) active.set(key.accountId, [...(active.get(key.accountId) ?? []), key]);
      // one that is off gets nothing, but what it is to be told stands in its log
      if (isDue || hasBatch) this.open(key);
    }
    this.active = active;
  }

  /** Resolves once nothing is under way. */
  async settle(): Promise<void> {
    while (this.lanes.size > 0) await Promise.all(this.lanes.values());
  }

  private async sweepAgainAndAgain(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.sweep().catch((err: unknown) => log.error({ err }, 'Looking for due webhooks failed'));
      // ends early, by rejecting, only when it is stopped
      await delay(this.sweepIntervalMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  private open(key: EndpointKey): void {
    const name = `${key.accountId}:${key.endpointId}`;
    if (this.lanes.has(name)) {
      this.again.set(name, key);
      return;
    }
    if (this.stopped.signal.aborted) return;
    const lane = new Lane(this.pool, this.client, key, {
      leaseMs: this.leaseMs,
      places: this.places,
      stopped: this.stopped.signal,
      givenUp: this.givenUp.signal,
    });
    const running = lane
      .run()
      .catch((err: unknown) => {
        log.error(
          { err, ...key },
          'Sending webhooks failed; what was claimed is due again when its lease ends',
        );
      })
      .finally(() => {
        this.lanes.delete(name);
        const next = this.again.get(name);
        this.again.delete(name);
        if (next) this.open(next);
      });
    this.lanes.set(name, running);
  }
}

interface LaneTools {
  leaseMs: number;
  places: Places;
  stopped: AbortSignal;
  givenUp: AbortSignal;
}

interface Buffered extends ClaimedDelivery {
  claimedAt: number;
}

/** What is sent to one endpoint, until nothing is due. */
class Lane {
  private readonly buffer: Buffered[] = [];
  private claiming: Promise<void> | null = null;
  private isDry = false;
  /** The endpoint fails or is off: nothing more of this claim is tried. */
  private isBroken = false;
  /** Until then the endpoint wants nothing more, by its own word. */
  private heldUntil = 0;
  private url = { written: '', read: new URL('http://localhost') };
  private readonly signers = new Map<string, Signer | null>();
  private readonly results = new Gathered<AttemptResult>((results) => this.record(results));

  constructor(
    private readonly pool: Pool,
    private readonly client: WebhookClient,
    private readonly key: EndpointKey,
    private readonly tools: LaneTools,
  ) {}

  async run(): Promise<void> {
    // Once all is recorded, what waited for another of its number may be due.
    for (;;) {
      this.isDry = false;
      await this.claim();
      if (this.buffer.length === 0) return;
      await Promise.all(Array.from({ length: perEndpoint }, () => this.work()));
      for (const delivery of this.buffer.splice(0)) this.finish(delivery, 'released');
      await this.results.flush();
      if (this.isBroken || this.tools.stopped.aborted) return;
    }
  }

  private async work(): Promise<void> {
    for (;;) {
      const delivery = await this.next();
      if (!delivery) return;
      const place = await this.tools.places.acquire(
        { account: String(this.key.accountId), address: null },
        this.tools.stopped,
      );
      try {
        const isOld = Date.now() > delivery.claimedAt + this.tools.leaseMs - leaseReserveMs;
        if (!place.ok || isOld || this.isBroken) this.finish(delivery, 'released');
        else await this.send(delivery);
      } finally {
        if (place.ok) place.release();
      }
    }
  }

  private async next(): Promise<Buffered | null> {
    for (;;) {
      if (this.isBroken || this.tools.stopped.aborted) return null;
      const delivery = this.buffer.shift();
      if (this.buffer.length < batchSize / 2 && !this.isDry) {
        const claiming = this.claim();
        if (!delivery) await claiming;
        // a failure is met by whoever finds the buffer empty
        else claiming.catch(() => undefined);
      }
      if (delivery) return delivery;
      if (this.isDry && this.buffer.length === 0) return null;
    }
  }

  /** Claims more; those who ask while it does wait for the same. */
  private claim(): Promise<void> {
    this.claiming ??= this.claimOnce().finally(() => (this.claiming = null));
    return this.claiming;
  }

  private async claimOnce(): Promise<void> {
    const { leaseMs } = this.tools;
    const claimedAt = Date.now();
    const claim = (limit: number) => claimDeliveries(this.pool, this.key, { limit, leaseMs });
    const claimed = await claim(batchSize);
    while (claimed.length < batchSize && (await expandBatches(this.pool, this.key)) > 0) {
      claimed.push(...(await claim(batchSize - claimed.length)));
    }
    if (claimed.length < batchSize) this.isDry = true;
    this.buffer.push(...claimed.map((delivery) => ({ ...delivery, claimedAt })));
  }

  private async send(delivery: Buffered): Promise<void> {
    const signer = this.findSigner(delivery);
    if (!signer) {
      this.finish(delivery, 'failed', { reason: 'Its secret cannot be read any more. Give it a new one.' });
      return;
    }
    const body = composeBody(delivery);
    const headers = signer.sign(composeDeliveryId(this.key.accountId, delivery.id), new Date(), body);
    const answer = await this.client.post(this.readUrl(delivery.url), headers, body, this.tools.givenUp);
    const outcome = answer.ok ? 'delivered' : answer.isStopped ? 'released' : 'failed';
    if (!answer.ok && answer.holdMs > 0) {
      this.heldUntil = Math.max(this.heldUntil, Date.now() + answer.holdMs);
      this.isBroken = true;
    }
    this.finish(delivery, outcome, {
      statusCode: answer.statusCode,
      answer: answer.text?.slice(0, keptAnswerLength) ?? null,
      reason: answer.ok ? null : answer.reason,
      durationMs: answer.durationMs,
    });
  }

  private readUrl(url: string): URL {
    if (this.url.written !== url) this.url = { written: url, read: new URL(url) };
    return this.url.read;
  }

  private findSigner({ sealedSecret, previousSecret }: ClaimedDelivery): Signer | null {
    const sealed = [sealedSecret, ...(previousSecret === null ? [] : [previousSecret])];
    const name = sealed.join();
    if (!this.signers.has(name)) this.signers.set(name, Signer.open(this.key.accountId, sealed));
    return this.signers.get(name) ?? null;
  }

  private finish(
    { id, attempt }: ClaimedDelivery,
    outcome: AttemptResult['outcome'],
    facts: Partial<Pick<AttemptResult, 'statusCode' | 'answer' | 'reason' | 'durationMs'>> = {},
  ): void {
    countWebhook(outcome);
    const { statusCode = null, answer = null, reason = null, durationMs = 0 } = facts;
    const retryMs = computeWebhookRetryMs(attempt);
    const result = { id, attempt, outcome, statusCode, answer, reason, durationMs, retryMs };
    // While there is more to send, what works is recorded together; what failed may end the lane.
    this.results.add(result, outcome !== 'delivered' || this.buffer.length === 0);
  }

  /** A database that is away for a moment is waited for; what is not recorded is sent again. */
  private async record(results: AttemptResult[]): Promise<void> {
    const deadline = Date.now() + this.tools.leaseMs;
    for (;;) {
      try {
        const holdMs = Math.max(0, this.heldUntil - Date.now());
        // What worked is told to nobody: one statement, and no transaction around it.
        const { health, isOff } = results.some(({ outcome }) => outcome === 'failed')
          ? await withTransaction(this.pool, async (client) => {
              const recorded = await recordAttempts(client, this.key, results, holdMs);
              const { health } = recorded;
              if (health) await giveNotices(client, composeNotices(this.key, health, new Date()));
              return recorded;
            })
          : await recordAttempts(this.pool, this.key, results, holdMs);
        const isFailing = health !== null && health.failures >= failuresUntilProbing;
        this.isBroken = isOff || isFailing || Date.now() < this.heldUntil;
        return;
      } catch (err) {
        log.error({ err, ...this.key, deliveries: results.length }, 'Recording webhook deliveries failed');
        if (Date.now() > deadline) return;
        await delay(500);
      }
    }
  }
}

function composeNotices(key: EndpointKey, health: EndpointHealth, now: Date) {
  if (health.isPausedNow) return [composePausedNotice(key, health, now)];
  const { failingSince } = health;
  if (failingSince === null || now.getTime() - failingSince.getTime() < warnAfterMs) return [];
  return [composeFailingNotice(key, { ...health, failingSince })];
}
