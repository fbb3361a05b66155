'use client';

import type { FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { IfMay } from '@/components/permissions/permissions';
import { ChoiceCards } from '@/components/settings/choice-cards';
import { SaveBar, Section } from '@/components/settings/section';
import { useSave } from '@/components/settings/use-save';
import { useUnsaved } from '@/components/settings/use-unsaved';

export type HonourFamilyOptOuts = ServerAction<[input: { honoursAll: boolean }], { ok: true }>;

interface FamilyOptOutsProps {
  userId: number;
  honoursAll: boolean;
  honour: HonourFamilyOptOuts;
}

const choices = [
  {
    value: 'OWN',
    label: 'Each account honours its own opt-outs',
    text: 'Whoever has opted out of one of your accounts still gets messages of the others.',
  },
  {
    value: 'ALL',
    label: 'Honour opt-outs of my other accounts too',
    text: 'Whoever has opted out of this account or of a sub-account gets messages of none of them. Such a message is shown as blocked and costs nothing.',
  },
] as const;

/** Whether an opt-out of one account of the family holds back messages of all of them. */
export function FamilyOptOuts({ userId, honoursAll, honour }: FamilyOptOutsProps) {
  const { value, isChanged, change, undo, settle } = useUnsaved(
    `family-opt-outs-${userId}`,
    honoursAll ? 'ALL' : 'OWN',
  );
  const { save, isPending, problem, clear } = useSave();
  const chosen = value === 'ALL' ? 'ALL' : 'OWN';
  const saved = choices[honoursAll ? 1 : 0];

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(honour, { honoursAll: chosen === 'ALL' }), {
      done: () => {
        settle(chosen);
        return chosen === 'ALL'
          ? 'Your accounts honour each other’s opt-outs now'
          : 'Each account honours its own opt-outs now';
      },
    });
  }

  return (
    <Section
      id="family-opt-outs"
      title="Whose opt-outs count"
      description={
        <>
          <p>This counts for this account and all its sub-accounts, at once, scheduled messages included.</p>
          <p>
            Each account keeps an Auto Opt-Outs list of its own, and shows nobody’s numbers to the others. Who
            sends to a number that is blocked by another account’s list is told that it is, and not by whose.
          </p>
        </>
      }
    >
      <IfMay
        may="settings.change"
        otherwise={
          <div className="p-4 text-sm sm:p-5">
            <p className="font-medium">{saved.label}</p>
            <p className="text-ink-soft">{saved.text}</p>
          </div>
        }
      >
        <form onSubmit={onSubmit}>
          <div className="p-4 sm:p-5">
            <ChoiceCards
              legend="Opt-outs that count"
              name="family-opt-outs"
              value={chosen}
              options={choices}
              onChange={(next) => {
                clear();
                change(next);
              }}
            />
          </div>
          <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
        </form>
      </IfMay>
    </Section>
  );
}
