import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { Link } from '@/components/ui/link';
import { SignInForm } from './sign-in-form';

export function SignInPage(props: ComponentProps<typeof SignInForm>) {
  return (
    <PublicShell>
      <SignInForm {...props} />
      <p className="mt-4 flex flex-wrap justify-center gap-x-4 gap-y-1 text-sm">
        <Link href="/recover" className="rounded-sm text-accent-text underline underline-offset-4">
          Forgot your password?
        </Link>
        <Link href="/recover/username" className="rounded-sm text-accent-text underline underline-offset-4">
          Forgot your username?
        </Link>
      </p>
      <p className="mt-4 text-center text-sm text-ink-soft">
        New here?{' '}
        <Link href="/register" className="rounded-sm text-accent-text underline underline-offset-4">
          Register a free trial account
        </Link>
      </p>
      <p className="mt-4 text-center text-sm text-ink-soft">
        A recipient wants to hear from you again?{' '}
        <Link href="/contact" className="rounded-sm text-accent-text underline underline-offset-4">
          Request removal
        </Link>
      </p>
    </PublicShell>
  );
}
