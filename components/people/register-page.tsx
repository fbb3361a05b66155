import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { ButtonLink } from '@/components/ui/button-link';
import { Link } from '@/components/ui/link';
import { PublicCard } from './public-card';
import { RegisterForm } from './register-form';

export function RegisterPage({
  isOpen,
  ...props
}: { isOpen: boolean } & ComponentProps<typeof RegisterForm>) {
  return (
    <PublicShell isWide>
      {isOpen ? (
        <RegisterForm {...props} />
      ) : (
        <PublicCard
          title="Registering is not open yet"
          intro="This installation has no sender number that a trial account could send from. Please contact support."
        >
          <ButtonLink href="/sign-in">Sign in</ButtonLink>
        </PublicCard>
      )}
      <p className="mt-4 text-center text-sm text-ink-soft">
        Have an account already?{' '}
        <Link href="/sign-in" className="rounded-sm text-accent-text underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </PublicShell>
  );
}
