import { watchSession } from '@/lib/auth/session-watch';
import { simulatorRoute } from '@/lib/carriers/simulator-gate';
import { simulatorChannel } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';

/**
 * Server-sent events of the simulator: `message` with the phone that has a new SMS; null: look at all of
 * them.
 */
export const GET = simulatorRoute(
  { doing: 'Streaming the messages of the simulator' },
  ({ session }, { request, holder }) =>
    streamEvents(request, {
      channel: simulatorChannel,
      share: 'simulator-stream',
      account: holder,
      watch: session ? (onEnd) => watchSession(session, onEnd) : undefined,
      begin: (send) => ({
        hear: (event) => send('message', { msisdn: event.type === 'notification' ? event.payload : null }),
      }),
    }),
);
