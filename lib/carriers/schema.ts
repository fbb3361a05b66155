import type { ConfiguredCarrier } from './registry';

export type CarrierState = ConfiguredCarrier['state'];
export const carrierStates = ['ACTIVE', 'PAUSED', 'DRAINING'] as const satisfies readonly CarrierState[];

/** What passed by a carrier in a time. */
export interface CarrierCounts {
  sent: number;
  failed: number;
  retried: number;
  doubted: number;
  replies: number;
  receipts: number;
}

/** A carrier as staff see it. Times are ISO 8601, UTC. */
export interface CarrierRow extends Omit<ConfiguredCarrier, 'password'> {
  /** It is the one that CARRIER names: it changes with the environment. */
  fromEnvironment: boolean;
  /** Why the program has paused it. */
  problem: string | null;
  problemAt: string | null;
  lastReplyAt: string | null;
  lastReceiptAt: string | null;
  /** Due messages that are its by the routes; at most `countedAtMost`. */
  queued: number;
  /** Of one that drains: messages that are with it, without a receipt; at most `countedAtMost`. */
  outstanding: number | null;
  lastMinute: CarrierCounts;
  lastHour: CarrierCounts;
  /** Workers that hand messages to it. */
  workers: number;
  /** Messages that are with it this moment, without an answer. */
  handingOver: number;
  /** It fails, and is left alone until then; of the worker that waits longest. */
  awayUntil: string | null;
  /** The last things that went wrong, newest first. */
  errors: { at: string; reason: string; count: number }[];
}

/** No figure of what waits is counted beyond this. */
export const countedAtMost = 20_000;

export interface RouteRow {
  /** Digits; empty: every number. */
  prefix: string;
  carrier: string;
  priority: number;
  weight: number;
  /** Prefixes that would be without a carrier if this route were removed; empty text: all other numbers. */
  leavesUncovered: string[];
}

export interface SystemView {
  carriers: CarrierRow[];
  routes: RouteRow[];
  /** Prefixes of numbers that no carrier takes now; empty text: all other numbers. */
  uncovered: string[];
  /** Due messages of numbers that have no route at all. */
  unrouted: number;
}

/** What staff say of a carrier of Kannel's. */
export interface CarrierInput {
  name: string;
  address: string;
  username: string;
  /** Empty: the one it has. */
  password: string;
  ratePerSecond: number;
  windowSize: number;
}

export interface RouteInput {
  prefix: string;
  carrier: string;
  priority: number;
  weight: number;
}

/** A reply that could not be recorded, as staff see it. Times are ISO 8601, UTC. */
export interface SetAsideReply {
  id: string;
  carrier: string;
  /** Null, like the next two: nobody can read it. */
  msisdn: string | null;
  senderNumber: string | null;
  /** `isCut`: only its beginning. */
  text: string | null;
  isCut: boolean;
  /** What it reads like. REVIEW: also what nobody can read. */
  verdict: 'OPT_OUT' | 'REVIEW' | 'NONE';
  receivedAt: string;
  /** What went wrong the last time. */
  fault: string;
  attempts: number;
  triedAt: string;
}

export interface SetAsideCounts {
  waiting: number;
  /** Of them: what is, or may be, an opt-out. */
  wishes: number;
}

/** The longest reason that is kept of one that need not be recorded. */
export const maxSetAsideReason = 500;
