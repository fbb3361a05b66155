'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { formatCount } from '@/components/ui/format-count';
import { showToast } from '@/components/ui/toast';

export type TransferCredits = ServerAction<
  [
    {
      subAccountId: number;
      direction: 'to' | 'from';
      credits: string;
      reference: string;
      requestId: string;
    },
  ],
  { ok: true; credits: number; otherCredits: number }
>;

interface TransferDialogProps {
  sub: { id: number; name: string; credits: number };
  /** What the main account has. */
  credits: number;
  transfer: TransferCredits;
  open: boolean;
  onClose: () => void;
}

/** Moves credits to a sub-account, or back. */
export function TransferDialog({ sub, credits, transfer, open, onClose }: TransferDialogProps) {
  const draft = useDraft(`transfer ${sub.id}`, {
    direction: 'to',
    credits: '',
    reference: '',
    requestId: '',
  });
  const typed = draft.value;
  const direction = typed.direction === 'from' ? 'from' : 'to';
  const action = useAction(
    {
      undone: 'No credits were moved.',
      unsure: 'We do not know whether the credits were moved. Try again: they are moved once.',
    },
    ['credits', 'reference'],
  );

  function edit(change: Partial<typeof typed>) {
    action.clear();
    draft.change({ ...typed, ...change });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const asked = { ...typed, requestId: typed.requestId || createIdempotencyKey() };
    draft.change(asked);
    action.run(
      prepareCall(transfer, { subAccountId: sub.id, ...asked, direction }),
      ({ otherCredits }) => {
        draft.clear();
        onClose();
        showToast(`${sub.name} has ${formatCount(otherCredits)} credits now`);
        return undefined;
      },
      {
        onRefused: ({ reason, message }) => {
          if (reason === 'request-used') draft.change({ ...asked, requestId: '' });
          return message;
        },
      },
    );
  }

  return (
    <Dialog open={open} onClose={onClose} title={`Move credits: ${sub.name}`}>
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pb-5">
        <p className="text-sm text-ink-soft">
          You have {formatCount(credits)}, {sub.name} has {formatCount(sub.credits)}.
        </p>
        <Field label="Direction">
          {(control) => (
            <Select
              {...control}
              value={direction}
              onChange={(event) => edit({ direction: event.target.value })}
            >
              <option value="to">To {sub.name}</option>
              <option value="from">Back from {sub.name}</option>
            </Select>
          )}
        </Field>
        <Field label="Credits">
          {(control) => (
            <Input
              {...control}
              data-autofocus
              inputMode="numeric"
              autoComplete="off"
              maxLength={20}
              value={typed.credits}
              onChange={(event) => edit({ credits: event.target.value })}
            />
          )}
        </Field>
        <Field label="Reference" hint="Optional. Both accounts see it.">
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={100}
              value={typed.reference}
              onChange={(event) => edit({ reference: event.target.value })}
            />
          )}
        </Field>
        <ProblemCallout problem={action.problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={action.isPending}>
            Move credits
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
