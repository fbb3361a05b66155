'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { overlapHours } from '@/lib/api-keys/schema';
import { NewSecret } from './new-secret';

type OverlapHours = (typeof overlapHours)[number];

interface RotateSecretDialogProps {
  /** What has the secret, as it was when the dialog was opened. */
  of: { id: number; generation: number };
  open: boolean;
  onClose: () => void;
  rotate: ServerAction<
    [input: { id: number; seen: number; overlapHours: OverlapHours }],
    { ok: true; secret: string }
  >;
  words: {
    /** While it asks, and what it says below that. */
    title: string;
    description: string;
    /** Once the new secret is shown. */
    doneTitle: string;
    copyLabel?: string;
    undone: string;
    /** What is asked, and what can be chosen. */
    overlap: string;
    overlaps: Record<OverlapHours, string>;
  };
}

/** A new secret, and how long the old one goes on: of an API key or a webhook. */
export function RotateSecretDialog({ of, open, onClose, rotate, words }: RotateSecretDialogProps) {
  const [hours, setHours] = useState<OverlapHours>(24);
  const [secret, setSecret] = useState<string | null>(null);
  const { run, isPending, problem, clear } = useAction({
    undone: words.undone,
    unsure: 'We do not know whether there is a new secret. Try again: the one that your program has goes on.',
  });

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const input = { id: of.id, seen: of.generation, overlapHours: hours };
    run(prepareCall(rotate, input), (answer) => {
      setSecret(answer.secret);
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      isWide
      title={secret === null ? words.title : words.doneTitle}
      description={secret === null ? words.description : undefined}
    >
      {secret !== null ? (
        <NewSecret secret={secret} isShown={open} copyLabel={words.copyLabel} onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          <Field label={words.overlap}>
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
                    {words.overlaps[one]}
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
