import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { RecoverUsernamePage } from '@/components/people/recover-username-page';
import { env, isMailOpen } from '@/lib/env';
import { recoverUsername } from '@/lib/people/actions';

export const metadata: Metadata = { title: 'Recover your username' };

export default openPage({}, () => {
  return (
    <RecoverUsernamePage ask={recoverUsername} mailHref={isMailOpen(env) ? '/simulator/mail' : undefined} />
  );
});
