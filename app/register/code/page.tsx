import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { CodePage } from '@/components/people/code-page';
import { registrationCookie } from '@/lib/auth/cookies';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { openTrialAccount, sendAnotherCode } from '@/lib/people/actions';
import { readConfirmedRegistration } from '@/lib/people/registration';

export const metadata: Metadata = { title: 'Enter the code' };

export default openPage({}, async () => {
  const ticket = (await cookies()).get(registrationCookie.name)?.value;
  const registration = await readConfirmedRegistration(getPool(), ticket);
  if (!registration) redirect('/register');
  return (
    <CodePage
      registration={registration}
      simulatorHref={
        env.CARRIER === 'simulator' && env.SIMULATOR_OPEN
          ? `/simulator?phones=${registration.msisdn}`
          : undefined
      }
      open={openTrialAccount}
      sendAnother={sendAnotherCode}
    />
  );
});
