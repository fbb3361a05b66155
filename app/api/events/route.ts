import { findCustomer } from '@/lib/auth/gates';
import { accountChangedChannel, changeTopics, parseAccountChange } from '@/lib/events/account-changes';
import { streamEvents } from '@/lib/events/event-stream';
import { respondProblem } from '@/lib/http/problem';

/** Server-sent events: `change` with the topics of the signed-in account that have changed. */
export async function GET(request: Request): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  return streamEvents(request, accountChangedChannel, (event) => {
    if (event.type === 'resync') return { name: 'change', data: { topics: changeTopics, isResync: true } };
    const change = parseAccountChange(event.payload);
    return change?.accountId === session.scope.accountId
      ? { name: 'change', data: { topics: change.topics } }
      : null;
  });
}
