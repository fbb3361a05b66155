import type { ReactNode } from 'react';
import { LiveRefresh } from '@/components/live/live-indicator';
import { LiveViewerProvider } from '@/components/live/viewer';
import { Badge } from '@/components/ui/badge';
import { ShellFrame } from './shell-frame';
import type { ShellUser, SignOut } from './user-menu';

interface StaffShellProps {
  user: ShellUser;
  /** For its event stream (components/live). */
  viewer: string;
  /** Removal requests that wait for a decision. */
  awaitingApproval: number;
  /** Wishes without an owner, certain or not, that wait for a decision. */
  waitingUnowned: number;
  signOut: SignOut;
  children: ReactNode;
}

/** Around every page of the provider's staff; says so, lest anyone take it for a customer's. */
export function StaffShell({
  user,
  viewer,
  awaitingApproval,
  waitingUnowned,
  signOut,
  children,
}: StaffShellProps) {
  return (
    <ShellFrame
      area="staff"
      homeHref="/admin"
      counts={{ '/admin/removal-requests': awaitingApproval, '/admin/replies': waitingUnowned }}
      identity={
        <div className="px-2.5">
          <Badge tone="accent">Admin</Badge>
        </div>
      }
      user={user}
      signOut={signOut}
    >
      <LiveViewerProvider source="staff" viewer={viewer}>
        <LiveRefresh topics={['removal-requests', 'unowned-replies']} />
        {children}
      </LiveViewerProvider>
    </ShellFrame>
  );
}
