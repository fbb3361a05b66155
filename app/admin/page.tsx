import type { Metadata } from 'next';
import { StaffHomePage } from '@/components/staff/home-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { listQueue } from '@/lib/removal-requests/queries';
import { listUnownedReplies } from '@/lib/replies/queries';

export const metadata: Metadata = { title: 'Home' };

const shownRequests = 6;
/** Nobody reads a greater figure. */
const countedReplies = 99;

export default async function Page() {
  const { scope, user } = await requireStaff();
  const [queue, unownedReplies] = await Promise.all([
    listQueue(getPool(), scope),
    listUnownedReplies(getPool(), scope, countedReplies + 1),
  ]);
  return (
    <StaffHomePage
      name={user.name}
      counts={queue.counts}
      waiting={queue.rows.filter(({ state }) => state === 'AWAITING_APPROVAL').slice(0, shownRequests)}
      unownedReplies={Math.min(unownedReplies.length, countedReplies)}
      moreUnowned={unownedReplies.length > countedReplies}
    />
  );
}
