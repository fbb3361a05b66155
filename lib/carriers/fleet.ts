import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';
import { log } from '@/lib/log';
import type { Carrier, CarrierFault, ClaimedMessage, HandoverResult } from '@/lib/messages/carrier';
import { defaultDispatcherOptions, Dispatcher, type DispatcherOptions } from '@/lib/messages/dispatcher';
import { areAll, divideRoutes, type Route, type RoutePart } from '@/lib/messages/routes';
import { Circuit } from './circuit';
import { countFacts, flushFacts, tellOfCarriers } from './facts';
import { giveBackLeases, keepLeases, usualLeaseMs, type CarrierLease, type Condition } from './leases';
import { readCarriers, readRoutes, type ConfiguredCarrier } from './registry';
import { stopCarrier } from './stop-carrier';

export interface FleetOptions {
  /** Makes the adapter of a carrier; a text says why it cannot be made. */
  createCarrier: (carrier: ConfiguredCarrier) => (Carrier & { close?(): void }) | string;
  /** Under which this worker's facts are written down. */
  workerId: string;
  dispatcher?: Partial<DispatcherOptions>;
  /** How often the carriers and their routes are read, besides when something is told of them. */
  lookIntervalMs?: number;
  /** Told whether this worker hands over to any carrier: if not, it need not hear what is queued. */
  whenHolding?: (isHolding: boolean) => void;
  /** Told who hands over to the carriers that this worker would hand over to, each time that it has asked. */
  whenLeased?: (leases: readonly CarrierLease[]) => void;
  /** How often the facts are written down. */
  factsIntervalMs?: number;
  /** How long another worker waits for one that says nothing any more. */
  leaseMs?: number;
  /** For how long a carrier is left alone. */
  clock?: () => number;
}

/** Of a carrier, in words for staff; newest first, like ones counted together. */
interface CarrierError {
  /** ISO 8601, UTC. */
  at: string;
  reason: string;
  count: number;
}
const shownErrors = 5;

/** Whoever changes something tells us, but for programs of an earlier version. */
const usualLookIntervalMs = 5_000;

/** A worker that may take more carriers does so one after another. */
const nextCarrierMs = 100;

/**
 * All carriers, as a worker has them: a dispatcher for each, which takes what the routes give to it. Of all
 * workers one at a time hands over to a carrier (leases.ts): its rate and its window are the carrier's, its
 * batches are as large as the carrier can take, and the others cost next to nothing. When that worker dies
 * another one takes over within two seconds; when it stops, or cannot reach the carrier, at once.
 *
 * A carrier that fails again and again is left alone for a while, and others take over as the routes say; one
 * that refuses us is paused for everybody, until a person has corrected what was wrong.
 */
export class CarrierFleet {
  private readonly lanes = new Map<string, Lane>();
  private routes: readonly Route[] = [];
  /** By carrier, as they were when we last asked. */
  private leases = new Map<string, CarrierLease>();
  /** What we have told of the carriers that we would hand over to. */
  private told: ReadonlyMap<string, Condition> = new Map();
  private isStopped = false;
  private readonly nextLook = new Alarm();
  private readonly nextLeases = new Alarm();
  private readonly nextFacts = new Alarm();
  private finished: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly options: FleetOptions,
  ) {}

  /** Resolves once the carriers were read. */
  async start(): Promise<void> {
    await this.look();
    await this.keepLeases();
    this.finished = Promise.all([
      this.repeat(
        this.nextLook,
        () => this.options.lookIntervalMs ?? usualLookIntervalMs,
        () => this.look(),
      ),
      this.repeat(
        this.nextLeases,
        () => this.countUntilLeases(),
        () => this.keepLeases(),
      ),
      this.repeat(
        this.nextFacts,
        () => this.options.factsIntervalMs ?? 5_000,
        () => this.writeFacts(),
      ),
    ]);
  }

  /** Gives an account a turn: it has queued something; ahead of others when that is urgent. */
  announce(accountId: number, options: { isUrgent?: boolean } = {}): void {
    for (const { name, dispatcher } of this.lanes.values())
      // Who takes a carrier over looks for what is due.
      if (this.holds(name)) dispatcher.announce(accountId, options);
  }

  /** Something about the carriers has changed: one may be free, paused, or new. */
  lookSoon(): void {
    this.nextLook.ring();
    this.nextLeases.ring();
  }

  /** Something may have been queued without being announced. */
  sweepSoon(): void {
    for (const { name, dispatcher } of this.lanes.values()) if (this.holds(name)) dispatcher.sweepSoon();
  }

  /** Lets the batches under way finish, then stops. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const alarm of [this.nextLook, this.nextLeases, this.nextFacts]) alarm.ring();
    await this.finished;
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
    try {
      await giveBackLeases(this.pool, this.options.workerId, [...this.leases.keys()]);
      await flushFacts(this.pool);
      await removeFacts.run(this.pool, { worker: this.options.workerId });
    } catch (err) {
      // Leases end, and rows of workers that are gone are cleared away by the others.
      log.warn({ err }, 'The carriers were not given back, or their last figures not written down');
    }
  }

  /** Reads the carriers and their routes, and follows what has changed. */
  private async look(): Promise<void> {
    const [carriers, routes] = await Promise.all([readCarriers(this.pool), readRoutes(this.pool)]);
    this.routes = routes;
    for (const carrier of carriers) {
      const lane = this.lanes.get(carrier.name);
      if (!lane) this.openLane(carrier);
      else if (lane.key === composeKey(carrier)) lane.follow(carrier.state);
      else if (!lane.isClosing) this.replaceLane(lane);
      // Of what it is configured as now: what refused its predecessor may have been corrected.
      if (lane?.refused && lane.key === composeKey(carrier) && carrier.state !== 'PAUSED')
        await stopCarrier(this.pool, carrier.name, lane.refused);
    }
    for (const [name, lane] of this.lanes) {
      if (!carriers.some((carrier) => carrier.name === name) && !lane.isClosing) this.replaceLane(lane);
    }
    this.divide();
  }

  private holds(carrier: string): boolean {
    return this.leases.get(carrier)?.isOurs ?? false;
  }

  /** Keeps the carriers that this worker hands over to, and takes what is free. */
  private async keepLeases(): Promise<void> {
    const { workerId } = this.options;
    const wanted = this.listWanted();
    const unwanted = [...this.leases.keys()].filter(
      (name) => this.holds(name) && !wanted.some((lane) => lane.name === name),
    );
    if (unwanted.length > 0) await giveBackLeases(this.pool, workerId, unwanted);
    const told = new Map(wanted.map(({ name, condition }) => [name, condition]));
    const given = [...told].map(([carrier, condition]) => ({ carrier, condition }));
    const leases = await keepLeases(this.pool, workerId, given, this.leaseMs);
    const isNews = [...told].some(
      ([name, condition]) => this.holds(name) && (this.told.get(name) ?? condition) !== condition,
    );
    this.leases = new Map(leases.map((lease) => [lease.carrier, lease]));
    this.told = told;
    this.options.whenHolding?.(leases.some(({ isOurs }) => isOurs));
    this.options.whenLeased?.(leases);
    if (isNews) await tellOfCarriers(this.pool);
    this.divide();
  }

  private get leaseMs(): number {
    return this.options.leaseMs ?? usualLeaseMs;
  }

  /** Of what we hold, four times a lease; of what others hold, when it ends. */
  private countUntilLeases(): number {
    const waits = this.listWanted().map(({ name, condition }) => {
      const other = this.findOther(name);
      if (other && other.condition !== 'out') return other.leftMs;
      return this.holds(name) || condition === 'out' ? this.leaseMs / 4 : nextCarrierMs;
    });
    return Math.min(this.leaseMs, ...waits);
  }

  private listWanted(): Lane[] {
    return [...this.lanes.values()].filter(({ isWanted }) => isWanted);
  }

  /** The lease of another worker that hands over to the carrier. */
  private findOther(carrier: string): CarrierLease | undefined {
    const lease = this.leases.get(carrier);
    return lease && !lease.isOurs && lease.leftMs > 0 ? lease : undefined;
  }

  private openLane(carrier: ConfiguredCarrier): void {
    const made = this.options.createCarrier(carrier);
    const lane = new Lane(this.pool, carrier, made, {
      dispatcher: { ...defaultDispatcherOptions, ...this.options.dispatcher },
      whenChanged: () => {
        this.divide();
        // It is to be paused for everybody.
        if (lane.refused) this.nextLook.ring();
      },
      clock: this.options.clock ?? (() => performance.now()),
    });
    this.lanes.set(carrier.name, lane);
    lane.follow(carrier.state);
  }

  /** Its successor begins when its last batch is recorded, so that no carrier has two at a time. */
  private replaceLane(lane: Lane): void {
    lane
      .close()
      .catch((err: unknown) => log.error({ err, carrier: lane.name }, 'a dispatcher did not stop cleanly'))
      .finally(() => {
        this.lanes.delete(lane.name);
        this.nextLook.ring();
      });
  }

  /** Gives each carrier of ours what the routes give to it, as far as it can take it now. */
  private divide(): void {
    const lanes = [...this.lanes.values()];
    const isUsable = ({ name, isWanted, condition }: Lane) =>
      isWanted && (this.findOther(name)?.condition ?? condition) === 'usable';
    const usable = new Set(lanes.filter(isUsable).map(({ name }) => name));
    const parts = divideRoutes(this.routes, usable);
    for (const lane of lanes) {
      if (!this.holds(lane.name)) {
        lane.route([]);
      } else if (lane.condition === 'probing') {
        // The others have taken over; it is tried with a message that would be its own.
        const own = divideRoutes(this.routes, new Set([...usable, lane.name])).get(lane.name) ?? [];
        lane.route(own, 1);
      } else {
        lane.route(parts.get(lane.name) ?? []);
      }
    }
    // Others take over at once what we cannot reach, or are not to use any more.
    const wanted = this.listWanted();
    if (
      wanted.length !== this.told.size ||
      wanted.some((lane) => this.told.get(lane.name) !== lane.condition)
    )
      this.nextLeases.ring();
  }

  private async writeFacts(): Promise<void> {
    const given = [...this.lanes.values()].map((lane) => {
      const facts = lane.describe();
      // Whether it is away is for the worker to say that hands over to it.
      return this.findOther(lane.name) ? { ...facts, openUntil: null, failures: 0 } : facts;
    });
    await putFacts.run(this.pool, { worker: this.options.workerId, given });
  }

  private async repeat(alarm: Alarm, countMs: () => number, work: () => Promise<void>): Promise<void> {
    for (;;) {
      await alarm.wait(countMs());
      if (this.isStopped) return;
      await work().catch((err: unknown) =>
        log.error({ err }, 'Looking after the carriers failed; trying again'),
      );
    }
  }
}

/** Ends a wait, or the next one, before its time. */
class Alarm {
  private hasRung = false;
  private wake = (): void => {};

  ring(): void {
    this.hasRung = true;
    this.wake();
  }

  async wait(ms: number): Promise<void> {
    if (!this.hasRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.hasRung = false;
  }
}

/** What a lane was made of; another one is made when it changes. */
function composeKey({ state: _, ...carrier }: ConfiguredCarrier): string {
  return JSON.stringify(carrier);
}

/** A carrier of this worker, with its dispatcher. */
class Lane {
  readonly name: string;
  readonly key: string;
  readonly dispatcher: Dispatcher;
  isClosing = false;
  /** Why the carrier refuses us, until it is paused for everybody. */
  refused: string | null = null;
  private readonly circuit: Circuit;
  private readonly errors: CarrierError[] = [];
  private readonly adapter: (Carrier & { close?(): void }) | null;
  private state: ConfiguredCarrier['state'] = 'PAUSED';
  private handingOver = 0;
  private routed = '';

  constructor(
    private readonly pool: Pool,
    carrier: ConfiguredCarrier,
    made: (Carrier & { close?(): void }) | string,
    private readonly options: {
      dispatcher: DispatcherOptions;
      whenChanged: () => void;
      clock: () => number;
    },
  ) {
    this.name = carrier.name;
    this.key = composeKey(carrier);
    this.circuit = new Circuit(options.clock);
    this.adapter = typeof made === 'string' ? null : made;
    if (typeof made === 'string') this.refused = made;
    const { adapter } = this;
    const watched: Carrier = {
      name: carrier.name,
      ratePerSecond: carrier.ratePerSecond,
      // asked each time: it follows what the carrier takes
      get windowSize() {
        return adapter?.windowSize;
      },
      urgentSlots: adapter?.urgentSlots,
      queueSize: adapter?.queueSize,
      recordsFirst: adapter?.recordsFirst,
      send: (messages, door) => this.handOver(messages, door),
    };
    this.dispatcher = new Dispatcher(pool, watched, options.dispatcher);
    this.dispatcher.route([]);
    this.dispatcher.start();
  }

  /** Whether this worker would hand over to it. */
  get isWanted(): boolean {
    const isUsable = !this.isClosing && this.refused === null && this.state === 'ACTIVE';
    // One that hangs keeps its carrier from nobody.
    return isUsable && !this.dispatcher.isStuck;
  }

  get condition(): Condition {
    if (!this.isWanted) return 'out';
    const { state } = this.circuit;
    return state === 'closed' ? 'usable' : state === 'probing' ? 'probing' : 'out';
  }

  /** Takes over the state that staff have set. */
  follow(state: ConfiguredCarrier['state']): void {
    // Paused for its refusal, it is tried again once staff have it go on.
    if (state === 'PAUSED' && this.adapter) this.refused = null;
    this.state = state;
  }

  route(parts: readonly RoutePart[], claimLimit = Number.POSITIVE_INFINITY): void {
    const routed = JSON.stringify([parts, claimLimit]);
    if (routed === this.routed) return;
    this.routed = routed;
    this.dispatcher.route(areAll(parts) ? 'all' : parts, claimLimit);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.dispatcher.route([]);
    await this.dispatcher.stop();
    this.adapter?.close?.();
  }

  describe() {
    const { openUntil, failures } = this.circuit;
    return { carrier: this.name, openUntil, failures, handingOver: this.handingOver, errors: this.errors };
  }

  private async handOver(messages: readonly ClaimedMessage[], door?: 'urgent'): Promise<HandoverResult[]> {
    if (!this.adapter) throw new Error('The carrier could not be made.');
    this.handingOver += messages.length;
    try {
      const results = await this.adapter.send(messages, door);
      this.judge(results);
      return results;
    } catch (error) {
      countFacts(this.pool, this.name, { retried: messages.length });
      this.keepError('It took none of a batch.', messages.length);
      this.circuit.fail();
      throw error;
    } finally {
      this.handingOver -= messages.length;
      this.options.whenChanged();
    }
  }

  private judge(results: readonly HandoverResult[]): void {
    const count = (status: HandoverResult['status']) =>
      results.reduce((sum, result) => (result.status === status ? sum + 1 : sum), 0);
    countFacts(this.pool, this.name, {
      sent: count('sent'),
      failed: count('failed'),
      retried: count('retry'),
      doubted: count('doubt'),
    });
    const reasons = new Map<string, number>();
    for (const result of results) {
      const reason = readReason(result);
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    for (const [reason, times] of reasons) this.keepError(reason, times);

    const findFault = (fault: CarrierFault) =>
      results.find((result) => result.status === 'retry' && result.fault === fault);
    const refusal = findFault('configuration');
    if (refusal) this.refused = readReason(refusal);
    // One that is busy is there, and is to be used, by and by.
    else if (findFault('away') || (results.length > 0 && count('doubt') === results.length))
      this.circuit.fail();
    else this.circuit.succeed();
  }

  private keepError(reason: string, count: number): void {
    const at = new Date().toISOString();
    const known = this.errors.findIndex((error) => error.reason === reason);
    const earlier = known === -1 ? 0 : (this.errors.splice(known, 1)[0]?.count ?? 0);
    this.errors.unshift({ at, reason, count: earlier + count });
    this.errors.splice(shownErrors);
  }
}

/** What went wrong, for staff. */
function readReason(result: HandoverResult): string | null {
  switch (result.status) {
    case 'sent':
      return null;
    case 'retry':
      return result.detail ?? result.reason;
    case 'doubt':
      return result.detail;
    case 'failed':
      return result.reason;
  }
}

const putFacts = statement({
  name: 'put-carrier-facts',
  values: {
    worker: 'text',
    given: {
      carrier: 'text',
      openUntil: 'timestamptz?',
      failures: 'int4',
      handingOver: 'int4',
      errors: 'jsonb',
    },
  },
  sql: ($) => `
    with gone as (
      delete from carrier_worker where seen_at < now() - interval '5 minutes'
    ), old as (
      delete from carrier_minute where minute < now() - interval '2 days'
    )
    insert into carrier_worker (carrier, worker, seen_at, open_until, failures, handing_over, errors)
    select carrier, ${$.worker}, now(), open_until, failures, handing_over, errors from ${$.given}
    order by carrier
    on conflict (carrier, worker) do update set seen_at = excluded.seen_at, open_until = excluded.open_until,
      failures = excluded.failures, handing_over = excluded.handing_over, errors = excluded.errors`,
});

const removeFacts = statement({
  name: 'remove-carrier-facts',
  values: { worker: 'text' },
  sql: ($) => `delete from carrier_worker where worker = ${$.worker}`,
});
