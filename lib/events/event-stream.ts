import 'server-only';
import type { ChannelEvent } from '@/lib/db/listen';
import { isStopping, whenStopping } from '@/lib/http/stopping';
import { enterPlace } from '@/lib/http/with-place';
import { log } from '@/lib/log';
import { getListener } from './process-listener';
import { RecentEvents } from './recent-events';

const recentEvents = new Map<string, RecentEvents>();

function getRecentEvents(channel: string): RecentEvents {
  const recent = recentEvents.get(channel) ?? new RecentEvents(getListener(), channel);
  recentEvents.set(channel, recent);
  return recent;
}

/** How long ago the page was asked for, in milliseconds, as its script says; null when it does not. */
function readAge(request: Request): number | null {
  const age = new URL(request.url).searchParams.get('age');
  return age !== null && /^\d{1,12}$/.test(age) ? Number(age) : null;
}

/**
 * Proxies and browsers end a stream that is silent for long; and a page knows by it until when it has heard
 * everything.
 */
const heartbeatMs = 20_000;
/** A reader who is so many events behind does not read: what it is not told would fill the memory. */
const mostUnread = 256;

export interface EventStreamOptions {
  /** The NOTIFY channel that feeds it. */
  channel: string;
  /** Whose share of streams it takes: an account's, or a stranger's with the simulator. */
  share: 'stream' | 'simulator-stream';
  /** As in lib/http/shares.ts. */
  account: string | null;
  /**
   * Told how to tell the reader, answers with what hears the channel. A "resync" means that notifications may
   * have been missed: tell the reader to look at everything.
   */
  begin: (send: (name: string, data: unknown) => void) => {
    hear: (event: ChannelEvent) => void;
    end?: () => void;
  };
  /** Calls back once the reader may read no longer. Returns how to stop watching. */
  watch?: (onEnd: () => void) => () => void;
}

/**
 * A server-sent event stream fed by a NOTIFY channel, until the reader goes or may read no longer: then its
 * last event is `ended`. It begins with what was said since the page was asked for. Each takes a place; to
 * HEAD it answers whether it would.
 */
export async function streamEvents(request: Request, options: EventStreamOptions): Promise<Response> {
  const { channel, share, account, begin, watch } = options;
  const place = await enterPlace(share, request, account);
  if (place instanceof Response) return place;
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOver = false;
      const write = (text: string) => {
        if (isOver) return;
        if ((controller.desiredSize ?? 0) > -mostUnread) return controller.enqueue(encoder.encode(text));
        log.info({ channel, account }, 'An event stream was not read, and ended');
        end();
        controller.error(new Error('It was not read.'));
      };
      const unfollow = new Set<() => void>();
      end = () => {
        isOver = true;
        for (const leave of unfollow) leave();
        place.release();
        end = () => {};
      };
      const close = () => {
        end();
        try {
          controller.close();
        } catch {
          // closed already: the reader and the request went at the same moment
        }
      };
      // 2 s: how long a browser waits before it connects again
      write('retry: 2000\n\n');
      // a signal that has fired before does not fire again
      if (request.signal.aborted || isStopping()) return close();
      request.signal.addEventListener('abort', close);
      const heartbeat = setInterval(() => write('event: alive\ndata: {}\n\n'), heartbeatMs);
      unfollow.add(() => clearInterval(heartbeat));
      // The browser connects again, to whichever process is there then; this one could not end before.
      unfollow.add(whenStopping(close));
      const follower = begin((name, data) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
      if (follower.end) unfollow.add(follower.end);
      unfollow.add(getRecentEvents(channel).follow(readAge(request), follower.hear));
      if (!watch) return;
      unfollow.add(
        watch(() => {
          write('event: ended\ndata: {}\n\n');
          close();
        }),
      );
    },
    cancel: () => end(),
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
