import type { Metadata } from 'next';
import { NotAllowedPage } from '@/components/permissions/not-allowed-page';
import { staffRoles } from '@/lib/auth/labels';
import { staffPage } from '@/lib/auth/make-page';

export const metadata: Metadata = { title: 'Not for your role' };

export default staffPage({}, ({ role }) => (
  <NotAllowedPage
    role={staffRoles[role].label}
    ask="An administrator of the staff can do it, or give you another role."
    homeHref="/admin"
  />
));
