import type { SharedStream, StreamListener, StreamStatus } from './shared-stream';

export type { StreamStatus } from './shared-stream';

/** A stream, and who listens to it before its script is there. */
interface Line {
  readonly url: string;
  readonly eventName: string;
  readonly listeners: Set<StreamListener>;
  readonly statusListeners: Set<() => void>;
  stream: SharedStream | null;
}

const lines = new Map<string, Line>();

function findLine(url: string, eventName: string): Line {
  const key = `${eventName} ${url}`;
  const line = lines.get(key) ?? {
    url,
    eventName,
    listeners: new Set(),
    statusListeners: new Set(),
    stream: null,
  };
  lines.set(key, line);
  return line;
}

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

/**
 * Opens the stream. Its script is fetched only now: a page can be read and used before it is kept up to date,
 * and what has changed since the page was asked for is told when the stream stands.
 */
async function open(line: Line, retryMs = firstRetryMs): Promise<void> {
  if (line.stream) return line.stream.open();
  try {
    const { openSharedStream } = await import('./open-shared-stream');
    // Two may have begun to fetch it; whoever listened may have gone meanwhile.
    if (line.stream ?? line.listeners.size === 0) return;
    line.stream = openSharedStream(line);
  } catch {
    // No network, as when a stream breaks.
    setTimeout(() => {
      if (!line.stream && line.listeners.size > 0) void open(line, Math.min(retryMs * 2, longestRetryMs));
    }, retryMs);
  }
}

/** Listens to the server-sent events called `eventName`. Returns how to stop. */
export function listenToEvents(url: string, eventName: string, listener: StreamListener): () => void {
  const line = findLine(url, eventName);
  line.listeners.add(listener);
  if (line.listeners.size === 1) void open(line);
  return () => {
    line.listeners.delete(listener);
    if (line.listeners.size === 0) line.stream?.close();
  };
}

/** The state of a connection, for `useSyncExternalStore`. Does not open it. */
export function observeStatus(url: string, eventName: string) {
  const line = findLine(url, eventName);
  return {
    subscribe(listener: () => void) {
      line.statusListeners.add(listener);
      return () => {
        line.statusListeners.delete(listener);
      };
    },
    getSnapshot: (): StreamStatus => line.stream?.status ?? 'connecting',
  };
}
