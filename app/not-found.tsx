import type { Metadata } from 'next';
import { PublicShell } from '@/components/shell/public-shell';
import { getButtonClass } from '@/components/ui/button';
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
          // Every page brings this one along, and a link of Next's would bring 3 KB of script with it.
          <a href="/" className={getButtonClass({ variant: 'primary' })}>
            Go to the home page
          </a>
        }
      >
        The address may be mistyped, or what was here is no longer yours to see.
      </EmptyState>
    </PublicShell>
  );
}
