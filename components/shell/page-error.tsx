'use client';

import { RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PublicShell } from './public-shell';

interface PageErrorProps {
  error: unknown;
  retry: () => void;
}

/**
 * Nothing, in the root layout: so the page's error comes once with what every page has. Of what only an
 * `error.tsx` imports, each of them would bring its own.
 */
export function PageErrorAtHand() {
  return null;
}

/** For `error.tsx`: the page could not be made; what surrounds it still stands. */
export function PageError({ error, retry }: PageErrorProps) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null;
  return (
    <EmptyState
      kind="error"
      title="This page could not be shown"
      action={
        <Button variant="primary" onClick={retry}>
          <RotateCw aria-hidden="true" className="size-4" />
          Try again
        </Button>
      }
    >
      Nothing you did is lost. If it happens again, tell support{digest ? ' this code:' : '.'}
      {digest && <code className="mt-1 block font-mono text-ink">{digest}</code>}
    </EmptyState>
  );
}

/** The same, for what fails before there is anything to surround it. */
export function BarePageError(props: PageErrorProps) {
  return (
    <PublicShell>
      <PageError {...props} />
    </PublicShell>
  );
}
