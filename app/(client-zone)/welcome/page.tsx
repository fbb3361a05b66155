import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { WelcomePage } from '@/components/people/welcome-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { sendMessages } from '@/lib/messages/actions';
import { readFirstSteps } from '@/lib/people/queries';

export const metadata: Metadata = { title: 'Welcome' };

/** The first page of a trial: a message to one's own phone, Stop, and the block that it makes. */
export default customerPage({ may: 'messages.send' }, async ({ scope, account, user }) => {
  const steps = await readFirstSteps(getPool(), scope);
  if (!steps) redirect('/');
  return (
    <WelcomePage
      name={user.name}
      accountName={account.name}
      steps={steps}
      simulatorHref={
        env.CARRIER === 'simulator' && env.SIMULATOR_OPEN ? `/simulator?phones=${steps.msisdn}` : undefined
      }
      send={sendMessages}
    />
  );
});
