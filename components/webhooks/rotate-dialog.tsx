'use client';

import { useState, type FormEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { NewSecret } from '@/components/api-keys/new-secret';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { overlapHours, type WebhookRow } from '@/lib/webhooks/schema';
import type { RotateWebhook } from './actions';

interface RotateDialogProps {
  /** As it was when the dialog was opened. */
  webhook: WebhookRow;
  open: boolean;
  onClose: () => void;
  rotate: RotateWebhook;
}

const overlapWords: Record<(typeof overlapHours)[number], string> = {
  0: 'Not at all',
  1: 'For another hour',
  24: 'For another day',
  168: 'For another week',
};

/** A new secret for a webhook, and how long deliveries are signed with the old one too. */
export function RotateDialog({ webhook, open, onClose, rotate }: RotateDialogProps) {
  const [hours, setHours] = useState<(typeof overlapHours)[number]>(24);
  const [secret, setSecret] = useState<string | null>(null);
  const { run, isPending, problem, clear } = useAction({
    undone: 'The webhook has its old secret still.',
    unsure: 'We do not know whether there is a new secret. Try again: the one that your program has goes on.',
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    const input = { id: webhook.id, seen: webhook.generation, overlapHours: hours };
    run(prepareCall(rotate, input), (answer) => {
      setSecret(answer.secret);
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      isWide
      title={secret === null ? 'New secret for the webhook' : 'The new secret'}
      description={
        secret === null ? 'Give it to your program while deliveries are signed with both.' : undefined
      }
    >
      {secret !== null ? (
        <NewSecret secret={secret} isShown={open} copyLabel="Copy the secret" onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          <Field label="Sign with the old secret too">
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
