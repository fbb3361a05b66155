import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { Link } from '@/components/ui/link';
import { ContactForm } from './contact-form';

/** The public form: for whoever is not signed in. */
export function ContactPage(props: ComponentProps<typeof ContactForm>) {
  return (
    <PublicShell isWide>
      <ContactForm {...props} />
      <p className="mt-4 text-center text-sm text-ink-soft">
        <Link href="/sign-in" className="rounded-sm text-accent-text underline underline-offset-4">
          Sign in
        </Link>{' '}
        to request a removal without the e-mail, and to follow it.
      </p>
    </PublicShell>
  );
}
