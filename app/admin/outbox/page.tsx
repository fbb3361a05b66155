import type { Metadata } from 'next';
import { OutboxPage } from '@/components/outbox/outbox-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readListSearch, type SearchParams } from '@/lib/lists/list-search';
import { listEmails } from '@/lib/notifications/queries';

export const metadata: Metadata = { title: 'Outbox' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { scope } = await requireStaff();
  const { cursor } = await readListSearch(searchParams);
  return <OutboxPage page={await listEmails(getPool(), scope, cursor)} />;
}
