'use client';

import { useState, type FormEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { overlapHours, type ApiKeyRow } from '@/lib/api-keys/schema';
import type { RotateKey } from './actions';
import { NewSecret } from './new-secret';

interface RotateDialogProps {
  /** As it was when the dialog was opened. */
  apiKey: ApiKeyRow;
  open: boolean;
  onClose: () => void;
  rotate: RotateKey;
}

const overlapWords: Record<(typeof overlapHours)[number], string> = {
  0: 'Stops at once',
  1: 'Works for another hour',
  24: 'Works for another day',
  168: 'Works for another week',
};

/** A new secret for a key, and how long the old one goes on. */
export function RotateDialog({ apiKey, open, onClose, rotate }: RotateDialogProps) {
  const [hours, setHours] = useState<(typeof overlapHours)[number]>(24);
  const [secret, setSecret] = useState<string | null>(null);
  const { run, isPending, problem, clear } = useAction({
    undone: `“${apiKey.name}” has its old secret still.`,
    unsure: 'We do not know whether there is a new secret. Try again: the one that your program has goes on.',
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    const input = { id: apiKey.id, seen: apiKey.generation, overlapHours: hours };
    run(prepareCall(rotate, input), (answer) => {
      setSecret(answer.secret);
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      isWide
      title={secret === null ? `New secret for “${apiKey.name}”` : 'Your new secret'}
      description={
        secret === null
          ? 'Name, permissions and addresses stay. Give it to your program while both work.'
          : undefined
      }
    >
      {secret !== null ? (
        <NewSecret secret={secret} isShown={open} onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          <Field label="The old secret">
            {(control) => (
              <Select
                {...control}
                data-autofocus
                value={hours}
                onChange={(event) => {
                  clear();
                  const chosen = Number(event.target.value);
                  setHours(overlapHours.find((one) => one === chosen) ?? 24);
                }}
              >
                {overlapHours.map((one) => (
                  <option key={one} value={one}>
                    {overlapWords[one]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <ProblemCallout problem={problem} />
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              Make new secret
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
