import type { Metadata } from 'next';
import { StaffHomePage } from '@/components/home/staff-home-page';
import { staffPage } from '@/lib/auth/make-page';
import { countSetAsideReplies } from '@/lib/carriers/set-aside-queries';
import { getPool } from '@/lib/db/client';
import { listQueue } from '@/lib/removal-requests/queries';
import { countWaitingUnowned } from '@/lib/unowned-replies/queries';

export const metadata: Metadata = { title: 'Home' };

const shownRequests = 6;

export default staffPage({}, async ({ scope, user }) => {
  const [queue, waitingUnowned, setAside] = await Promise.all([
    listQueue(getPool(), scope),
    countWaitingUnowned(getPool(), scope),
    countSetAsideReplies(getPool(), scope),
  ]);
  return (
    <StaffHomePage
      name={user.name}
      counts={queue.counts}
      waiting={queue.rows.filter(({ state }) => state === 'AWAITING_APPROVAL').slice(0, shownRequests)}
      waitingUnowned={waitingUnowned}
      setAside={setAside}
    />
  );
});
