import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { SignInForm } from './sign-in-form';

export function SignInPage(props: ComponentProps<typeof SignInForm>) {
  return (
    <PublicShell>
      <SignInForm {...props} />
    </PublicShell>
  );
}
