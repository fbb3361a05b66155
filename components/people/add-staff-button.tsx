'use client';

import { UserPlus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import { staffRoles } from '@/lib/auth/labels';
import type { StaffRow } from '@/lib/people/schema';
import { useFocusOnProblem } from './use-focus-on-problem';

type Fields = { name: string; email: string; username: string; role: StaffRow['role'] };
export type AddStaff = ServerAction<[form: Fields]>;

const beginning: Fields = { name: '', email: '', username: '', role: 'SUPPORT' };
const fields = [
  { name: 'name', label: 'Name', type: 'text' },
  { name: 'email', label: 'E-mail address', type: 'email' },
  { name: 'username', label: 'Username', type: 'text' },
] as const;

/** Asks for who is to be of the staff. */
export function AddStaffButton({ add }: { add: AddStaff }) {
  const [isOpen, setIsOpen] = useState(false);
  const { value: typed, change, clear: forget } = useDraft('new member of staff', beginning);
  const { run, isPending, problem, fieldProblems, clearFields, clear } = useAction(
    {
      undone: 'Nobody was added; what you typed is still here.',
      unsure: 'We do not know whether they were added. Reload the page to see.',
    },
    ['name', 'email', 'username'],
  );
  const form = useFocusOnProblem(fieldProblems);
  function close() {
    setIsOpen(false);
    clear();
  }
  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(add, typed), () => {
      showToast(`${typed.name.trim()} is of the staff; a link is on its way to ${typed.email.trim()}`);
      forget();
      setIsOpen(false);
      return undefined;
    });
  }
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <UserPlus aria-hidden="true" className="size-4" />
        Add somebody
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title="Add somebody to the staff"
        description="They get an e-mail with a link to choose a password, which works for 30 minutes."
      >
        <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          <ProblemCallout problem={problem} />
          {fields.map(({ name, label, type }) => (
            <Field key={name} label={label} error={fieldProblems[name]}>
              {(control) => (
                <Input
                  {...control}
                  data-autofocus={name === 'name' ? true : undefined}
                  type={type}
                  name={name}
                  autoComplete="off"
                  autoCapitalize={name === 'name' ? 'words' : 'none'}
                  spellCheck={false}
                  maxLength={254}
                  value={typed[name]}
                  onChange={(event) => {
                    change({ ...typed, [name]: event.target.value });
                    clearFields([name]);
                  }}
                />
              )}
            </Field>
          ))}
          <Field label="Role" hint={staffRoles[typed.role].says}>
            {(control) => (
              <Select
                {...control}
                name="role"
                value={typed.role}
                onChange={(event) => change({ ...typed, role: event.target.value as StaffRow['role'] })}
              >
                {(Object.keys(staffRoles) as StaffRow['role'][]).map((role) => (
                  <option key={role} value={role}>
                    {staffRoles[role].label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              Add to the staff
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
