import { PublicShell } from '@/components/shell/public-shell';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import type { ComponentProps } from 'react';
import { ConfirmForm } from './confirm-form';

/** Behind the link of the owner's e-mail: what will be confirmed, or why the link leads nowhere. */
export function ConfirmPage({ link }: { link: ComponentProps<typeof ConfirmForm> | { problem: string } }) {
  return (
    <PublicShell isWide>
      {'problem' in link ? (
        <section className="grid gap-4 rounded-xl border border-line bg-surface p-6">
          <h1 className="text-lg font-semibold">This link cannot be used</h1>
          <Callout tone="warn">{link.problem}</Callout>
          <div className="flex flex-wrap gap-2 max-sm:*:grow">
            <ButtonLink href="/removal-requests" variant="primary">
              See your removal requests
            </ButtonLink>
            <ButtonLink href="/contact">Make a new request</ButtonLink>
          </div>
        </section>
      ) : (
        <ConfirmForm {...link} />
      )}
    </PublicShell>
  );
}
