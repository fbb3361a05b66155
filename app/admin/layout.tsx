import type { ReactNode } from 'react';
import { StaffShell } from '@/components/shell/staff-shell';
import { signOut } from '@/lib/auth/actions';
import { requireStaff } from '@/lib/auth/gates';
import { listStaffPermissions } from '@/lib/auth/permissions';
import { countSetAsideReplies } from '@/lib/carriers/set-aside-queries';
import { countSystemAttention } from '@/lib/carriers/system-queries';
import { getPool } from '@/lib/db/client';
import { nameViewer } from '@/lib/events/viewer';
import { countAwaitingApproval } from '@/lib/removal-requests/queries';
import { countWaitingUnowned } from '@/lib/unowned-replies/queries';

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { user, scope, role } = await requireStaff();
  const [awaitingApproval, waitingUnowned, setAside, systemAttention] = await Promise.all([
    countAwaitingApproval(getPool(), scope),
    countWaitingUnowned(getPool(), scope),
    countSetAsideReplies(getPool(), scope),
    countSystemAttention(getPool(), scope),
  ]);
  return (
    <StaffShell
      user={user}
      viewer={nameViewer({ userId: user.id, accountId: null })}
      permissions={listStaffPermissions(role)}
      signOut={signOut}
      awaitingApproval={awaitingApproval}
      systemAttention={systemAttention}
      waitingReplies={waitingUnowned.certain + waitingUnowned.unsure + setAside.waiting}
    >
      {children}
    </StaffShell>
  );
}
