import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { RecoverPage } from '@/components/people/recover-page';
import { env, isMailOpen } from '@/lib/env';
import { recoverPassword, setNewPassword } from '@/lib/people/actions';

export const metadata: Metadata = { title: 'Recover your password' };

export default openPage({}, () => {
  return (
    <RecoverPage
      ask={recoverPassword}
      choose={setNewPassword}
      mailHref={isMailOpen(env) ? '/simulator/mail' : undefined}
    />
  );
});
