'use client';

import { getButtonClass } from '@/components/ui/button';
import { useLiveStatus } from './use-account-events';

/**
 * Says so when somebody has signed out in another tab, or may no longer be here. What is on the page, and
 * what was typed, stays; the way on is this page anew, which asks to sign in.
 */
export function SessionEnded() {
  const status = useLiveStatus();
  if (status !== 'ended') return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-4 bottom-4 z-30 mx-auto flex max-w-md flex-wrap items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3 text-sm text-ink shadow-popover"
    >
      <p className="grow basis-48">You are signed out. What you see here is no longer kept up to date.</p>
      <button
        type="button"
        onClick={() => window.location.reload()}
        className={getButtonClass({ variant: 'primary', size: 'small' })}
      >
        Sign in
      </button>
    </div>
  );
}
