import type { Metadata } from 'next';
import { OutboxPage } from '@/components/outbox/outbox-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readListSearch } from '@/lib/lists/list-search';
import { listEmails } from '@/lib/notices/queries';

export const metadata: Metadata = { title: 'Outbox' };

export default staffPage({ search: readListSearch }, async ({ scope }, { search: { cursor } }) => (
  <OutboxPage page={await listEmails(getPool(), scope, cursor)} />
));
