import 'server-only';
import { respondProblem } from '@/lib/http/problem';
import { accountChangedChannel, changeTopics, parseAccountChange, type ChangeTopic } from './account-changes';
import { streamEvents, type EventStreamOptions } from './event-stream';
import { TopicGatherer } from './topic-gatherer';
import { nameViewer, type Viewer } from './viewer';

interface AccountStreamOptions {
  /** Who is signed in. A page of somebody else's, who was signed in in this browser before, gets nothing. */
  viewer: Viewer;
  watch: NonNullable<EventStreamOptions['watch']>;
  /** What of a change of an account to send. */
  choose: (change: { accountId: number; topics: ChangeTopic[] }) => ChangeTopic[];
}

/** Server-sent events: `change` with {topics}; with `isResync`, when it is not known what has changed. */
export async function streamAccountChanges(
  request: Request,
  { viewer, watch, choose }: AccountStreamOptions,
): Promise<Response> {
  const as = new URL(request.url).searchParams.get('as');
  if (as !== null && as !== nameViewer(viewer)) {
    return respondProblem(409, 'Somebody else has signed in', 'Reload the page.');
  }
  return streamEvents(request, {
    channel: accountChangedChannel,
    share: 'stream',
    account: viewer.accountId === null ? `staff:${viewer.userId}` : String(viewer.accountId),
    watch,
    begin(send) {
      const gatherer = new TopicGatherer((topics) => send('change', { topics }));
      return {
        hear(event) {
          if (event.type === 'resync') return send('change', { topics: changeTopics, isResync: true });
          const change = parseAccountChange(event.payload);
          const topics = change ? choose(change) : [];
          if (topics.length > 0) gatherer.add(topics);
        },
        end: () => gatherer.end(),
      };
    },
  });
}
