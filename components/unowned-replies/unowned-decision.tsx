'use client';

import { useId, useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useAsking } from '@/components/actions/use-asking';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Input, Textarea } from '@/components/ui/field';
import { PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import { Spinner } from '@/components/ui/spinner';
import { showToast } from '@/components/ui/toast';
import {
  maxReasonLength,
  type AssignInput,
  type AssignResult,
  type LikelyAccount,
  type NoteInput,
  type UnownedKey,
} from '@/lib/unowned-replies/schema';
import type { UnownedReply } from '@/lib/unowned-replies/list';
import { staffTimeZone } from '@/lib/lists/schema';

/** Server actions. */
export interface UnownedActions {
  suggest: ServerAction<[reply: UnownedKey], { ok: true; accounts: LikelyAccount[] }>;
  assign: ServerAction<[input: AssignInput], AssignResult>;
  note: ServerAction<[input: NoteInput]>;
}

const words = {
  undone: 'Nothing was decided.',
  unsure: 'We do not know whether this was decided. Try again: it is decided once.',
};

interface UnownedDecisionProps {
  reply: UnownedReply;
  actions: UnownedActions;
  onDone: () => void;
}

type Typed = {
  /** An account's id, `other`, or empty. */
  choice: string;
  typed: string;
  reason: string;
};

const nothingTyped: Typed = { choice: '', typed: '', reason: '' };

const other = 'other';

/** What a member of staff does about a reply without an owner: assigns it to an account, or notes why not. */
export function UnownedDecision({ reply, actions, onDone }: UnownedDecisionProps) {
  const draft = useDraft<Typed>(`reply without an owner ${reply.msisdn} ${reply.id}`, nothingTyped);
  const { choice, typed, reason } = draft.value;
  const [missing, setMissing] = useState<{ account?: string; reason?: string }>({});
  const { accounts, suggestions } = useLikelyAccounts(reply, actions.suggest);
  const assigning = useAction(words);
  const giving = useAction(words);
  const noting = useAction(words);
  const name = useId();
  const canOptOut = reply.verdict === 'OPT_OUT' || reply.state === 'UNSURE';
  const canGive = reply.verdict !== 'OPT_OUT';
  const key = { msisdn: reply.msisdn, id: reply.id };
  const accountId = choice === '' || choice === other ? readAccountNumber(typed) : Number(choice);

  function edit(change: Partial<Typed>) {
    setMissing({});
    draft.change({ ...draft.value, ...change });
  }

  function check(needsAccount: boolean): boolean {
    const found = {
      ...(needsAccount &&
        accountId === null && { account: 'Choose an account, or enter its number, such as W58324.' }),
      ...(reason.trim() === '' && { reason: 'Write the reason.' }),
    };
    setMissing(found);
    return Object.keys(found).length === 0;
  }

  /** `isOptOut`: by the word of whoever decides here; otherwise the account judges. */
  function assign(isOptOut: boolean) {
    if (!check(true) || accountId === null) return;
    for (const other of [assigning, giving, noting]) other.clear();
    const used = isOptOut || !canOptOut ? assigning : giving;
    used.run(prepareCall(actions.assign, { ...key, accountId, isOptOut, reason }), (answer) => {
      draft.clear();
      onDone();
      showToast(describeOutcome(answer));
    });
  }

  function note() {
    if (!check(false)) return;
    for (const other of [assigning, giving]) other.clear();
    noting.run(prepareCall(actions.note, { ...key, reason }), () => {
      draft.clear();
      onDone();
      showToast('Noted. It needs no decision any more.');
    });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    assign(canOptOut);
  }

  const problem = assigning.problem ?? giving.problem ?? noting.problem;
  return (
    <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-4 pb-5">
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-sm font-medium">Which account is meant?</legend>
        {suggestions}
        {accounts.map((account) => (
          <label key={account.accountId} className={choiceClass}>
            <input
              type="radio"
              name={name}
              checked={choice === String(account.accountId)}
              onChange={() => edit({ choice: String(account.accountId) })}
              className="mt-0.5 size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span className="min-w-0 grow">
              <span className="font-medium">{account.name}</span>{' '}
              <span className="text-ink-soft tabular-nums">W{account.accountId}</span>
              {account.isBlocked && <span className="text-ink-soft"> · blocked already</span>}
              <span className="block text-xs text-ink-soft">
                wrote <RelativeTime value={account.wroteAt} timeZone={staffTimeZone} /> from{' '}
                <PhoneNumber msisdn={account.senderNumber} />
              </span>
              {account.text !== null && (
                <span className="line-clamp-2 text-xs wrap-anywhere text-ink-soft">“{account.text}”</span>
              )}
            </span>
          </label>
        ))}
        <label className={choiceClass}>
          <input
            type="radio"
            name={name}
            checked={choice === other}
            onChange={() => edit({ choice: other })}
            className="mt-0.5 size-4 shrink-0 accent-accent focus-visible:outline-none"
          />
          <span className="font-medium">Another account</span>
        </label>
      </fieldset>
      <Field label="Account number" hint="Only for another account than those above." error={missing.account}>
        {(control) => (
          <Input
            {...control}
            value={typed}
            autoComplete="off"
            maxLength={20}
            placeholder="W58324"
            onChange={(event) => edit({ typed: event.target.value, choice: other })}
          />
        )}
      </Field>
      <Field
        label="Reason"
        hint="It stays in the history. An account that gets the reply reads it."
        error={missing.reason}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            required
            maxLength={maxReasonLength}
            value={reason}
            onChange={(event) => edit({ reason: event.target.value })}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap gap-2 max-sm:*:grow">
        <Button type="submit" variant="primary" pending={assigning.isPending}>
          {canOptOut ? 'Opt out for this account' : 'Give to this account'}
        </Button>
        {canOptOut && canGive && (
          <Button pending={giving.isPending} onClick={() => assign(false)}>
            Let the account decide
          </Button>
        )}
        <Button pending={noting.isPending} onClick={note}>
          Note why not
        </Button>
      </div>
    </form>
  );
}

const choiceClass =
  'flex items-start gap-2.5 rounded-md border border-control/60 bg-raised px-3 py-2 text-sm transition-colors hover:border-control has-checked:border-accent-text has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text';

/** The accounts that wrote to the number, and what is said in their place while there are none. */
function useLikelyAccounts({ msisdn, id }: UnownedReply, suggest: UnownedActions['suggest']) {
  const { answer, problem } = useAsking(suggest, { msisdn, id }, 0);
  const accounts = answer?.ok ? answer.accounts : [];
  const suggestions = problem ? (
    <ProblemCallout problem={problem} tone="warn" />
  ) : answer === null ? (
    <p className="flex items-center gap-2 text-sm text-ink-soft">
      <Spinner /> Looking for accounts that wrote to this number
    </p>
  ) : !answer.ok ? (
    <Callout tone="warn">{answer.message}</Callout>
  ) : accounts.length === 0 ? (
    <p className="text-sm text-ink-soft">
      No account has written to this number, from whatever sender number.
    </p>
  ) : null;
  return { accounts, suggestions };
}

function readAccountNumber(typed: string): number | null {
  const digits = /^\s*w?\s*([1-9]\d{0,8})\s*$/i.exec(typed)?.[1];
  return digits === undefined ? null : Number(digits);
}

function describeOutcome({ outcome, accountName }: Extract<AssignResult, { ok: true }>): string {
  switch (outcome) {
    case 'blocked':
      return `Opted out from ${accountName}. The recipient gets the confirmation.`;
    case 'already-blocked':
      return `Assigned to ${accountName}; the number was blocked already.`;
    case 'let-in-since':
      return `Assigned to ${accountName}; not blocked, as the recipient has said YES since.`;
    case 'to-review':
      return `Given to ${accountName}, among its replies to review.`;
    case 'given':
      return `Given to ${accountName}.`;
  }
}
