import type { ComponentProps } from 'react';
import { PublicShell } from '@/components/shell/public-shell';
import { FirstFactor } from './first-factor';
import { SecondStepForm } from './second-step-form';
import { SignOutLink } from './sign-out-link';

interface SecondStepPageProps {
  username: string;
  signOut: ComponentProps<typeof SignOutLink>['signOut'];
  /** What to show; null: it must be set up first, or is no longer asked for. */
  step: ComponentProps<typeof SecondStepForm> | null;
  first: (Omit<ComponentProps<typeof FirstFactor>, 'username'> & { why: string }) | null;
}

/** Between the password and the Client Zone. */
export function SecondStepPage({ username, signOut, step, first }: SecondStepPageProps) {
  return (
    <PublicShell isWide={first !== null}>
      <div className="rounded-xl border border-line bg-surface p-5 sm:p-6">
        {step && (
          <>
            <h1 className="text-lg font-semibold">Confirm that it is you</h1>
            <p className="mt-1 text-sm text-ink-soft">
              The password of <span className="font-mono">{username}</span> is right. Now your second factor.
            </p>
            <SecondStepForm {...step} />
          </>
        )}
        {first && (
          <>
            <h1 className="text-lg font-semibold">Set up a second factor</h1>
            <p className="mt-1 mb-5 text-sm text-pretty text-ink-soft">
              {first.why} It takes two minutes, and then you go on where you wanted to.
            </p>
            <FirstFactor {...first} username={username} />
          </>
        )}
        {!step && !first && (
          <>
            <h1 className="text-lg font-semibold">Sign in again</h1>
            <p className="mt-1 text-sm text-ink-soft">
              A second factor is no longer asked of you. Your password is enough.
            </p>
          </>
        )}
      </div>
      <SignOutLink signOut={signOut}>
        {step || first ? 'Sign in as somebody else' : 'To the sign-in page'}
      </SignOutLink>
    </PublicShell>
  );
}
