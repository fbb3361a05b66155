'use client';

import { LogOut, ShieldCheck, UserPen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { prepareCall } from '@/components/actions/call-action';
import { dropDraftsOf } from '@/components/actions/draft-store';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useOnce } from '@/components/actions/use-once';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { MenuGroup, MenuItem, useArrival } from '@/components/ui/menu';
import { ThemeChoice } from './theme-choice';
import type { SignOut } from './user-menu';

interface UserMenuItemsProps {
  username: string;
  /** Where one changes one's own password, address and number. */
  detailsHref: string;
  /** Where one's own sign-in is looked after. */
  securityHref: string;
  onLeave: () => void;
}

export function UserMenuItems({ username, detailsHref, securityHref, onLeave }: UserMenuItemsProps) {
  const router = useRouter();
  useArrival();
  return (
    <>
      <ThemeChoice />
      <MenuGroup label={`Signed in as ${username}`}>
        <MenuItem onSelect={() => router.push(detailsHref)}>
          <UserPen aria-hidden="true" className="size-3.5 text-ink-faint" />
          Your details
        </MenuItem>
        <MenuItem onSelect={() => router.push(securityHref)}>
          <ShieldCheck aria-hidden="true" className="size-3.5 text-ink-faint" />
          Security
        </MenuItem>
        <MenuItem onSelect={onLeave}>
          <LogOut aria-hidden="true" className="size-3.5 text-ink-faint" />
          Sign out
        </MenuItem>
      </MenuGroup>
    </>
  );
}

const words = {
  undone: 'Nobody was signed out.',
  unsure: 'We do not know whether you were signed out. Try again, above all when others use this computer.',
};

/**
 * Signs out as soon as it is there. When that fails it says so: not in the menu, which is gone by then, and
 * not in passing: somebody may be about to leave the computer.
 */
export function Leaving({ username, signOut }: { username: string; signOut: SignOut }) {
  const { run, problem, clear } = useAction(words);
  useOnce(() => {
    // What was typed is not left to whoever sits here next.
    run(prepareCall(signOut), () => undefined, { onLeave: () => dropDraftsOf(username) });
  });
  return (
    <Dialog open={problem !== null} onClose={clear} title="You may still be signed in">
      <div className="grid gap-4 px-5 pt-1 pb-5">
        <ProblemCallout problem={problem} />
        <div className="flex justify-end">
          <Button onClick={clear}>Stay signed in</Button>
        </div>
      </div>
    </Dialog>
  );
}
