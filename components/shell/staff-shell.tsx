import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { ShellFrame } from './shell-frame';
import type { ShellUser } from './user-menu';

interface StaffShellProps {
  user: ShellUser;
  signOut: () => Promise<void>;
  children: ReactNode;
}

/** Around every page of the provider's staff; says so, lest anyone take it for a customer's. */
export function StaffShell({ user, signOut, children }: StaffShellProps) {
  return (
    <ShellFrame
      area="staff"
      homeHref="/admin"
      identity={
        <div className="px-2.5">
          <Badge tone="accent">Admin</Badge>
        </div>
      }
      user={user}
      signOut={signOut}
    >
      {children}
    </ShellFrame>
  );
}
