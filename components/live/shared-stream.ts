import type { Browser, Channel } from './browser';

/** `ended`: whoever was signed in no longer is. */
export type StreamStatus = 'connecting' | 'live' | 'reconnecting' | 'ended';

export interface StreamListener {
  /** Something arrived; the event's data as it came. */
  onData: (data: string) => void;
  /** What happened meanwhile is not known: look at everything. */
  onResume: () => void;
}

/** What tabs say to each other. `since` and `until`: by the clock of the machine, which they share. */
type Message =
  /** I want what has happened since. */
  | { kind: 'hello'; from: string; since: number }
  /** `data` null: that is no longer known. */
  | { kind: 'catch-up'; to: string; data: string[] | null; until: number }
  | { kind: 'event'; data: string; until: number }
  /** Until then everything was heard. */
  | { kind: 'status'; status: StreamStatus; until: number };

const firstRetryMs = 1000;
const longestRetryMs = 30_000;
/** After which a hidden tab hears no more, and lets another lead. */
const restAfterMs = 15_000;
/** How long the leading tab keeps what it has heard, for those that come later. */
const keepMs = 60_000;
/**
 * Answers after which asking again soon is of no use: nobody is signed in, somebody else is, or there is no
 * such stream.
 */
const endedStatuses = [401, 403, 404, 409];
/** There is no place for another stream. */
const busyStatuses = [429, 503];

/**
 * One event stream for all tabs of a browser: over HTTP/1.1 a browser has six connections to a server, and
 * with a stream in each tab the seventh would not load. The tabs agree on one that leads, by a lock that the
 * browser takes back when that tab goes; it holds the stream and tells the others. Hidden tabs rest, and when
 * they are shown again catch up on what they have missed.
 */
export class SharedStream {
  status: StreamStatus = 'connecting';
  readonly listeners: Set<StreamListener>;
  readonly statusListeners: Set<() => void>;

  private readonly id = Math.random().toString(36).slice(2);
  private channel: Channel | null = null;
  private source: EventSource | null = null;
  private isLeading = false;
  private stopLeading = () => {};
  private candidature: AbortController | null = null;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = firstRetryMs;
  private stopWaking = () => {};
  private isOpen = false;
  private isAwake = false;
  /** Until when this tab knows everything: at first, when its page was asked for. */
  private heardUntil: number;
  /** Whether what other tabs say now follows on that. */
  private isCaughtUp = false;
  /** What the leading tab has heard, and since when nothing is missing in it. */
  private kept: { at: number; data: string }[] = [];
  private keptSince = Infinity;

  constructor(
    private readonly url: string,
    private readonly eventName: string,
    private readonly browser: Browser,
    { listeners = new Set<StreamListener>(), statusListeners = new Set<() => void>() } = {},
  ) {
    this.listeners = listeners;
    this.statusListeners = statusListeners;
    this.heardUntil = browser.bornAt;
  }

  open(): void {
    this.isOpen = true;
    this.stopWaking = this.browser.onAwake(() => this.look());
    this.look();
  }

  close(): void {
    this.isOpen = false;
    this.stopWaking();
    this.rest();
    this.setStatus('connecting');
  }

  /** Hidden or shown, or the network is back. */
  private look(): void {
    if (!this.isOpen) return;
    if (this.browser.isHidden()) {
      if (this.isAwake) this.restTimer ??= setTimeout(() => this.rest(), restAfterMs);
      return;
    }
    clearTimeout(this.restTimer);
    this.restTimer = undefined;
    if (!this.isAwake) this.wake();
    else if (this.isLeading) this.connect();
    else if (this.status !== 'live') this.greet();
  }

  private wake(): void {
    this.isAwake = true;
    this.isCaughtUp = false;
    const name = `client-zone ${this.eventName} ${this.url}`;
    this.channel = this.browser.openChannel(name);
    this.channel?.onMessage((message) => this.hear(message as Message));
    this.candidature = new AbortController();
    const canAgree =
      this.channel !== null &&
      this.browser.requestLead(name, this.candidature.signal, () => {
        return new Promise<void>((resolve) => {
          this.stopLeading = resolve;
          this.lead();
        });
      });
    // Then each that is looked at has a stream of its own.
    if (!canAgree) this.lead();
    else this.greet();
  }

  private rest(): void {
    clearTimeout(this.restTimer);
    this.restTimer = undefined;
    if (!this.isAwake) return;
    this.isAwake = false;
    this.candidature?.abort();
    if (this.isLeading) {
      if (this.status === 'live') this.heardUntil = this.browser.now();
      this.say({ kind: 'status', status: this.status, until: this.heardUntil });
      this.disconnect();
      this.isLeading = false;
      this.stopLeading();
    }
    this.channel?.close();
    this.channel = null;
    if (this.status === 'live') this.setStatus('reconnecting');
  }

  private greet(): void {
    this.say({ kind: 'hello', from: this.id, since: this.heardUntil });
  }

  private say(message: Message): void {
    this.channel?.post(message);
  }

  private lead(): void {
    if (!this.isAwake) return this.stopLeading();
    this.isLeading = true;
    this.isCaughtUp = true;
    this.kept = [];
    this.keptSince = Infinity;
    this.connect();
  }

  private hear(message: Message): void {
    if (message.kind === 'hello') {
      if (this.isLeading) this.answer(message);
      return;
    }
    if (this.isLeading) return;
    if (message.kind === 'catch-up') {
      if (message.to !== this.id) return;
      this.isCaughtUp = true;
      this.heardUntil = Math.max(this.heardUntil, message.until);
      this.setStatus('live');
      if (message.data === null) for (const { onResume } of this.listeners) onResume();
      else for (const data of message.data) this.deliver(data);
      return;
    }
    if (message.kind === 'event') {
      this.deliver(message.data);
    } else {
      this.setStatus(message.status);
    }
    if (this.isCaughtUp) this.heardUntil = Math.max(this.heardUntil, message.until);
    else if (message.kind === 'status' && message.status === 'live') this.greet();
  }

  /** Only while the stream stands is it known what has happened; else they greet again when it does. */
  private answer({ from, since }: Message & { kind: 'hello' }): void {
    if (this.status !== 'live') {
      this.say({ kind: 'status', status: this.status, until: this.heardUntil });
      return this.connect();
    }
    const isKept = since >= Math.max(this.keptSince, this.browser.now() - keepMs);
    const data = isKept ? this.kept.filter(({ at }) => at >= since).map((event) => event.data) : null;
    this.say({ kind: 'catch-up', to: from, data, until: this.heardUntil });
  }

  private connect(): void {
    if (this.source) return;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    // The server tells what has changed since.
    const since = this.heardUntil;
    const age = Math.max(0, Math.round(this.browser.now() - since));
    const separator = this.url.includes('?') ? '&' : '?';
    const source = this.browser.openSource(`${this.url}${separator}age=${age}`);
    this.source = source;
    source.addEventListener('open', () => {
      this.retryMs = firstRetryMs;
      this.keptSince = Math.min(this.keptSince, since);
      // What has happened since is still to come.
      this.announce('live');
    });
    source.addEventListener(this.eventName, (event) => {
      const data = String(event.data);
      const at = (this.heardUntil = this.browser.now());
      this.kept = [...this.kept.filter((event) => event.at > at - keepMs), { at, data }];
      this.say({ kind: 'event', data, until: at });
      this.deliver(data);
    });
    source.addEventListener('alive', () => {
      this.heardUntil = this.browser.now();
      this.announce('live');
    });
    source.addEventListener('ended', () => {
      this.disconnect();
      this.announce('ended');
    });
    source.addEventListener('error', () => {
      if (this.source === source) void this.retry(source);
    });
  }

  /**
   * Tries again, later and later. By a stream of its own rather than the browser's next attempt, which would
   * ask for what has happened since the first.
   */
  private async retry(failed: EventSource): Promise<void> {
    // The connection broke, or there was an answer that is no stream, and only asking tells which.
    const wasAnswered = failed.readyState === 2;
    this.disconnect();
    const attempt = (this.retryTimer = setTimeout(
      () => this.connect(),
      this.retryMs * (0.5 + Math.random()),
    ));
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs);
    if (this.status !== 'ended') this.announce(this.status === 'connecting' ? 'connecting' : 'reconnecting');
    if (!wasAnswered) return;
    const status = await this.browser.ask(this.url);
    // meanwhile it was tried, or this tab leads no longer
    if (this.retryTimer !== attempt || !this.isLeading) return;
    if (endedStatuses.includes(status)) {
      clearTimeout(attempt);
      this.announce('ended');
    } else if (busyStatuses.includes(status)) {
      this.retryMs = longestRetryMs;
    }
  }

  private disconnect(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.source?.close();
    this.source = null;
  }

  /** Of the leading tab, to all. */
  private announce(status: StreamStatus): void {
    this.say({ kind: 'status', status, until: this.heardUntil });
    this.setStatus(status);
  }

  private deliver(data: string): void {
    for (const { onData } of this.listeners) onData(data);
  }

  private setStatus(status: StreamStatus): void {
    if (status === this.status) return;
    this.status = status;
    for (const listener of this.statusListeners) listener();
  }
}
