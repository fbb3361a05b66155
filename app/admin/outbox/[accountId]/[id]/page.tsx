import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { EmailPage } from '@/components/outbox/email-page';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readEmail } from '@/lib/notifications/queries';
import { tryEmailAgain } from '@/lib/notifications/staff-actions';
import { readKey, type KeyParams } from '../../../read-key';

export const metadata: Metadata = { title: 'E-mail' };

export default async function Page({ params }: { params: KeyParams }) {
  const { scope } = await requireStaff();
  const key = await readKey(params);
  const email = key && (await readEmail(getPool(), scope, key.accountId, key.id));
  if (!email) notFound();
  return <EmailPage email={email} tryAgain={tryEmailAgain} />;
}
