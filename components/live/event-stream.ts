import { thisBrowser } from './browser';
import { SharedStream, type StreamListener } from './shared-stream';

export type { StreamStatus } from './shared-stream';

const streams = new Map<string, SharedStream>();

function findStream(url: string, eventName: string): SharedStream {
  const key = `${eventName} ${url}`;
  const stream = streams.get(key) ?? new SharedStream(url, eventName, thisBrowser);
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
