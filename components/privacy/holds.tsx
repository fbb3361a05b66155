'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { staffTimeZone } from '@/lib/lists/schema';
import type { LegalHold } from '@/lib/privacy/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

interface HoldsProps {
  holds: readonly LegalHold[];
  /** Server actions. */
  set: ServerAction<[{ subject: string; reason: string }], { ok: true; id: number }>;
  lift: ServerAction<[{ id: number; reason: string }]>;
}

function nameSubject({ accountId, msisdn }: LegalHold): string {
  return accountId === null ? formatMsisdn(msisdn ?? '') : `W${accountId}`;
}

/** The legal holds in force; nothing of what they name is erased. */
export function Holds({ holds, set, lift }: HoldsProps) {
  const setting = usePrompt<{ ok: true; id: number }>();
  const lifting = usePrompt();

  function askToSet() {
    setting.ask({
      title: 'Set a legal hold',
      children: <p>Nothing of the account or of the number is erased until somebody lifts it.</p>,
      number: { label: 'Account or number', hint: 'Such as W58324 or 082 123 4567.' },
      reason: { label: 'Reason', hint: 'The case; it stays in the audit log.' },
      submitLabel: 'Set hold',
      words: {
        undone: 'No hold was set.',
        unsure: 'We do not know whether the hold was set. Reload the page to see.',
      },
      command: ({ number, reason }) => prepareCall(set, { subject: number, reason }),
      onDone: () => showToast('The hold is set'),
    });
  }

  function askToLift(hold: LegalHold) {
    const name = nameSubject(hold);
    lifting.ask({
      title: `Lift the hold on ${name}?`,
      children: <p>What is older than its time is erased the next night.</p>,
      reason: { label: 'Reason', hint: 'It stays in the audit log.' },
      submitLabel: 'Lift hold',
      variant: 'danger',
      words: {
        undone: `The hold on ${name} is still there.`,
        unsure: `We do not know whether the hold on ${name} was lifted. Try again: that does no harm.`,
      },
      command: ({ reason }) => prepareCall(lift, { id: hold.id, reason }),
      onDone: () => showToast(`The hold on ${name} is lifted`),
    });
  }

  return (
    <Card
      title="Legal holds"
      aside={
        <IfMay may="people.erase">
          <Button aria-haspopup="dialog" onClick={askToSet}>
            Set hold
          </Button>
        </IfMay>
      }
    >
      {holds.length === 0 ? (
        <EmptyState kind="nothing-yet" title="No legal hold">
          What is older than its time is erased each night.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {holds.map((hold) => (
            <li key={hold.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
              <div className="grid gap-0.5 text-sm">
                <span className="font-medium tabular-nums">{nameSubject(hold)}</span>
                <span className="wrap-anywhere">{hold.reason}</span>
                <span className="text-ink-soft">
                  {hold.by ?? 'A former member of staff'},{' '}
                  <Time value={hold.createdAt} timeZone={staffTimeZone} />
                </span>
              </div>
              <IfMay may="people.erase">
                <Button
                  aria-haspopup="dialog"
                  aria-label={`Lift the hold on ${nameSubject(hold)}`}
                  onClick={() => askToLift(hold)}
                >
                  Lift
                </Button>
              </IfMay>
            </li>
          ))}
        </ul>
      )}
      {setting.dialog}
      {lifting.dialog}
    </Card>
  );
}
