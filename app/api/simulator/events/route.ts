import { notFound } from 'next/navigation';
import { env } from '@/lib/env';
import { simulatorChannel } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';

/** Server-sent events of the simulator: `message` with the phone that has a new SMS; null: look at all of them. */
export function GET(request: Request): Response {
  if (env.CARRIER !== 'simulator') notFound();
  return streamEvents(request, simulatorChannel, (event) => ({
    name: 'message',
    data: { msisdn: event.type === 'notification' ? event.payload : null },
  }));
}
