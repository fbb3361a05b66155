import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { EmailPage } from '@/components/outbox/email-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readEmail } from '@/lib/notices/queries';
import { tryEmailAgain } from '@/lib/notices/staff-actions';
import { keySchema } from '../../../read-key';

export const metadata: Metadata = { title: 'E-mail' };

export default staffPage({ params: keySchema }, async ({ scope }, { params: { accountId, id } }) => {
  const email = await readEmail(getPool(), scope, accountId, id);
  if (!email) notFound();
  return <EmailPage email={email} tryAgain={tryEmailAgain} />;
});
