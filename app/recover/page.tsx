import type { Metadata } from 'next';
import { openPage } from '@/lib/auth/make-page';
import { RecoverPage } from '@/components/people/recover-page';
import { recoverPassword, setNewPassword } from '@/lib/people/actions';

export const metadata: Metadata = { title: 'Recover your password' };

export default openPage({}, () => {
  return <RecoverPage ask={recoverPassword} choose={setNewPassword} />;
});
