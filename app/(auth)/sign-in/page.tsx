import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { findHome } from '@/lib/auth/gates';
import { listDemoSignIns } from '@/lib/auth/demo';
import { chooseLanding, composeSignInPath, readReturnPath } from '@/lib/auth/return-path';
import { env } from '@/lib/env';
import { SignIn } from './sign-in';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ reason?: string | string[]; to?: string | string[] }>;
}) {
  const { reason, to } = await searchParams;
  const home = await findHome();
  if (home) redirect(chooseLanding(home, to));
  return (
    <SignIn
      nextHref={composeSignInPath({ hasEnded: false, to: readReturnPath(to) })}
      notice={reason === 'ended' ? 'Your session has ended. Sign in again to go on.' : undefined}
      demoSignIns={await listDemoSignIns()}
      simulatorHref={env.CARRIER === 'simulator' && env.SIMULATOR_OPEN ? '/simulator' : undefined}
    />
  );
}
