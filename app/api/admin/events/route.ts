import { requireStaff } from '@/lib/auth/gates';
import { accountChangedChannel, changeTopics, parseAccountChange } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';

/** Server-sent events for staff: `change` with what has changed in some account; not in which. */
export async function GET(request: Request): Promise<Response> {
  await requireStaff();
  return streamEvents(request, accountChangedChannel, (event) => {
    if (event.type === 'resync') return { name: 'change', data: { topics: changeTopics, isResync: true } };
    const topics = parseAccountChange(event.payload)?.topics.filter((topic) => topic === 'removal-requests');
    return topics && topics.length > 0 ? { name: 'change', data: { topics } } : null;
  });
}
