import type { Metadata } from 'next';
import { NotAllowedPage } from '@/components/permissions/not-allowed-page';
import { memberRoles } from '@/lib/auth/labels';
import { customerPage } from '@/lib/auth/make-page';

export const metadata: Metadata = { title: 'Not for your role' };

export default customerPage({}, ({ role }) => (
  <NotAllowedPage
    role={memberRoles[role].label}
    ask="An owner or administrator of the account can do it, or give you another role."
    homeHref="/"
  />
));
