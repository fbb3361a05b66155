import type { Metadata } from 'next';
import { UnownedRepliesPage } from '@/components/staff/unowned-replies-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { listUnownedReplies } from '@/lib/replies/queries';
import { listWaitingReplies } from '@/lib/replies/review';

export const metadata: Metadata = { title: 'Replies' };

export default async function Page() {
  const { scope } = await requireStaff();
  const [unowned, waiting] = await Promise.all([
    listUnownedReplies(getPool(), scope),
    listWaitingReplies(getPool(), scope),
  ]);
  return <UnownedRepliesPage replies={unowned} waiting={waiting} />;
}
