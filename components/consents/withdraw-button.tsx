'use client';

import { useRef, useState, type FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import { maxReasonLength } from '@/lib/consents/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

/** A server action; a refusal says by `isGone` that no consent is in force. */
export type WithdrawConsent = ServerAction<
  [input: { number: string; withdrawnOn: string; reason: string }],
  { ok: true; msisdn: string } | { ok: false; message: string; isGone: boolean }
>;

interface WithdrawButtonProps {
  msisdn: string;
  /** "2026-11-29", in South Africa. */
  today: string;
  withdraw: WithdrawConsent;
}

/** Writes down that somebody has taken their consent back. */
export function WithdrawButton({ msisdn, today, withdraw }: WithdrawButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  /** A page has many of these: what is in the dialog is not among what it is fetched with. */
  const [wasOpened, setWasOpened] = useState(false);
  const [withdrawnOn, setWithdrawnOn] = useState(today);
  const [reason, setReason] = useState('');
  /** Withdrawn perhaps, by a call that got no answer. */
  const isUnsure = useRef(false);
  const number = formatMsisdn(msisdn);
  const { run, isPending, problem, fieldProblems, clear, clearFields } = useAction(
    {
      undone: `The consent of ${number} is still in force.`,
      unsure: `We do not know whether the consent of ${number} was withdrawn. Try again: that does no harm.`,
    },
    ['withdrawnOn', 'reason'],
  );

  function open() {
    clear();
    isUnsure.current = false;
    setWasOpened(true);
    setIsOpen(true);
  }

  function finish(): undefined {
    setIsOpen(false);
    setReason('');
    setWithdrawnOn(today);
    showToast(`Consent of ${number} withdrawn`);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    run(prepareCall(withdraw, { number: msisdn, withdrawnOn, reason }), finish, {
      onRefused: (refusal) => {
        if (!isUnsure.current || !('isGone' in refusal) || !refusal.isGone) return refusal.message;
        return finish();
      },
      onFailure: (failure) => (isUnsure.current ||= !failure.isUndone),
    });
  }

  return (
    <>
      <Button
        size="small"
        aria-haspopup="dialog"
        aria-label={`Withdraw the consent of ${number}`}
        onClick={open}
      >
        Withdraw
      </Button>
      {wasOpened && (
        <Dialog
          open={isOpen}
          onClose={() => setIsOpen(false)}
          title="Withdraw a consent"
          description={`${number} has taken its consent to your marketing back.`}
        >
          <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
            <p className="text-sm text-pretty text-ink-soft">
              It stops counting at once and is not taken back: what was given before does not count any more,
              and a new consent is recorded anew. It stays in the story of the number. It blocks nothing: to
              block, add the number to Auto Opt-Outs.
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
                  onChange={(event) => {
                    clearFields(['withdrawnOn']);
                    setWithdrawnOn(event.target.value);
                  }}
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
                  onChange={(event) => {
                    clearFields(['reason']);
                    setReason(event.target.value);
                  }}
                />
              )}
            </Field>
            <ProblemCallout problem={problem} />
            <div className="flex justify-end gap-2 max-sm:*:grow">
              <Button onClick={() => setIsOpen(false)}>Cancel</Button>
              <Button type="submit" variant="danger" pending={isPending}>
                Withdraw
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
