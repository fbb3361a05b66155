'use client';

import { ChevronsUpDown, LogOut, ShieldCheck, UserPen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { dropDraftsOf } from '@/components/actions/draft-store';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Menu, MenuGroup, MenuItem } from '@/components/ui/menu';
import { ThemeChoice } from './theme-choice';

export interface ShellUser {
  name: string;
  username: string;
}

/** A server action; ends the session and leads to the sign-in page. */
export type SignOut = ServerAction<[]>;

interface UserMenuProps {
  user: ShellUser;
  signOut: SignOut;
  /** Where one's own sign-in is looked after. */
  securityHref: string;
  /** Where one changes one's own password, address and number. */
  detailsHref: string;
}

const words = {
  undone: 'Nobody was signed out.',
  unsure: 'We do not know whether you were signed out. Try again, above all when others use this computer.',
};

function getInitials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('');
}

export function UserMenu({ user, signOut, securityHref, detailsHref }: UserMenuProps) {
  const router = useRouter();
  const { run, problem, clear } = useAction(words);

  function leave() {
    // What was typed is not left to whoever sits here next.
    run(prepareCall(signOut), () => undefined, { onLeave: () => dropDraftsOf(user.username) });
  }

  return (
    <>
      <Menu
        label={`User menu: ${user.name}`}
        side="top"
        buttonClassName="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left transition-colors hover:bg-hover"
        button={
          <>
            <span
              aria-hidden="true"
              className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text"
            >
              {getInitials(user.name)}
            </span>
            <span className="min-w-0 grow">
              <span className="block truncate text-sm font-medium">{user.name}</span>
              <span className="block truncate text-xs text-ink-faint">{user.username}</span>
            </span>
            <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
          </>
        }
      >
        <ThemeChoice />
        <MenuGroup label={`Signed in as ${user.username}`}>
          <MenuItem onSelect={() => router.push(detailsHref)}>
            <UserPen aria-hidden="true" className="size-3.5 text-ink-faint" />
            Your details
          </MenuItem>
          <MenuItem onSelect={() => router.push(securityHref)}>
            <ShieldCheck aria-hidden="true" className="size-3.5 text-ink-faint" />
            Security
          </MenuItem>
          <MenuItem onSelect={leave}>
            <LogOut aria-hidden="true" className="size-3.5 text-ink-faint" />
            Sign out
          </MenuItem>
        </MenuGroup>
      </Menu>
      {/* Not in the menu, which is gone by then, and not in passing: somebody may be about to leave the
          computer. */}
      <Dialog open={problem !== null} onClose={clear} title="You may still be signed in">
        <div className="grid gap-4 px-5 pt-1 pb-5">
          <ProblemCallout problem={problem} />
          <div className="flex justify-end">
            <Button onClick={clear}>Stay signed in</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
