import type { ReactNode } from 'react';
import { LiveRefresh } from '@/components/live/live-indicator';
import { LiveViewerProvider } from '@/components/live/viewer';
import { Badge } from '@/components/ui/badge';
import type { Permission } from '@/lib/auth/schema';
import { ShellFrame } from './shell-frame';
import { StaffNav } from './staff-nav';
import type { ShellUser, SignOut } from './user-menu';

interface StaffShellProps {
  user: ShellUser;
  /** For its event stream (components/live). */
  viewer: string;
  /** Removal requests that wait for a decision. */
  awaitingApproval: number;
  /** Wishes without an owner that wait for a decision, and replies that could not be recorded. */
  waitingReplies: number;
  /** Carriers that were stopped, and messages in doubt that wait for a person. */
  systemAttention: number;
  /** What the role of who looks lets them do. */
  permissions: readonly Permission[];
  signOut: SignOut;
  children: ReactNode;
}

/** Around every page of the provider's staff; says so, lest anyone take it for a customer's. */
export function StaffShell({
  user,
  viewer,
  awaitingApproval,
  waitingReplies,
  systemAttention,
  permissions,
  signOut,
  children,
}: StaffShellProps) {
  return (
    <ShellFrame
      area="staff"
      permissions={permissions}
      homeHref="/admin"
      nav={
        <StaffNav
          counts={{
            '/admin/removal-requests': awaitingApproval,
            '/admin/replies': waitingReplies,
            '/admin/system': systemAttention,
          }}
        />
      }
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
