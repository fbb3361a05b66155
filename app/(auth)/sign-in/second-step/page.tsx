import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { SecondStepPage } from '@/components/second-factor/second-step-page';
import { signOut } from '@/lib/auth/actions';
import { findHalf, findHome } from '@/lib/auth/gates';
import { openPage } from '@/lib/auth/make-page';
import { chooseLanding, composeSignInPath, readReturnPath } from '@/lib/auth/return-path';
import { getPool } from '@/lib/db/client';
import {
  addFirstPasskey,
  beginFirstApp,
  beginFirstPasskey,
  beginPasskeyStep,
  confirmFirstApp,
  enterCode,
  enterPasskey,
  enterRecoveryCode,
} from '@/lib/second-factor/actions';
import { readOwnFactors } from '@/lib/second-factor/queries';
import { findRelyingParty } from '@/lib/second-factor/relying-party';

export const metadata: Metadata = { title: 'Second step' };

const query = z.object({ to: z.union([z.string(), z.array(z.string())]).optional() });

export default openPage({ search: query }, async (_, { search: { to } }) => {
  const session = await findHalf();
  // By way of the sign-in page everybody comes where they belong.
  const nextHref = composeSignInPath({ hasEnded: false, to: readReturnPath(to) });
  if (!session) {
    const home = await findHome();
    redirect(home ? chooseLanding(home, to) : nextHref);
  }
  const { half, user, isStaff } = session;
  const factors = await readOwnFactors(getPool(), half);
  const hasOne = factors.appSince !== null || factors.passkeys.length > 0;
  return (
    <SecondStepPage
      username={user.username}
      signOut={signOut}
      step={
        hasOne
          ? {
              hasApp: factors.appSince !== null,
              hasPasskeys: factors.passkeys.length > 0,
              hasRecoveryCodes: factors.codesLeft > 0,
              nextHref,
              actions: {
                enterCode,
                enterRecoveryCode,
                beginPasskeyStep,
                enterPasskey,
              },
            }
          : null
      }
      first={
        !hasOne && factors.isRequired
          ? {
              why: isStaff
                ? 'Everybody of the provider’s staff signs in with two factors.'
                : 'An account that you work with asks everybody for two factors.',
              allowsPasskeys: findRelyingParty() !== null,
              nextHref,
              actions: {
                beginFirstApp,
                confirmFirstApp,
                beginFirstPasskey,
                addFirstPasskey,
              },
            }
          : null
      }
    />
  );
});
