import { thisBrowser } from './browser';
import { SharedStream, type StreamListener } from './shared-stream';

interface Listening {
  readonly url: string;
  readonly eventName: string;
  readonly listeners: Set<StreamListener>;
  readonly statusListeners: Set<() => void>;
}

/** A stream that is open, for those who listen already and those who will. */
export function openSharedStream({ url, eventName, ...listening }: Listening): SharedStream {
  const stream = new SharedStream(url, eventName, thisBrowser, listening);
  stream.open();
  return stream;
}
