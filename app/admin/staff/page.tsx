import type { Metadata } from 'next';
import { StaffPage } from '@/components/people/staff-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { addStaffMember, changeStaffMember, resetStaffFactor } from '@/lib/people/staff-member-actions';
import { listStaff } from '@/lib/people/staff-member-queries';

export const metadata: Metadata = { title: 'Staff' };

export default staffPage({}, async ({ scope, user }) => (
  <StaffPage
    userId={user.id}
    staff={await listStaff(getPool(), scope)}
    actions={{ add: addStaffMember, change: changeStaffMember, resetFactor: resetStaffFactor }}
  />
));
