'use client';

import { Coins } from 'lucide-react';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { prepareCall, type ActionCall, type ServerAction } from '@/components/actions/call-action';
import type { ActionWords } from '@/components/actions/describe-failure';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import type { ActionResult } from '@/lib/auth/schema';

export type TopUpAccount = ServerAction<
  [{ accountId: number; credits: string; reference: string; tellsOwner: boolean; requestId: string }]
>;
export type CorrectCredits = ServerAction<
  [{ accountId: number; credits: string; reason: string; tellsOwner: boolean; requestId: string }]
>;

type Typed = { credits: string; why: string; tellsOwner: boolean; requestId: string };

/** What is done to the credits of an account, in the words of its dialog. */
interface Change {
  /** What the draft is kept under. */
  name: string;
  button: ReactNode;
  title: string;
  creditsHint?: string;
  why: { label: string; hint: string; maxLength: number };
  submitLabel: string;
  words: ActionWords;
  call: (typed: Typed) => ActionCall<ActionResult>;
  done: string;
}

/** Gives an account credits, with a reference. */
export function TopUpButton({
  account: { id: accountId, name },
  topUp,
}: {
  account: { id: number; name: string };
  topUp: TopUpAccount;
}) {
  return (
    <CreditsButton
      name={`top-up ${accountId}`}
      button={
        <>
          <Coins aria-hidden="true" className="size-4" />
          Top up
        </>
      }
      title={`Top up ${name}`}
      why={{
        label: 'Reference',
        hint: 'The invoice or the order. The account sees it; it stays in the ledger and in the audit log.',
        maxLength: 100,
      }}
      submitLabel="Give credits"
      words={{
        undone: `${name} got no credits.`,
        unsure: `We do not know whether ${name} got its credits. Try again: they are given once.`,
      }}
      call={({ why, ...typed }) => prepareCall(topUp, { accountId, ...typed, reference: why })}
      done={`Credits given to ${name}`}
    />
  );
}

/** Corrects the credits of an account, either way, with a reason. */
export function CorrectCreditsButton({
  account: { id: accountId, name },
  correct,
}: {
  account: { id: number; name: string };
  correct: CorrectCredits;
}) {
  return (
    <CreditsButton
      name={`correction ${accountId}`}
      button="Correct credits"
      title={`Correct the credits of ${name}`}
      creditsHint="How many to add; below 0, such as −20, to take away. The entries before stay as they are."
      why={{
        label: 'Reason',
        hint: 'The account reads it; it stays in the ledger and in the audit log.',
        maxLength: 500,
      }}
      submitLabel="Correct credits"
      words={{
        undone: `The credits of ${name} are as they were.`,
        unsure: `We do not know whether the credits of ${name} were corrected. Try again: it is done once.`,
      }}
      call={({ why, ...typed }) => prepareCall(correct, { accountId, ...typed, reason: why })}
      done={`Credits of ${name} corrected`}
    />
  );
}

function CreditsButton(change: Change) {
  const [{ openings, isOpen }, setState] = useState({ openings: 0, isOpen: false });
  return (
    <>
      <Button
        aria-haspopup="dialog"
        onClick={() => setState((state) => ({ openings: state.openings + 1, isOpen: true }))}
      >
        {change.button}
      </Button>
      {openings > 0 && (
        <CreditsDialog
          key={openings}
          {...change}
          open={isOpen}
          onClose={() => setState((state) => ({ ...state, isOpen: false }))}
        />
      )}
    </>
  );
}

function CreditsDialog({ open, onClose, ...change }: Change & { open: boolean; onClose: () => void }) {
  const draft = useDraft<Typed>(change.name, { credits: '', why: '', tellsOwner: true, requestId: '' });
  const typed = draft.value;
  const action = useAction(change.words);

  function edit(part: Partial<Typed>) {
    action.clear();
    draft.change({ ...typed, ...part });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const asked = { ...typed, requestId: typed.requestId || createIdempotencyKey() };
    draft.change(asked);
    action.run(
      change.call(asked),
      () => {
        draft.clear();
        onClose();
        showToast(change.done);
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
    <Dialog open={open} onClose={onClose} title={change.title}>
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pb-5">
        <Field label="Credits" hint={change.creditsHint}>
          {(control) => (
            <Input
              {...control}
              data-autofocus
              inputMode={change.creditsHint ? undefined : 'numeric'}
              autoComplete="off"
              maxLength={20}
              value={typed.credits}
              onChange={(event) => edit({ credits: event.target.value })}
            />
          )}
        </Field>
        <Field label={change.why.label} hint={change.why.hint}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={change.why.maxLength}
              value={typed.why}
              onChange={(event) => edit({ why: event.target.value })}
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
            {change.submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
