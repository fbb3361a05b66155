import type { ReactNode } from 'react';
import { StaffShell } from '@/components/shell/staff-shell';
import { signOut } from '@/lib/auth/actions';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { describeViewer } from '@/lib/events/viewer';
import { countAwaitingApproval } from '@/lib/removal-requests/queries';

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { user, scope } = await requireStaff();
  return (
    <StaffShell
      user={user}
      viewer={describeViewer({ userId: user.id, accountId: null })}
      signOut={signOut}
      awaitingApproval={await countAwaitingApproval(getPool(), scope)}
    >
      {children}
    </StaffShell>
  );
}
