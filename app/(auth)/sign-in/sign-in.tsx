'use client';

import { useEffect, type ComponentProps } from 'react';
import type { DemoSignIn } from '@/components/auth/sign-in-form';
import { SignInPage } from '@/components/auth/sign-in-page';
import { signIn, signInWithPasskey } from '@/lib/auth/client';

/**
 * Once signed in, this page itself leads on: to the page that was wanted, customers to the Client Zone, staff
 * to theirs.
 */
export function SignIn(props: {
  nextHref: string;
  notice: string | undefined;
  demoSignIns: readonly DemoSignIn[];
  simulatorHref: string | undefined;
  beginPasskey: ComponentProps<typeof SignInPage>['beginPasskey'];
}) {
  useEffect(beginFreshDocument, []);
  return <SignInPage signIn={signIn} signInWithPasskey={signInWithPasskey} {...props} />;
}

/**
 * Signing out, or a session that has ended, leads here within the document of before, which still holds what
 * the account had on screen, for Back and for whoever looks. A document of its own holds nothing.
 */
function beginFreshDocument() {
  const [navigation] = performance.getEntriesByType('navigation');
  if (navigation && new URL(navigation.name).pathname !== window.location.pathname) window.location.reload();
}
