'use client';

import { useRouter } from 'next/navigation';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import { memberRoles } from '@/lib/auth/labels';
import type { ActionResult } from '@/lib/auth/schema';
import type { MemberRow } from '@/lib/people/schema';
import { RoleChoice } from './role-choice';

export type ChangeRole = ServerAction<[input: { userId: number; role: MemberRow['role'] }], ActionResult>;

interface RoleDialogProps {
  /** Null: closed. */
  member: MemberRow | null;
  mayOwners: boolean;
  changeRole: ChangeRole;
  onClose: () => void;
}

export function RoleDialog({ member, onClose, ...rest }: RoleDialogProps) {
  return (
    <Dialog open={member !== null} onClose={onClose} title={`Change the role of ${member?.name ?? ''}`}>
      {member && <RoleForm key={member.userId} member={member} onClose={onClose} {...rest} />}
    </Dialog>
  );
}

function RoleForm({ member, mayOwners, changeRole, onClose }: RoleDialogProps & { member: MemberRow }) {
  const [role, setRole] = useState(member.role);
  const router = useRouter();
  const { run, isPending, problem } = useAction({
    undone: 'The role is as it was.',
    unsure: 'We do not know whether the role was changed. Try again: that does no harm.',
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(changeRole, { userId: member.userId, role }), () => {
      showToast(`${member.name} is ${memberRoles[role].label.toLowerCase()} now`);
      onClose();
      router.refresh();
      return undefined;
    });
  }
  return (
    <form method="post" onSubmit={submit} className="grid gap-4 px-5 pt-1 pb-5">
      <ProblemCallout problem={problem} />
      <RoleChoice value={role} onChange={setRole} mayOwners={mayOwners} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={isPending}>
          Change role
        </Button>
      </div>
    </form>
  );
}
