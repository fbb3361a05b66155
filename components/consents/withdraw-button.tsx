'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import { maxReasonLength } from '@/lib/consents/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

/** A server action. */
export type WithdrawConsent = ServerAction<
  [input: { number: string; withdrawnOn: string; reason: string }],
  { ok: true; msisdn: string }
>;

interface WithdrawProps {
  msisdn: string;
  /** "2026-11-29", in South Africa. */
  today: string;
  withdraw: WithdrawConsent;
}

/** Writes down that somebody has withdrawn their consent. */
export function WithdrawButton(props: WithdrawProps) {
  const [isOpen, setIsOpen] = useState(false);
  /** A page has many of these: what is in the dialog is not among what it is fetched with. */
  const [wasOpened, setWasOpened] = useState(false);

  return (
    <>
      <Button
        size="small"
        aria-haspopup="dialog"
        aria-label={`Withdraw the consent of ${formatMsisdn(props.msisdn)}`}
        onClick={() => {
          setWasOpened(true);
          setIsOpen(true);
        }}
      >
        Withdraw
      </Button>
      {wasOpened && <WithdrawDialog {...props} open={isOpen} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface WithdrawDialogProps extends WithdrawProps {
  open: boolean;
  onClose: () => void;
}

function WithdrawDialog({ msisdn, today, withdraw, open, onClose }: WithdrawDialogProps) {
  const number = formatMsisdn(msisdn);
  const draft = useDraft(`withdraw consent ${msisdn}`, { withdrawnOn: today, reason: '' });
  const { withdrawnOn, reason } = draft.value;
  const { run, isPending, problem, fieldProblems, clear } = useAction(
    {
      undone: `The consent of ${number} is still in force.`,
      unsure: `We do not know whether the consent of ${number} was withdrawn. Try again: that does no harm.`,
    },
    ['withdrawnOn', 'reason'],
  );

  function edit(change: Partial<typeof draft.value>) {
    clear();
    draft.change({ ...draft.value, ...change });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isPending) return;
    run(prepareCall(withdraw, { number: msisdn, withdrawnOn, reason }), () => {
      draft.clear();
      onClose();
      showToast(`Consent of ${number} withdrawn`);
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Withdraw a consent"
      description={`${number} has withdrawn its consent to your marketing.`}
    >
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
        <p className="text-sm text-pretty text-ink-soft">
          The consent stops counting at once, for good: only one that is given later counts again. It stays in
          the story of the number. Nothing is blocked by it; to block the number, add it to Auto Opt-Outs.
        </p>
        <Field label="Day on which it was withdrawn" error={fieldProblems.withdrawnOn}>
          {(control) => (
            <Input
              {...control}
              type="date"
              max={today}
              required
              value={withdrawnOn}
              className="sm:max-w-48"
              onChange={(event) => edit({ withdrawnOn: event.target.value })}
            />
          )}
        </Field>
        <Field label="How you know" error={fieldProblems.reason}>
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              maxLength={maxReasonLength}
              value={reason}
              placeholder="Told our shop in Paarl"
              data-autofocus
              onChange={(event) => edit({ reason: event.target.value })}
            />
          )}
        </Field>
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" pending={isPending}>
            Withdraw
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
