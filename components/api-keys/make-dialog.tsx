'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { scopeLabels } from '@/lib/api-keys/labels';
import { apiScopes, lifetimeDays, maxNameLength } from '@/lib/api-keys/schema';
import type { MakeKey } from './actions';
import { NewSecret } from './new-secret';
import { SenderField } from './sender-field';

interface MakeDialogProps {
  open: boolean;
  /** `isDone`: a key was made, so that the next one is another. */
  onClose: (isDone: boolean) => void;
  make: MakeKey;
  /** The account's own numbers. */
  senders: readonly string[];
}

type Typed = {
  name: string;
  READ: boolean;
  SEND: boolean;
  OPT_OUTS: boolean;
  WEBHOOKS: boolean;
  networks: string;
  senderNumber: string;
  days: string;
  /** Once it has been tried: the same form is the same key. */
  handle: string;
};

const empty: Typed = {
  name: '',
  READ: true,
  SEND: true,
  OPT_OUTS: true,
  WEBHOOKS: false,
  networks: '',
  senderNumber: '',
  days: 'never',
  handle: '',
};

const words = {
  undone: 'No key was made.',
  unsure: 'We do not know whether the key was made. Try again: it is made once.',
};

const lifetimeWords = (days: number | null) => (days === null ? 'Never' : `After ${days} days`);

/** Make a key: what it may do and from where, then its secret. */
export function MakeDialog({ open, onClose, make, senders }: MakeDialogProps) {
  const draft = useDraft<Typed>('make an API key', empty);
  const typed = draft.value;
  const [secret, setSecret] = useState<string | null>(null);
  const { run, isPending, problem, fieldProblems, clear } = useAction(words, [
    'name',
    'scopes',
    'networks',
    'senderNumber',
  ]);

  function edit(change: Partial<Typed>) {
    clear();
    draft.change({ ...typed, ...change });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const handle = typed.handle || createIdempotencyKey();
    draft.change({ ...typed, handle });
    const input = {
      handle,
      name: typed.name,
      scopes: apiScopes.filter((scope) => typed[scope]),
      networks: typed.networks,
      senderNumber: typed.SEND ? typed.senderNumber : '',
      lifetimeDays: lifetimeDays.find((days) => String(days ?? 'never') === typed.days) ?? null,
    };
    run(prepareCall(make, input), (answer) => {
      setSecret(answer.secret);
      draft.clear();
    });
  }

  const close = () => onClose(secret !== null);
  return (
    <Dialog
      open={open}
      onClose={close}
      isWide
      title={secret === null ? 'Make an API key' : 'Your new key'}
      description={secret === null ? 'For one program, so that it can be revoked by itself.' : undefined}
    >
      {secret !== null ? (
        <NewSecret secret={secret} isShown={open} onDone={close} />
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          {draft.isBack && <DraftNotice>This key may not have been made.</DraftNotice>}
          <Field
            label="Name"
            error={fieldProblems.name}
            hint="The program that will use it, such as “Web shop”."
          >
            {(control) => (
              <Input
                {...control}
                data-autofocus
                value={typed.name}
                maxLength={maxNameLength}
                autoComplete="off"
                onChange={(event) => edit({ name: event.target.value })}
              />
            )}
          </Field>
          <fieldset>
            <legend className="mb-1 text-sm font-medium">It may</legend>
            {apiScopes.map((scope) => (
              <Checkbox
                key={scope}
                checked={typed[scope]}
                hint={scopeLabels[scope].description}
                onChange={(event) => edit({ [scope]: event.target.checked })}
              >
                {scopeLabels[scope].label}
              </Checkbox>
            ))}
            {fieldProblems.scopes && (
              <p role="alert" className="mt-1 text-sm text-bad-text">
                {fieldProblems.scopes}
              </p>
            )}
          </fieldset>
          {senders.length > 0 && typed.SEND && (
            <SenderField
              senders={senders}
              value={typed.senderNumber}
              error={fieldProblems.senderNumber}
              onChange={(senderNumber) => edit({ senderNumber })}
            />
          )}
          <Field label="It expires">
            {(control) => (
              <Select
                {...control}
                value={typed.days}
                onChange={(event) => edit({ days: event.target.value })}
              >
                {lifetimeDays.map((days) => (
                  <option key={String(days)} value={String(days ?? 'never')}>
                    {lifetimeWords(days)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field
            label="Only from these addresses"
            error={fieldProblems.networks}
            hint="IP addresses or networks, one to a line. Empty: from anywhere."
          >
            {(control) => (
              <Textarea
                {...control}
                rows={2}
                value={typed.networks}
                placeholder="196.25.1.0/24"
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => edit({ networks: event.target.value })}
              />
            )}
          </Field>
          <ProblemCallout problem={problem} />
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              Make key
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
