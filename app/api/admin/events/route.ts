import { staffStreamRoute } from '@/lib/auth/make-route';
import { watchSession } from '@/lib/auth/session-watch';
import { streamAccountChanges } from '@/lib/events/account-stream';

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
      choose: ({ topics }) =>
        topics.filter(
          (topic) => topic === 'removal-requests' || topic === 'unowned-replies' || topic === 'carriers',
        ),
    }),
);
