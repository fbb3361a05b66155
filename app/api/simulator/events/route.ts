import { watchSession } from '@/lib/auth/session-watch';
import { enterSimulator } from '@/lib/carriers/simulator-gate';
import { simulatorChannel } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';

/** Server-sent events of the simulator: `message` with the phone that has a new SMS; null: look at all of them. */
export async function GET(request: Request): Promise<Response> {
  const { key, session } = await enterSimulator();
  return streamEvents(request, {
    channel: simulatorChannel,
    share: 'simulator-stream',
    account: session && key,
    watch: session ? (onEnd) => watchSession(session, onEnd) : undefined,
    begin: (tell) => ({
      hear: (event) => tell('message', { msisdn: event.type === 'notification' ? event.payload : null }),
    }),
  });
}
