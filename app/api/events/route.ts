import { findCustomer } from '@/lib/auth/gates';
import { watchSession } from '@/lib/auth/session-watch';
import { streamAccountChanges } from '@/lib/events/account-stream';
import { respondProblem } from '@/lib/http/problem';

/** Server-sent events: `change` with the topics of the signed-in account that have changed; `ended` when the session has. */
export async function GET(request: Request): Promise<Response> {
  const signedIn = await findCustomer();
  if (!signedIn) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const { scope, user, session } = signedIn;
  return streamAccountChanges(request, {
    viewer: { userId: user.id, accountId: scope.accountId },
    watch: (onEnd) => watchSession(session, onEnd),
    choose: ({ accountId, topics }) => (accountId === scope.accountId ? topics : []),
  });
}
