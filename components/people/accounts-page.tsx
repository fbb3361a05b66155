import { SignOutLink } from '@/components/second-factor/sign-out-link';
import { PublicShell } from '@/components/shell/public-shell';
import type { ServerAction } from '@/components/actions/call-action';
import { PublicCard } from './public-card';

/** For whoever belongs to no account, or to none any more. */
export function AccountsPage({ username, signOut }: { username: string; signOut: ServerAction<[]> }) {
  return (
    <PublicShell isWide>
      <PublicCard
        title="You belong to no account"
        intro={`You are signed in as ${username}, but nobody’s account lists you among its people, or no longer. To be invited into one, ask its owner or an administrator; the link is sent to you by e-mail.`}
      >
        <SignOutLink signOut={signOut}>Sign out</SignOutLink>
      </PublicCard>
    </PublicShell>
  );
}
