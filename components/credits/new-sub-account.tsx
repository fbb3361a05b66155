'use client';

import { Plus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';

type Fields = { company: string; name: string; email: string; username: string };

export type OpenSubAccount = ServerAction<
  [{ who: 'nobody'; company: string } | ({ who: 'person' } & Fields)],
  { ok: true; accountId: number }
>;

/** Opens a sub-account, with its first person or with nobody yet. */
export function NewSubAccount({ openAccount }: { openAccount: OpenSubAccount }) {
  const [{ openings, isOpen }, setState] = useState({ openings: 0, isOpen: false });
  return (
    <>
      <Button
        variant="primary"
        aria-haspopup="dialog"
        onClick={() => setState((state) => ({ openings: state.openings + 1, isOpen: true }))}
      >
        <Plus aria-hidden="true" className="size-4" />
        New sub-account
      </Button>
      {openings > 0 && (
        <NewSubAccountDialog
          key={openings}
          openAccount={openAccount}
          open={isOpen}
          onClose={() => setState((state) => ({ ...state, isOpen: false }))}
        />
      )}
    </>
  );
}

const personFields = [
  { name: 'name', label: 'Their name', type: 'text' },
  { name: 'email', label: 'Their e-mail address', type: 'email' },
  { name: 'username', label: 'Their username', type: 'text' },
] as const;

function NewSubAccountDialog({
  openAccount,
  open,
  onClose,
}: {
  openAccount: OpenSubAccount;
  open: boolean;
  onClose: () => void;
}) {
  const draft = useDraft<Fields & { hasPerson: boolean }>('new sub-account', {
    company: '',
    hasPerson: true,
    name: '',
    email: '',
    username: '',
  });
  const { hasPerson, ...fields } = draft.value;
  const action = useAction(
    {
      undone: 'No sub-account was opened.',
      unsure: 'We do not know whether the sub-account was opened. Try again: of one name, one is opened.',
    },
    ['company', 'name', 'email', 'username'],
  );

  function edit(change: Partial<typeof draft.value>) {
    action.clearFields(Object.keys(change));
    draft.change({ ...draft.value, ...change });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const { company } = fields;
    const call = prepareCall(
      openAccount,
      hasPerson ? { who: 'person' as const, ...fields } : { who: 'nobody' as const, company },
    );
    action.run(call, ({ accountId }) => {
      draft.clear();
      onClose();
      showToast(`Sub-account W${accountId} is open`);
      return undefined;
    });
  }

  return (
    <Dialog open={open} onClose={onClose} title="New sub-account">
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pb-5">
        <Field label="Company or branch" error={action.fieldProblems.company}>
          {(control) => (
            <Input
              {...control}
              data-autofocus
              autoComplete="off"
              maxLength={80}
              value={fields.company}
              onChange={(event) => edit({ company: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          checked={hasPerson}
          onChange={(event) => edit({ hasPerson: event.target.checked })}
          hint="They get a link by e-mail to choose a password."
        >
          Somebody works with it already
        </Checkbox>
        {hasPerson &&
          personFields.map(({ name, label, type }) => (
            <Field key={name} label={label} error={action.fieldProblems[name]}>
              {(control) => (
                <Input
                  {...control}
                  type={type}
                  autoComplete="off"
                  autoCapitalize={name === 'name' ? 'words' : 'none'}
                  spellCheck={false}
                  maxLength={254}
                  value={fields[name]}
                  onChange={(event) => edit({ [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        <ProblemCallout problem={action.problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={action.isPending}>
            Open sub-account
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
