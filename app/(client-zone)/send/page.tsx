import type { Metadata } from 'next';
import { SendPage } from '@/components/messages/send-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { sendMessages } from '@/lib/messages/actions';
import { readCredits } from '@/lib/messages/queries';

export const metadata: Metadata = { title: 'Send' };

export default async function Page() {
  const { scope, user } = await requireCustomer();
  return <SendPage send={sendMessages} credits={await readCredits(getPool(), scope)} userId={user.id} />;
}
