import type { Metadata } from 'next';
import { staffTimeZone } from '@/lib/lists/schema';
import { SecurityPage } from '@/components/second-factor/security-page';
import { signOut } from '@/lib/auth/actions';
import { requirePerson } from '@/lib/auth/gates';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import {
  addPasskey,
  beginApp,
  beginPasskey,
  beginProof,
  confirmApp,
  endOtherSessions,
  endSession,
  removeApp,
  removePasskey,
  renamePasskey,
  renewRecoveryCodes,
} from '@/lib/second-factor/actions';
import { listSessionRows } from '@/lib/second-factor/session-queries';
import { readOwnFactors } from '@/lib/second-factor/queries';
import { findRelyingParty } from '@/lib/second-factor/relying-party';

export const metadata: Metadata = { title: 'Security' };

export default staffPage({}, async () => {
  const { person, user } = await requirePerson();
  const [factors, sessions] = await Promise.all([
    readOwnFactors(getPool(), person),
    listSessionRows(getPool(), person, new Date()),
  ]);
  return (
    <SecurityPage
      username={user.username}
      factors={factors}
      sessions={sessions}
      allowsPasskeys={findRelyingParty() !== null}
      timeZone={staffTimeZone}
      actions={{
        beginProof,
        beginApp,
        confirmApp,
        removeApp,
        renewRecoveryCodes,
        beginPasskey,
        addPasskey,
        renamePasskey,
        removePasskey,
      }}
      endSession={endSession}
      endOtherSessions={endOtherSessions}
      signOut={signOut}
    />
  );
});
