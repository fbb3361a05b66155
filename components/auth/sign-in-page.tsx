import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { Link } from '@/components/ui/link';
import { SignInForm } from './sign-in-form';

export function SignInPage(props: ComponentProps<typeof SignInForm>) {
  return (
    <PublicShell>
      <SignInForm {...props} />
      <p className="mt-4 text-center text-sm text-ink-soft">
        A recipient wants to hear from you again?{' '}
        <Link href="/contact" className="rounded-sm text-accent-text underline underline-offset-4">
          Request removal
        </Link>
      </p>
    </PublicShell>
  );
}
