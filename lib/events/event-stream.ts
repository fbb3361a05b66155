import 'server-only';
import type { ChannelEvent } from '@/lib/db/listen';
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

/** Proxies and browsers end a stream that is silent for long. */
const heartbeatMs = 20_000;

/**
 * A server-sent event stream fed by a NOTIFY channel, until the reader goes. It begins with what was said since the page was
 * asked for.
 *
 * @param toEvent what to tell the reader; null tells nothing. A "resync" means that notifications may have been
 *   missed: tell the reader to look at everything.
 */
export function streamEvents(
  request: Request,
  channel: string,
  toEvent: (event: ChannelEvent) => { name: string; data: unknown } | null,
): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      // 2 s: how long a browser waits before it connects again
      write('retry: 2000\n\n');
      const unsubscribe = getRecentEvents(channel).follow(readAge(request), (event) => {
        const told = toEvent(event);
        if (told) write(`event: ${told.name}\ndata: ${JSON.stringify(told.data)}\n\n`);
      });
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
      end = () => {
        clearInterval(heartbeat);
        unsubscribe();
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
      // a signal that has fired before does not fire again
      if (request.signal.aborted) close();
      else request.signal.addEventListener('abort', close);
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
