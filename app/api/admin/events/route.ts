import { staffStreamRoute } from '@/lib/auth/make-route';
import { watchSession } from '@/lib/auth/session-watch';
import type { ChangeTopic } from '@/lib/events/account-changes';
import { streamAccountChanges } from '@/lib/events/account-stream';

const staffTopics: readonly ChangeTopic[] = ['removal-requests', 'unowned-replies', 'carriers', 'registry'];

/**
 * Server-sent events for staff: `change` with what has changed in some account, not in which; `ended` when
 * the session has.
 */
export const GET = staffStreamRoute(
  { doing: 'Streaming changes to staff' },
  ({ user, session }, { request }) =>
    streamAccountChanges(request, {
      viewer: { userId: user.id, accountId: null },
      watch: (onEnd) => watchSession(session, onEnd),
      choose: ({ topics }) => topics.filter((topic) => staffTopics.includes(topic)),
    }),
);
