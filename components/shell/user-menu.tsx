'use client';

import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import type { ServerAction } from '@/components/actions/call-action';
import { LatePart, useSoon } from '@/components/ui/late';
import { Menu } from '@/components/ui/menu';

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

const loadItems = () => import('./user-menu-items');

function getInitials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('');
}

export function UserMenu({ user, signOut, ...hrefs }: UserMenuProps) {
  useSoon(loadItems);
  /** How often signing out was chosen. */
  const [leavings, setLeavings] = useState(0);
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
        <LatePart load={loadItems}>
          {({ UserMenuItems }) => (
            <UserMenuItems
              username={user.username}
              {...hrefs}
              onLeave={() => setLeavings((count) => count + 1)}
            />
          )}
        </LatePart>
      </Menu>
      {leavings > 0 && (
        <LatePart load={loadItems} waiting={<></>}>
          {({ Leaving }) => <Leaving key={leavings} username={user.username} signOut={signOut} />}
        </LatePart>
      )}
    </>
  );
}
