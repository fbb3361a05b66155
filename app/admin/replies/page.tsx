import type { Metadata } from 'next';
import { UnownedRepliesPage } from '@/components/staff/unowned-replies-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { listUnownedReplies } from '@/lib/replies/queries';

export const metadata: Metadata = { title: 'Replies' };

export default async function Page() {
  const { scope } = await requireStaff();
  return <UnownedRepliesPage replies={await listUnownedReplies(getPool(), scope)} />;
}
