'use client';

import { UserPlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import type { ActionResult } from '@/lib/auth/schema';
import type { MemberRow } from '@/lib/people/schema';
import { RoleChoice } from './role-choice';
import { useFocusOnProblem } from './use-focus-on-problem';

export type Invite = ServerAction<[form: { email: string; role: MemberRow['role'] }], ActionResult>;

const beginning: { email: string; role: MemberRow['role'] } = { email: '', role: 'SENDER' };

interface InviteButtonProps {
  invite: Invite;
  mayOwners: boolean;
}

/** Asks for the address and the role of somebody new. */
export function InviteButton({ invite, mayOwners }: InviteButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { value: typed, change, clear: forget } = useDraft('invitation', beginning);
  const { email, role } = typed;
  const router = useRouter();
  const { run, isPending, problem, fieldProblems, clearFields, clear } = useAction(
    {
      undone: 'Nobody was invited; what you typed is still here.',
      unsure: 'We do not know whether the invitation was sent. Try again: the newer one counts.',
    },
    ['email'],
  );
  const form = useFocusOnProblem(fieldProblems);
  function close() {
    setIsOpen(false);
    clear();
  }
  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(invite, { email, role }), () => {
      showToast(`An invitation is on its way to ${email.trim()}`);
      forget();
      setIsOpen(false);
      router.refresh();
      return undefined;
    });
  }
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <UserPlus aria-hidden="true" className="size-4" />
        Invite somebody
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title="Invite somebody"
        description="They get an e-mail with a link, which works for seven days."
      >
        <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          <ProblemCallout problem={problem} />
          <Field label="E-mail address" error={fieldProblems.email}>
            {(control) => (
              <Input
                {...control}
                data-autofocus
                type="email"
                name="email"
                autoComplete="off"
                maxLength={254}
                value={email}
                onChange={(event) => {
                  change({ ...typed, email: event.target.value });
                  clearFields(['email']);
                }}
              />
            )}
          </Field>
          <RoleChoice
            value={role}
            onChange={(next) => change({ ...typed, role: next })}
            mayOwners={mayOwners}
          />
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              Send the invitation
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
