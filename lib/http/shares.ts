import 'server-only';
import { env } from '@/lib/env';

/** What there is little of in a process, and whoever holds it keeps others from it. */
export const scarceThings = [
  'download',
  'evidence',
  'upload',
  'search',
  'stream',
  'simulator-stream',
  'public-form',
  'carrier-request',
  'api-request',
] as const;
export type ScarceThing = (typeof scarceThings)[number];

export interface ShareRules {
  /** How many there are at once in this process. */
  places: number;
  /** How many of them one account may hold or wait for; staff count as an account each. */
  perAccount: number;
  /** The same for one address; wider, as an office or a mobile network has one address for many. */
  perAddress: number;
  /** How many more of an account, or an address, wait until one of its own has ended; the next is refused. */
  ownLine: number;
  /** How long anybody waits for a place. */
  waitMs: number;
}

/**
 * Who asks. Without a known address (there is no proxy to trust), the account alone counts; without both, all
 * such are one.
 */
export interface Asker {
  /** "58324" of an account, "staff:7" of a member of staff; null: not signed in. */
  account: string | null;
  address: string | null;
}

/** `release` gives the place back; calling it again does nothing. */
export type Place = { ok: true; release: () => void };
export type Refusal = { ok: false; because: 'account' | 'address' | 'everybody'; held: number };

type Refused = Refusal['because'];

interface Waiter {
  keys: readonly Key[];
  begin: () => void;
}

/** Whose share is counted, and how large it is. */
interface Key {
  name: string;
  because: Exclude<Refused, 'everybody'>;
  share: number;
}

/**
 * The places of one scarce thing. Whoever has their share already is refused, or waits for their own; whoever
 * has not gets a place at once while there is one, and else waits in line. Counted in this process alone:
 * with three web processes an account has three times its share, which still leaves most places of each to
 * others.
 */
export class Places {
  private taken = 0;
  private readonly line: Waiter[] = [];
  private readonly held = new Map<string, number>();
  private readonly waiting = new Map<string, number>();

  constructor(readonly rules: ShareRules) {}

  /** @param signal the asker has gone: it no longer waits */
  async acquire(asker: Asker, signal?: AbortSignal): Promise<Place | Refusal> {
    const keys = this.listKeys(asker);
    const blocked = this.findBlock(keys);
    if (blocked !== null) {
      const full = keys.find((key) => this.isLineFull(key));
      if (full) return this.refuse(full.because, keys);
      if (!(await this.wait(keys, signal))) return this.refuse(blocked, keys);
    } else if (signal?.aborted) {
      return this.refuse('everybody', keys);
    } else {
      this.take(keys);
    }
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      this.give(keys);
    };
    return { ok: true, release };
  }

  /** How many are taken now. */
  get inUse(): number {
    return this.taken;
  }

  /** How many wait for one. */
  get waits(): number {
    return this.line.length;
  }

  private listKeys({ account, address }: Asker): Key[] {
    const { perAccount, perAddress } = this.rules;
    const keys: Key[] = [];
    if (account !== null) keys.push({ name: `account ${account}`, because: 'account', share: perAccount });
    if (address !== null) keys.push({ name: `address ${address}`, because: 'address', share: perAddress });
    // Strangers whose address is not known are one: together they have the share of one address.
    if (keys.length === 0) keys.push({ name: 'nowhere', because: 'address', share: perAddress });
    return keys;
  }

  /** What stands in the way of a place now. */
  private findBlock(keys: readonly Key[]): Refused | null {
    const full = keys.find(({ name, share }) => count(this.held, name) >= share);
    if (full) return full.because;
    return this.taken >= this.rules.places ? 'everybody' : null;
  }

  private isLineFull({ name, share }: Key): boolean {
    return count(this.held, name) + count(this.waiting, name) >= share + this.rules.ownLine;
  }

  private refuse(because: Refused, keys: readonly Key[]): Refusal {
    const key = keys.find((key) => key.because === because);
    return { ok: false, because, held: key ? count(this.held, key.name) : this.taken };
  }

  private take(keys: readonly Key[]): void {
    this.taken += 1;
    for (const { name } of keys) add(this.held, name, 1);
  }

  /** Gives a place back, to the first in line whose share allows it. */
  private give(keys: readonly Key[]): void {
    this.taken -= 1;
    for (const { name } of keys) add(this.held, name, -1);
    const next = this.line.find((waiter) => this.findBlock(waiter.keys) === null);
    next?.begin();
  }

  private wait(keys: readonly Key[], signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted || this.rules.waitMs === 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (got: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.line.splice(this.line.indexOf(waiter), 1);
        for (const { name } of keys) add(this.waiting, name, -1);
        if (got) this.take(keys);
        resolve(got);
      };
      const leave = () => settle(false);
      const waiter: Waiter = { keys, begin: () => settle(true) };
      const timer = setTimeout(leave, this.rules.waitMs);
      signal?.addEventListener('abort', leave);
      this.line.push(waiter);
      for (const { name } of keys) add(this.waiting, name, 1);
    });
  }
}

function count(counts: ReadonlyMap<string, number>, name: string): number {
  return counts.get(name) ?? 0;
}

function add(counts: Map<string, number>, name: string, change: 1 | -1): void {
  const now = count(counts, name) + change;
  if (now > 0) counts.set(name, now);
  else counts.delete(name);
}

function composeRules(): Record<ScarceThing, ShareRules> {
  return {
    download: {
      places: env.DOWNLOADS_AT_ONCE,
      perAccount: env.DOWNLOADS_PER_ACCOUNT,
      perAddress: 2 * env.DOWNLOADS_PER_ACCOUNT,
      ownLine: 0,
      waitMs: 10_000,
    },
    // Each is made in this process: a second of a core and some 50 MB for the largest.
    evidence: { places: 3, perAccount: 2, perAddress: 4, ownLine: 2, waitMs: 10_000 },
    upload: {
      places: env.UPLOADS_AT_ONCE,
      perAccount: env.UPLOADS_PER_ACCOUNT,
      perAddress: 2 * env.UPLOADS_PER_ACCOUNT,
      ownLine: 0,
      waitMs: 10_000,
    },
    // Of the pages' connections half at most are with searches that read far; the rest serve those who read
    // on.
    search: {
      places: Math.max(1, Math.floor(env.DATABASE_POOL_SIZE / 2)),
      perAccount: Math.max(1, Math.floor(env.DATABASE_POOL_SIZE / 4)),
      perAddress: Infinity,
      // Most take milliseconds; a page with many tabs asks for them all at once.
      ownLine: 20,
      waitMs: 12_000,
    },
    stream: {
      places: env.STREAMS_AT_ONCE,
      perAccount: env.STREAMS_PER_ACCOUNT,
      perAddress: env.STREAMS_PER_ACCOUNT,
      ownLine: 0,
      waitMs: 0,
    },
    'simulator-stream': { places: 100, perAccount: 20, perAddress: 20, ownLine: 0, waitMs: 0 },
    'public-form': { places: 10, perAccount: Infinity, perAddress: 5, ownLine: 5, waitMs: 5_000 },
    // Each asks the database for most of its time: one account's programs leave half of the connections to
    // others.
    'api-request': {
      places: env.DATABASE_POOL_SIZE,
      perAccount: Math.max(1, Math.floor(env.DATABASE_POOL_SIZE / 2)),
      perAddress: Infinity,
      ownLine: 200,
      waitMs: 15_000,
    },
    // Carriers send again after a 503; so many that wait are more than one transaction takes in.
    'carrier-request': { places: 2_000, perAccount: Infinity, perAddress: Infinity, ownLine: 0, waitMs: 0 },
  };
}

// Kept on globalThis: in development every reload evaluates this module again.
const kept = globalThis as typeof globalThis & { clientZonePlaces?: Record<ScarceThing, Places> };

/** The places of this process. */
export function getPlaces(thing: ScarceThing): Places {
  kept.clientZonePlaces ??= Object.fromEntries(
    Object.entries(composeRules()).map(([name, rules]) => [name, new Places(rules)]),
  ) as Record<ScarceThing, Places>;
  return kept.clientZonePlaces[thing];
}

const nouns: Record<ScarceThing, { one: string; many: string; state: string }> = {
  download: { one: 'download', many: 'downloads', state: 'running' },
  evidence: { one: 'evidence pack', many: 'evidence packs', state: 'in the making' },
  upload: { one: 'upload', many: 'uploads', state: 'running' },
  search: { one: 'long search', many: 'long searches', state: 'running' },
  stream: { one: 'page that updates itself', many: 'pages that update themselves', state: 'open' },
  'simulator-stream': { one: 'simulator', many: 'simulators', state: 'open' },
  'public-form': { one: 'form', many: 'forms', state: 'on the way' },
  'carrier-request': { one: 'request', many: 'requests', state: 'under way' },
  'api-request': { one: 'request', many: 'requests', state: 'under way' },
};

const numerals = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** How a refusal is put to a person. */
export interface RefusalWords {
  status: 429 | 503;
  title: string;
  detail: string;
  retryAfterSeconds: number;
}

export function describeRefusal(thing: ScarceThing, { because, held }: Refusal): RefusalWords {
  const { one, many, state } = nouns[thing];
  if (because === 'everybody') {
    return {
      status: 503,
      title: 'Too much is going on just now',
      detail: `All places for ${many} are taken just now. Try again in half a minute.`,
      retryAfterSeconds: 30,
    };
  }
  const holder = because === 'account' ? 'Your account' : 'Your network';
  const title = `${holder} has ${numerals[held] ?? held} ${held === 1 ? one : many} ${state}`;
  return {
    status: 429,
    title,
    detail: `${title}. Wait until ${held === 1 ? 'it' : 'one'} has ended, then try again.`,
    retryAfterSeconds: 15,
  };
}
