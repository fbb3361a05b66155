'use client';

import type { DemoSignIn } from '@/components/auth/sign-in-form';
import { SignInPage } from '@/components/auth/sign-in-page';
import { signIn } from '@/lib/auth/client';

/** Once signed in, this page itself leads on: customers to the Client Zone, staff to theirs. */
export function SignIn(props: { notice: string | undefined; demoSignIns: readonly DemoSignIn[] }) {
  return <SignInPage signIn={signIn} nextHref="/sign-in" {...props} />;
}
