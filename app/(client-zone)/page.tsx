import type { Metadata } from 'next';
import { HomePage } from '@/components/home/home-page';
import { readOverview } from '@/lib/accounts/queries';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { listReplies } from '@/lib/replies/queries';

export const metadata: Metadata = { title: 'Home' };

const latestReplies = 6;

export default async function Page() {
  const { scope, account } = await requireCustomer();
  const [overview, replies] = await Promise.all([
    readOverview(getPool(), scope),
    listReplies(getPool(), scope, { search: '' }, null),
  ]);
  return (
    <HomePage
      accountName={account.name}
      timeZone={account.timeZone}
      overview={overview}
      latestReplies={replies.rows.slice(0, latestReplies)}
    />
  );
}
