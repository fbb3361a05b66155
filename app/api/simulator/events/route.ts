import { enterSimulator } from '@/lib/carriers/simulator-gate';
import { simulatorChannel } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';

/** Server-sent events of the simulator: `message` with the phone that has a new SMS; null: look at all of them. */
export async function GET(request: Request): Promise<Response> {
  await enterSimulator();
  return streamEvents(request, simulatorChannel, (event) => ({
    name: 'message',
    data: { msisdn: event.type === 'notification' ? event.payload : null },
  }));
}
