import type { ReactNode } from 'react';
import { StaffShell } from '@/components/shell/staff-shell';
import { signOut } from '@/lib/auth/actions';
import { requireStaff } from '@/lib/auth/gates';

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { user } = await requireStaff();
  return (
    <StaffShell user={user} signOut={signOut}>
      {children}
    </StaffShell>
  );
}
