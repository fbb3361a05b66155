'use client';

import { BadgeCheck, Ban, CircleCheck, ShieldBan, ShieldOff } from 'lucide-react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { usePrompt } from '@/components/actions/use-prompt';
import { CorrectCreditsButton, TopUpButton, type CorrectCredits, type TopUpAccount } from './credits-buttons';

type Corrected = { ok: true; msisdn: string };

interface AccountActionsProps {
  account: { id: number; name: string; status: 'ACTIVE' | 'SUSPENDED'; trialMsisdn: string | null };
  /** Server actions. */
  suspend: ServerAction<[{ accountId: number; reason: string }]>;
  reinstate: ServerAction<[{ accountId: number; reason: string }]>;
  makeFull: ServerAction<[{ accountId: number; credits: string; reason: string }]>;
  topUp: TopUpAccount;
  correctCredits: CorrectCredits;
  addOptOut: ServerAction<[{ accountId: number; number: string; reason: string }], Corrected>;
  correctOptOut: ServerAction<[{ accountId: number; number: string; reason: string }], Corrected>;
}

/** What staff can do to an account; each says first what will happen. */
export function AccountActions({
  account,
  suspend,
  reinstate,
  makeFull,
  topUp,
  correctCredits,
  addOptOut,
  correctOptOut,
}: AccountActionsProps) {
  const status = usePrompt();
  const correction = usePrompt<Corrected>();
  const { id: accountId, name } = account;

  function askToSuspend() {
    status.ask({
      title: `Suspend ${name}?`,
      children: (
        <p>
          Its people are signed out at once and cannot sign in. Nothing of it is deleted: its opt-outs stay in
          force, and replies are still received.
        </p>
      ),
      reason: { label: 'Reason', hint: 'It stays in the audit log.' },
      submitLabel: 'Suspend account',
      variant: 'danger',
      words: {
        undone: `${name} is not suspended.`,
        unsure: `We do not know whether ${name} is suspended. Try again: it is suspended once.`,
      },
      command: ({ reason }) => prepareCall(suspend, { accountId, reason }),
      onDone: () => showToast(`${name} is suspended.`),
    });
  }

  function askToReinstate() {
    status.ask({
      title: `Reinstate ${name}?`,
      children: <p>Its people can sign in again, and it works as before.</p>,
      reason: { label: 'Reason', hint: 'It stays in the audit log.' },
      submitLabel: 'Reinstate account',
      words: {
        undone: `${name} is still suspended.`,
        unsure: `We do not know whether ${name} is still suspended. Try again: that does no harm.`,
      },
      command: ({ reason }) => prepareCall(reinstate, { accountId, reason }),
      onDone: () => showToast(`${name} is reinstated.`),
    });
  }

  function askToMakeFull() {
    status.ask({
      title: `Make ${name} a full account?`,
      children: (
        <p>
          It can send to everybody then, not only to its owner’s own number. The owner is told by e-mail and
          in the Client Zone.
        </p>
      ),
      number: { label: 'Credits', hint: 'So many are added to its balance.' },
      reason: {
        label: 'Reference',
        hint: 'The invoice or the order; it stays in the ledger and in the audit log.',
      },
      submitLabel: 'Make it a full account',
      words: {
        undone: `${name} is still a trial.`,
        unsure: `We do not know whether ${name} is still a trial. Try again: credits are added once.`,
      },
      command: ({ number, reason }) => prepareCall(makeFull, { accountId, credits: number, reason }),
      onDone: () => showToast(`${name} is a full account now.`),
    });
  }

  function askToAdd() {
    correction.ask({
      title: 'Add an opt-out',
      children: (
        <p>
          From that moment nothing {name} sends reaches the number; other accounts are not affected. The
          account is told, with your reason.
        </p>
      ),
      number: { label: 'Number to block' },
      reason: { label: 'Reason', hint: 'The account reads it; it stays in the number’s history.' },
      submitLabel: 'Add opt-out',
      words: {
        undone: 'The number was not blocked; nothing was changed.',
        unsure: 'We do not know whether the number is blocked now. Try again: it is blocked once.',
      },
      command: ({ number, reason }) => prepareCall(addOptOut, { accountId, number, reason }),
      onDone: ({ msisdn }) => showToast(`${formatMsisdn(msisdn)} is blocked for ${name}.`),
    });
  }

  function askToCorrect() {
    correction.ask({
      title: 'Take out an opt-out',
      children: (
        <>
          <p>
            Only for an entry that never was the recipient’s wish, such as a false match. For any other, the
            recipient’s own YES is needed: a removal request.
          </p>
          <p>
            {name} can write to the number again at once and is told, with your reason. The history marks it
            as a correction by you.
          </p>
        </>
      ),
      number: { label: 'Blocked number' },
      reason: {
        label: 'Why it never was their wish',
        hint: 'The account reads it; it stays in the history for good.',
      },
      submitLabel: 'Take out opt-out',
      variant: 'danger',
      words: {
        undone: 'The opt-out is still in force; nothing was changed.',
        unsure: 'We do not know whether the opt-out was taken out. Try again: that does no harm.',
      },
      command: ({ number, reason }) => prepareCall(correctOptOut, { accountId, number, reason }),
      onDone: ({ msisdn }) => showToast(`${formatMsisdn(msisdn)} is no longer blocked for ${name}.`),
    });
  }

  return (
    <>
      {account.trialMsisdn !== null && (
        <Button variant="primary" aria-haspopup="dialog" onClick={askToMakeFull}>
          <BadgeCheck aria-hidden="true" className="size-4" />
          Make full account
        </Button>
      )}
      {account.trialMsisdn === null && <TopUpButton account={account} topUp={topUp} />}
      <CorrectCreditsButton account={account} correct={correctCredits} />
      <Button aria-haspopup="dialog" onClick={askToAdd}>
        <ShieldBan aria-hidden="true" className="size-4" />
        Add opt-out
      </Button>
      <Button aria-haspopup="dialog" onClick={askToCorrect}>
        <ShieldOff aria-hidden="true" className="size-4" />
        Take out opt-out
      </Button>
      {account.status === 'ACTIVE' ? (
        <Button variant="danger" aria-haspopup="dialog" onClick={askToSuspend}>
          <Ban aria-hidden="true" className="size-4" />
          Suspend
        </Button>
      ) : (
        <Button aria-haspopup="dialog" onClick={askToReinstate}>
          <CircleCheck aria-hidden="true" className="size-4" />
          Reinstate
        </Button>
      )}
      {status.dialog}
      {correction.dialog}
    </>
  );
}
