'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { StaffComplaintButton } from '@/components/stories/complaint-button';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { formatNumberOf } from '@/components/ui/format-count';
import { showToast } from '@/components/ui/toast';
import { keptReasons, type AccountFinding, type PersonFinding } from '@/lib/privacy/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

type Found = { ok: true; person: PersonFinding };
type Erased = { ok: true; erased: number; person: PersonFinding };

interface PersonSearchProps {
  /** "2026-11-29", South African time. */
  today: string;
  /** Server actions. */
  find: ServerAction<[{ number: string }], Found>;
  erase: ServerAction<[{ number: string; reason: string }], Erased>;
}

const words = {
  undone: 'Nothing was looked up.',
  unsure: 'We do not know whether it was looked up. Look up again: that does no harm.',
};

/** Finds all there is of a number across accounts, gives it as a file, and erases what need not be kept. */
export function PersonSearch({ today, find, erase }: PersonSearchProps) {
  const { value: number, change: setNumber } = useDraft<string>('person-search', '');
  const [person, setPerson] = useState<PersonFinding | null>(null);
  const { isPending, problem, refuse, clear, run } = useAction(words);
  const erasing = usePrompt<Erased>();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (number.trim() === '') {
      refuse('Write the number.');
      return;
    }
    run(prepareCall(find, { number }), (answer) => {
      setPerson(answer.person);
      return undefined;
    });
  }

  function askToErase({ msisdn }: PersonFinding) {
    const shown = formatMsisdn(msisdn);
    erasing.ask({
      title: `Erase what there is of ${shown}?`,
      children: (
        <p>
          Its texts are written over and the number is taken out of every row that proves nothing. A block
          stays in force, with what proves it. This cannot be undone: export it first if it is asked for.
        </p>
      ),
      reason: {
        label: 'Reason',
        hint: 'It stays in the audit log, without the number. Do not write the number here.',
      },
      submitLabel: 'Erase',
      variant: 'danger',
      words: {
        undone: `Nothing of ${shown} was erased.`,
        unsure: `We do not know whether all of ${shown} was erased. Erase again: that does no harm.`,
      },
      command: ({ reason }) => prepareCall(erase, { number: `+${msisdn}`, reason }),
      onDone: ({ erased, person: left }) => {
        setPerson(left);
        showToast(erased === 0 ? 'There was nothing to erase' : `${formatNumberOf(erased, 'row')} erased`);
      },
    });
  }

  return (
    <Card title="One person’s data">
      <div className="grid gap-4 p-4">
        <form onSubmit={submit} noValidate className="grid gap-4">
          <Field label="Number" hint="In any form. That you looked is in the audit log; the number is not.">
            {(control) => (
              <Input
                {...control}
                value={number}
                inputMode="tel"
                autoComplete="off"
                maxLength={40}
                className="sm:max-w-64"
                onChange={(event) => {
                  clear();
                  setNumber(event.target.value);
                }}
              />
            )}
          </Field>
          <ProblemCallout problem={problem} />
          <div className="flex max-sm:*:grow">
            <Button type="submit" pending={isPending}>
              Look up
            </Button>
          </div>
        </form>
        <div aria-live="polite" className="grid gap-4">
          {person && <Finding person={person} today={today} onErase={() => askToErase(person)} />}
        </div>
      </div>
      {erasing.dialog}
    </Card>
  );
}

function Finding({ person, today, onErase }: { person: PersonFinding; today: string; onErase: () => void }) {
  const isNothing = person.accounts.length === 0 && person.withoutAccount === 0;
  return (
    <>
      <h3 className="font-semibold tabular-nums">{formatMsisdn(person.msisdn)}</h3>
      {isNothing && <p className="text-sm text-ink-soft">Nothing is known of this number.</p>}
      {person.hold && <Callout tone="warn">{keptReasons.hold}</Callout>}
      {person.isOwnNumber && (
        <p className="text-sm text-ink-soft">
          Somebody who signs in has it as their own number. That is not erased here: they change it under Your
          details.
        </p>
      )}
      <ul className="grid gap-3">
        {person.accounts.map((account) => (
          <AccountItem key={account.accountId} account={account} />
        ))}
        {person.withoutAccount > 0 && (
          <li className="text-sm">
            {formatNumberOf(person.withoutAccount, 'row')} of no account: replies without an owner,
            conversations, carriers’ receipts and the simulator’s phone.
          </li>
        )}
      </ul>
      {!isNothing && (
        <div className="flex flex-wrap gap-2 max-sm:*:grow">
          <form method="post" action="/api/admin/person">
            <input type="hidden" name="number" value={`+${person.msisdn}`} />
            <Button type="submit" className="w-full">
              Export as a file
            </Button>
          </form>
          <StaffComplaintButton msisdn={person.msisdn} today={today} />
          <IfMay may="people.erase">
            <Button variant="danger" aria-haspopup="dialog" disabled={person.hold} onClick={onErase}>
              Erase
            </Button>
          </IfMay>
        </div>
      )}
    </>
  );
}

function AccountItem({ account }: { account: AccountFinding }) {
  const counts: [count: number, singular: string, plural?: string][] = [
    [account.messages, 'message'],
    [account.replies, 'reply', 'replies'],
    [account.events, 'change of an opt-out', 'changes of an opt-out'],
    [account.removalRequests, 'removal request'],
    [account.consents, 'entry of a consent', 'entries of consents'],
    [
      account.mentions,
      'place that names it: notices, e-mails, lists, logs',
      'places that name it: notices, e-mails, lists, logs',
    ],
  ];
  const parts = counts.filter(([count]) => count > 0).map((given) => formatNumberOf(...given));
  return (
    <li className="grid gap-1 text-sm">
      <span className="font-medium">
        {account.accountName}, <span className="tabular-nums">W{account.accountId}</span>
        {account.isBlocked ? ' (opted out)' : ''}
      </span>
      <span>{parts.join(', ')}</span>
      {account.kept.map((reason) => (
        <span key={reason} className="text-ink-soft">
          {keptReasons[reason]}
        </span>
      ))}
    </li>
  );
}
