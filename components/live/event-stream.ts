export type StreamStatus = 'connecting' | 'live' | 'reconnecting';

interface StreamListener {
  /** Something arrived; the event's data as it came. */
  onData: (data: string) => void;
  /** The stream is back after a gap: whatever happened meanwhile was missed. */
  onResume: () => void;
}

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

/** One connection per address, however many parts of a page listen; closed when the last one leaves. */
class EventStream {
  status: StreamStatus = 'connecting';
  readonly listeners = new Set<StreamListener>();
  readonly statusListeners = new Set<() => void>();

  private source: EventSource | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = firstRetryMs;
  private hadConnection = false;
  private hasGap = false;

  constructor(
    private readonly url: string,
    private readonly eventName: string,
  ) {}

  private readonly connect = () => {
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.retryTimer);
    this.source?.close();
    // The server tells what has changed since the page was asked for.
    const source = new EventSource(`${this.url}?age=${Math.round(performance.now())}`);
    this.source = source;
    source.addEventListener('open', () => {
      this.retryMs = firstRetryMs;
      this.setStatus('live');
      if (this.hasGap) for (const listener of this.listeners) listener.onResume();
      this.hasGap = false;
      this.hadConnection = true;
    });
    source.addEventListener(this.eventName, (event) => {
      for (const listener of this.listeners) listener.onData(String(event.data));
    });
    source.addEventListener('error', () => {
      this.hasGap = true;
      this.setStatus(this.hadConnection ? 'reconnecting' : 'connecting');
      // The browser tries again by itself after a lost connection, but gives up after an answer that is an error.
      if (source.readyState !== EventSource.CLOSED) return;
      this.retryTimer = setTimeout(this.connect, this.retryMs * (0.5 + Math.random()));
      this.retryMs = Math.min(this.retryMs * 2, longestRetryMs);
    });
  };

  private setStatus(status: StreamStatus) {
    if (status === this.status) return;
    this.status = status;
    for (const listener of this.statusListeners) listener();
  }

  open() {
    this.connect();
    window.addEventListener('online', this.connect);
    document.addEventListener('visibilitychange', this.connect);
  }

  close() {
    clearTimeout(this.retryTimer);
    window.removeEventListener('online', this.connect);
    document.removeEventListener('visibilitychange', this.connect);
    this.source?.close();
    this.source = null;
    this.hadConnection = false;
    this.hasGap = false;
    this.setStatus('connecting');
  }
}

const streams = new Map<string, EventStream>();

function findStream(url: string, eventName: string): EventStream {
  const key = `${eventName} ${url}`;
  const stream = streams.get(key) ?? new EventStream(url, eventName);
  streams.set(key, stream);
  return stream;
}

/** Listens to the server-sent events called `eventName`. Returns how to stop. */
export function listenToEvents(url: string, eventName: string, listener: StreamListener): () => void {
  const stream = findStream(url, eventName);
  stream.listeners.add(listener);
  if (stream.listeners.size === 1) stream.open();
  return () => {
    stream.listeners.delete(listener);
    if (stream.listeners.size === 0) stream.close();
  };
}

/** The state of a connection, for `useSyncExternalStore`. Does not open it. */
export function observeStatus(url: string, eventName: string) {
  const stream = findStream(url, eventName);
  return {
    subscribe(listener: () => void) {
      stream.statusListeners.add(listener);
      return () => {
        stream.statusListeners.delete(listener);
      };
    },
    getSnapshot: () => stream.status,
  };
}
