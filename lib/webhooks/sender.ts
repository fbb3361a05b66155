import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { env } from '@/lib/env';
import { Places } from '@/lib/http/shares';
import { log } from '@/lib/log';
import { countWebhooks } from '@/lib/metrics/counters';
import { giveNotices } from '@/lib/notices/give-notices';
import { readAddressRules } from './address-rules';
import {
  claimDeliveries,
  findEndpointsToServe,
  findTarget,
  recordAttempts,
  type AttemptResult,
  type ClaimedDelivery,
  type EndpointHealth,
  type EndpointKey,
} from './claim';
import { WebhookClient } from './client';
import { composeFailingNotice, composePausedNotice } from './endpoint-notice';
import { composeBody, composeDeliveryId } from './body';
import { expandAndClaim } from './expand';
import { Gathered } from './gathered';
import { computeWebhookRetryMs, failuresUntilProbing, warnAfterMs } from './retry';
import { Signer } from './signature';

export interface SenderOptions {
  client?: WebhookClient;
  /** How long a claim holds: longer than all of a batch can take at an endpoint that answers nothing. */
  leaseMs?: number;
  /** How often to look for what nobody announced: retries, and what a dead process left. */
  sweepIntervalMs?: number;
  /** Told whether there is any endpoint to send to: if not, no change need be announced. */
  whenServing?: (isServing: boolean) => void;
}

/**
 * Deliveries of one endpoint that are claimed at a time, as many as most batches of events have; the next,
 * when half of them are left.
 */
const batchSize = 500;
/** So many batches of events are made into deliveries at a time, where each has but one. */
const mostBatches = 256;
/** Of one endpoint, under way at once. */
const perEndpoint = 16;
/**
 * So many are signed together: one by one, between requests, each took 20 µs for the 5 that it takes when the
 * processor has just done another.
 */
const signedTogether = 2 * perEndpoint;
/** What was signed longer ago is signed anew: receivers refuse old times. */
const signatureMs = 5_000;
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
  private sweeping: Promise<void> = Promise.resolve();
  private readonly leaseMs: number;
  private readonly sweepIntervalMs: number;
  private readonly whenServing: (isServing: boolean) => void;

  constructor(
    private readonly pool: Pool,
    { client, leaseMs = 180_000, sweepIntervalMs = 1_000, whenServing = () => {} }: SenderOptions = {},
  ) {
    this.client = client ?? new WebhookClient(readAddressRules(env));
    // each request under way listens
    setMaxListeners(0, this.stopped.signal);
    this.leaseMs = leaseMs;
    this.sweepIntervalMs = sweepIntervalMs;
    this.whenServing = whenServing;
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
    const timer = setTimeout(() => this.client.giveUp(), stopAfterMs);
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
    this.whenServing(active.size > 0);
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
}

/** Where deliveries go; null of what signs them: their secret cannot be read any more. */
interface Target {
  url: URL;
  signer: Signer | null;
}

interface Buffered {
  delivery: ClaimedDelivery;
  target: Target;
  claimedAt: number;
  signed?: Signed;
}

interface Signed extends ReturnType<Signer['sign']> {
  at: number;
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
  /** As it was read last; what it was read from. */
  private target: { written: string; read: Target } | null = null;
  /** How many batches of events are made into deliveries next: as many as come to {@link batchSize}. */
  private batches = 1;
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
      for (const { delivery } of this.buffer.splice(0)) this.finish(delivery, 'released');
      await this.results.flush();
      if (this.isBroken || this.tools.stopped.aborted) return;
    }
  }

  private async work(): Promise<void> {
    const { places, stopped } = this.tools;
    const takePlace = () => places.acquire({ account: String(this.key.accountId), address: null }, stopped);
    // kept from one delivery to the next, unless others wait for one
    let place: Awaited<ReturnType<typeof takePlace>> | null = null;
    try {
      for (;;) {
        const next = await this.next();
        if (!next) return;
        if (place === null) place = await takePlace();
        const isOld = Date.now() > next.claimedAt + this.tools.leaseMs - leaseReserveMs;
        if (!place.ok || isOld || this.isBroken) this.finish(next.delivery, 'released');
        else await this.send(next);
        if (place.ok && places.waits === 0) continue;
        if (place.ok) place.release();
        place = null;
      }
    } finally {
      if (place?.ok) place.release();
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
    let taken = await this.take(() => claimDeliveries(this.pool, this.key, { limit: batchSize, leaseMs }));
    while (taken < batchSize / 2) {
      let events = 0;
      taken += await this.take(async () => {
        const { batches } = this;
        const made = await expandAndClaim(this.pool, this.key, { batches, limit: batchSize, leaseMs });
        events = made.events;
        return made.claimed;
      });
      if (events === 0) {
        this.isDry = true;
        return;
      }
      // of batches of one event as many as of one of 500 make
      if (events < batchSize / 2) this.batches = Math.min(2 * this.batches, mostBatches);
      else if (events > batchSize) this.batches = Math.max(1, Math.floor(this.batches / 2));
    }
  }

  /** Takes over what is claimed; answers with how many that are. */
  private async take(claim: () => Promise<ClaimedDelivery[]>): Promise<number> {
    const claimedAt = Date.now();
    const claimed = await claim();
    if (claimed.length === 0) return 0;
    const target = await this.readTarget();
    for (const delivery of claimed) {
      if (target) this.buffer.push({ delivery, target, claimedAt });
      // it was removed just now
      else this.finish(delivery, 'released');
    }
    return claimed.length;
  }

  private async readTarget(): Promise<Target | null> {
    const found = await findTarget(this.pool, this.key);
    if (!found) return null;
    const { url, sealedSecret, previousSecret } = found;
    const sealed = [sealedSecret, ...(previousSecret === null ? [] : [previousSecret])];
    const written = [url, ...sealed].join();
    if (this.target?.written !== written) {
      this.target = {
        written,
        read: { url: new URL(url), signer: Signer.open(this.key.accountId, sealed) },
      };
    }
    return this.target.read;
  }

  private async send(next: Buffered): Promise<void> {
    const { delivery, target } = next;
    const signed = this.sign(next);
    if (!signed) {
      this.finish(delivery, 'failed', { reason: 'Its secret cannot be read any more. Give it a new one.' });
      return;
    }
    const answer = await this.client.post(target.url, signed.headers, signed.body);
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

  /** Signs it, and those that come next with it; null: nothing can be signed. */
  private sign(next: Buffered): Signed | null {
    const at = new Date();
    if (next.signed && at.getTime() - next.signed.at < signatureMs) return next.signed;
    for (const one of [next, ...this.buffer.slice(0, signedTogether - 1)]) {
      const { delivery, target } = one;
      if (!target.signer) break;
      const id = composeDeliveryId(this.key.accountId, delivery.id);
      one.signed = { ...target.signer.sign(id, at, composeBody(delivery)), at: at.getTime() };
    }
    return next.signed ?? null;
  }

  private finish(
    { id, attempt, createdAt }: ClaimedDelivery,
    outcome: AttemptResult['outcome'],
    facts: Partial<Pick<AttemptResult, 'statusCode' | 'answer' | 'reason' | 'durationMs'>> = {},
  ): void {
    const { statusCode = null, answer = null, reason = null, durationMs = 0 } = facts;
    const retryMs = computeWebhookRetryMs(attempt, Date.now() - createdAt.getTime());
    const result = { id, attempt, outcome, statusCode, answer, reason, durationMs, retryMs };
    // While there is more to send, what works is recorded together; what failed may end the lane.
    this.results.add(result, outcome !== 'delivered' || this.buffer.length === 0);
  }

  /** A database that is away for a moment is waited for; what is not recorded is sent again. */
  private async record(results: AttemptResult[]): Promise<void> {
    for (const outcome of ['delivered', 'failed', 'released'] as const) {
      const count = results.filter((one) => one.outcome === outcome).length;
      if (count > 0) countWebhooks(outcome, count);
    }
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
