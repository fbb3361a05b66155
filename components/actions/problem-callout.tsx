'use client';

import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { reloadPage } from './draft-store';
import type { ActionProblem } from './use-action';

interface ProblemCalloutProps {
  problem: ActionProblem | null;
  tone?: 'bad' | 'warn';
  /** Another way on, beside the button. */
  children?: ReactNode;
}

/**
 * Why something was not done, what is true now, and the way on: "Try again", or "Reload" when the page is too
 * old.
 */
export function ProblemCallout({ problem, tone = 'bad', children }: ProblemCalloutProps) {
  if (!problem) return null;
  const { message, tryAgain, mustReload } = problem;
  return (
    <Callout tone={tone} announce>
      {message}
      {(tryAgain ?? mustReload) && (
        <span className="mt-2 flex flex-wrap gap-2">
          <Button size="small" onClick={mustReload ? reloadPage : tryAgain}>
            <RotateCw aria-hidden="true" className="size-3.5" />
            {mustReload ? 'Reload' : 'Try again'}
          </Button>
          {children}
        </span>
      )}
    </Callout>
  );
}
