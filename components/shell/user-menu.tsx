import { ChevronsUpDown, LogOut } from 'lucide-react';
import { Menu, MenuGroup, MenuItem } from '@/components/ui/menu';
import { ThemeChoice } from './theme-choice';

export interface ShellUser {
  name: string;
  username: string;
}

interface UserMenuProps {
  user: ShellUser;
  /** A server action; ends the session and leads to the sign-in page. */
  signOut: () => Promise<void>;
}

function getInitials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('');
}

export function UserMenu({ user, signOut }: UserMenuProps) {
  return (
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
        <form action={signOut}>
          <MenuItem submit>
            <LogOut aria-hidden="true" className="size-3.5 text-ink-faint" />
            Sign out
          </MenuItem>
        </form>
      </MenuGroup>
    </Menu>
  );
}
