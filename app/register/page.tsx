import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { redirect } from 'next/navigation';
import { RegisterPage } from '@/components/people/register-page';
import { findHome } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { env, isMailOpen } from '@/lib/env';
import { registerAccount } from '@/lib/people/actions';
import { isRegistrationOpen } from '@/lib/people/registration';

export const metadata: Metadata = { title: 'Register' };

export default openPage({}, async () => {
  const home = await findHome();
  if (home) redirect(home);
  return (
    <RegisterPage
      isOpen={await isRegistrationOpen(getPool())}
      register={registerAccount}
      mailHref={isMailOpen(env) ? '/simulator/mail' : undefined}
    />
  );
});
