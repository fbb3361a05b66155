import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { RecoverUsernamePage } from '@/components/people/recover-username-page';
import { recoverUsername } from '@/lib/people/actions';

export const metadata: Metadata = { title: 'Recover your username' };

export default openPage({}, () => {
  return <RecoverUsernamePage ask={recoverUsername} />;
});
