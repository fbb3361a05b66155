import type { Metadata } from 'next';
import { PublicShell } from '@/components/shell/public-shell';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFound() {
  return (
    <PublicShell>
      <h1 className="sr-only">Page not found</h1>
      <EmptyState
        kind="no-match"
        title="There is no such page"
        action={
          <ButtonLink href="/" variant="primary">
            Go to the home page
          </ButtonLink>
        }
      >
        The address may be mistyped, or what was here is no longer yours to see.
      </EmptyState>
    </PublicShell>
  );
}
