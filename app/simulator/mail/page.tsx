import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { DemoMailPage } from '@/components/outbox/demo-mail-page';
import { simulatorPage } from '@/lib/carriers/simulator-gate';
import { getPool } from '@/lib/db/client';
import { env, isMailOpen } from '@/lib/env';
import { listKeptEmails } from '@/lib/notices/queries';

// The links in it open accounts.
export const metadata: Metadata = { title: 'E-mails of this demo', referrer: 'no-referrer' };

const query = z.object({ to: z.string().trim().min(1).max(254).nullable().catch(null) });

/** The e-mails of a demo without a mail server, for whoever tries it out. */
export default simulatorPage({ search: query }, async (_, { search: { to } }) => {
  if (!isMailOpen(env)) notFound();
  return <DemoMailPage emails={await listKeptEmails(getPool(), to)} to={to} appUrl={env.APP_URL} />;
});
