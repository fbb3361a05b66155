import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { findHalf, findHome } from '@/lib/auth/gates';
import { openPage } from '@/lib/auth/make-page';
import { listDemoSignIns } from '@/lib/auth/demo';
import {
  chooseLanding,
  composeSecondStepPath,
  composeSignInPath,
  readReturnPath,
} from '@/lib/auth/return-path';
import { env } from '@/lib/env';
import { beginPasskeySignIn } from '@/lib/second-factor/actions';
import { findRelyingParty } from '@/lib/second-factor/relying-party';
import { SignIn } from './sign-in';

export const metadata: Metadata = { title: 'Sign in' };

const one = z.string().optional().catch(undefined);
const query = z.object({ reason: one, to: one });

export default openPage({ search: query }, async (_, { search: { reason, to } }) => {
  const home = await findHome();
  if (home) redirect(chooseLanding(home, to));
  if (await findHalf()) redirect(composeSecondStepPath(to));
  return (
    <SignIn
      nextHref={composeSignInPath({ hasEnded: false, to: readReturnPath(to) })}
      notice={reason === 'ended' ? 'Your session has ended. Sign in again to go on.' : undefined}
      beginPasskey={findRelyingParty() === null ? null : beginPasskeySignIn}
      demoSignIns={await listDemoSignIns()}
      simulatorHref={env.CARRIER === 'simulator' && env.SIMULATOR_OPEN ? '/simulator' : undefined}
    />
  );
});
