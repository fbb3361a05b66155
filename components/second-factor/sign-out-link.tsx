'use client';

import type { ReactNode } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';

const words = {
  undone: 'The sign-in that was begun goes on.',
  unsure: 'We do not know whether the sign-in that was begun has ended. Try again.',
};

/** Ends half a sign-in, and leads to the sign-in page. */
export function SignOutLink({ signOut, children }: { signOut: ServerAction<[]>; children: ReactNode }) {
  const { run, problem } = useAction(words);
  return (
    <div className="mt-4 grid gap-3 text-center text-sm">
      <ProblemCallout problem={problem} />
      <p>
        <button
          type="button"
          onClick={() => run(prepareCall(signOut), () => undefined)}
          className="rounded-sm py-0.5 text-accent-text underline underline-offset-4"
        >
          {children}
        </button>
      </p>
    </div>
  );
}
