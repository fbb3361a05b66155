'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { SignOutLink } from '@/components/second-factor/sign-out-link';
import { PublicShell } from '@/components/shell/public-shell';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { memberRoles } from '@/lib/auth/labels';
import type { ActionResult } from '@/lib/auth/schema';
import type { OwnAccount } from '@/lib/people/schema';
import { PublicCard } from './public-card';

interface AccountsPageProps {
  username: string;
  accounts: readonly OwnAccount[];
  /** In which this browser works; null: in none. */
  currentId: number | null;
  switchTo: ServerAction<[input: { accountId: number }], ActionResult>;
  signOut: ServerAction<[]>;
}

/** The accounts that somebody works with, to go on in another; or that there is none, or no longer. */
export function AccountsPage({ username, accounts, currentId, switchTo, signOut }: AccountsPageProps) {
  const { run, isPending, problem } = useAction({
    undone: 'You are in the account in which you were.',
    unsure: 'We do not know whether you have switched. Try again: that does no harm.',
  });
  return (
    <PublicShell isWide>
      <PublicCard
        title={accounts.length === 0 ? 'You belong to no account' : 'Your accounts'}
        intro={
          accounts.length === 0
            ? `You are signed in as ${username}, but no account lists you among its people, or no longer. To be invited into one, ask its owner or an administrator; the link comes by e-mail.`
            : `${currentId === null ? 'You are not in the account any more in which you were. ' : ''}Choose the one to work with in this browser.`
        }
      >
        <ProblemCallout problem={problem} />
        {accounts.length > 0 && (
          <ul aria-label="Accounts" className="grid gap-2">
            {accounts.map(({ id, name, role }) => (
              <li
                key={id}
                className="flex flex-wrap items-center justify-between gap-2 rounded-md border border-line px-3 py-2 text-sm"
              >
                <span className="min-w-0">
                  <span className="block font-medium wrap-anywhere">{name}</span>
                  <span className="text-xs text-ink-faint tabular-nums">
                    W{id}, {memberRoles[role].label.toLowerCase()}
                  </span>
                </span>
                {id === currentId ? (
                  <Badge tone="accent">This one</Badge>
                ) : (
                  <Button
                    size="small"
                    pending={isPending}
                    aria-label={`Work with ${name}`}
                    onClick={() => run(prepareCall(switchTo, { accountId: id }), () => undefined)}
                  >
                    Work with it
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        <SignOutLink signOut={signOut}>Sign out</SignOutLink>
      </PublicCard>
    </PublicShell>
  );
}
