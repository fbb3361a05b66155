import { customerRoute } from '@/lib/auth/make-route';
import { watchSession } from '@/lib/auth/session-watch';
import { streamAccountChanges } from '@/lib/events/account-stream';

/**
 * Server-sent events: `change` with the topics of the signed-in account that have changed; `ended` when the
 * session has.
 */
export const GET = customerRoute(
  { doing: 'Streaming the changes of an account' },
  ({ scope, user, session }, { request }) =>
    streamAccountChanges(request, {
      viewer: { userId: user.id, accountId: scope.accountId },
      watch: (onEnd) => watchSession(session, onEnd),
      choose: ({ accountId, topics }) => (accountId === scope.accountId ? topics : []),
    }),
);
