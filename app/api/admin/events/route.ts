import { findStaff } from '@/lib/auth/gates';
import { watchSession } from '@/lib/auth/session-watch';
import { streamAccountChanges } from '@/lib/events/account-stream';
import { respondProblem } from '@/lib/http/problem';

/** Server-sent events for staff: `change` with what has changed in some account, not in which; `ended` when the session has. */
export async function GET(request: Request): Promise<Response> {
  const signedIn = await findStaff();
  if (!signedIn) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  return streamAccountChanges(request, {
    viewer: { userId: signedIn.user.id, accountId: null },
    watch: (onEnd) => watchSession(signedIn.session, onEnd),
    choose: ({ topics }) =>
      topics.filter((topic) => topic === 'removal-requests' || topic === 'unowned-replies'),
  });
}
