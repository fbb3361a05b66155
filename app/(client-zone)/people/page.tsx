import type { Metadata } from 'next';
import { PeoplePage } from '@/components/people/people-page';
import { customerPage } from '@/lib/auth/make-page';
import { mayDo } from '@/lib/auth/permissions';
import { getPool } from '@/lib/db/client';
import {
  changePersonRole,
  handOverAccount,
  invitePerson,
  leaveAccount,
  reinstatePerson,
  removePerson,
  sendInvitationAgain,
  suspendPerson,
  withdrawInvitation,
} from '@/lib/people/member-actions';
import { listInvitations, listMembers } from '@/lib/people/member-queries';

export const metadata: Metadata = { title: 'People' };

export default customerPage({}, async ({ scope, role, user, account }) => {
  const [members, invitations] = await Promise.all([
    listMembers(getPool(), scope),
    mayDo(role, 'people.manage') ? listInvitations(getPool(), scope) : [],
  ]);
  return (
    <PeoplePage
      accountId={account.id}
      accountName={account.name}
      userId={user.id}
      members={members}
      invitations={invitations}
      timeZone={account.timeZone}
      actions={{
        invite: invitePerson,
        sendAgain: sendInvitationAgain,
        withdraw: withdrawInvitation,
        changeRole: changePersonRole,
        suspend: suspendPerson,
        reinstate: reinstatePerson,
        remove: removePerson,
        leave: leaveAccount,
        handOver: handOverAccount,
      }}
    />
  );
});
