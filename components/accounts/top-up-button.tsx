'use client';

import { Coins } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';

export type TopUpAccount = ServerAction<
  [{ accountId: number; credits: string; reference: string; tellsOwner: boolean; requestId: string }]
>;

type Typed = { credits: string; reference: string; tellsOwner: boolean; requestId: string };

interface TopUpProps {
  account: { id: number; name: string };
  topUp: TopUpAccount;
}

/** Gives an account credits, with a reference. */
export function TopUpButton(props: TopUpProps) {
  const [{ openings, isOpen }, setState] = useState({ openings: 0, isOpen: false });
  return (
    <>
      <Button
        aria-haspopup="dialog"
        onClick={() => setState((state) => ({ openings: state.openings + 1, isOpen: true }))}
      >
        <Coins aria-hidden="true" className="size-4" />
        Top up
      </Button>
      {openings > 0 && (
        <TopUpDialog
          key={openings}
          {...props}
          open={isOpen}
          onClose={() => setState((state) => ({ ...state, isOpen: false }))}
        />
      )}
    </>
  );
}

function TopUpDialog({ account, topUp, open, onClose }: TopUpProps & { open: boolean; onClose: () => void }) {
  const { id: accountId, name } = account;
  const draft = useDraft<Typed>(`top-up ${accountId}`, {
    credits: '',
    reference: '',
    tellsOwner: true,
    requestId: '',
  });
  const typed = draft.value;
  const action = useAction({
    undone: `${name} got no credits.`,
    unsure: `We do not know whether ${name} got its credits. Try again: they are given once.`,
  });

  function edit(change: Partial<Typed>) {
    action.clear();
    draft.change({ ...typed, ...change });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const asked = { ...typed, requestId: typed.requestId || createIdempotencyKey() };
    draft.change(asked);
    action.run(
      prepareCall(topUp, { accountId, ...asked }),
      () => {
        draft.clear();
        onClose();
        showToast(`Credits given to ${name}`);
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
    <Dialog open={open} onClose={onClose} title={`Top up ${name}`}>
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pb-5">
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
        <Field
          label="Reference"
          hint="The invoice or the order. The account sees it; it stays in the ledger and in the audit log."
        >
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
        <Checkbox checked={typed.tellsOwner} onChange={(event) => edit({ tellsOwner: event.target.checked })}>
          Tell the owner by e-mail
        </Checkbox>
        <ProblemCallout problem={action.problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={action.isPending}>
            Give credits
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
