import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { findHome } from '@/lib/auth/gates';
import { listDemoSignIns } from '@/lib/auth/demo';
import { env } from '@/lib/env';
import { SignIn } from './sign-in';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ reason?: string | string[] }>;
}) {
  const home = await findHome();
  if (home) redirect(home);
  const { reason } = await searchParams;
  return (
    <SignIn
      notice={reason === 'ended' ? 'Your session has ended. Sign in again to go on.' : undefined}
      demoSignIns={await listDemoSignIns()}
      simulatorHref={env.CARRIER === 'simulator' ? '/simulator' : undefined}
    />
  );
}
