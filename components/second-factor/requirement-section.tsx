'use client';

import type { FormEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ChoiceCards } from '@/components/settings/choice-cards';
import { SaveBar, Section } from '@/components/settings/section';
import { useSave } from '@/components/settings/use-save';
import { useUnsaved } from '@/components/settings/use-unsaved';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountRequirement } from '@/lib/second-factor/schema';
import { requirementChoices } from './requirement-choices';

interface RequirementSectionProps {
  userId: number;
  saved: AccountRequirement;
  save: ServerAction<[input: { isRequired: boolean }], { ok: true } | Refusal>;
}

/** Whether everybody who works with the account must have a second factor. */
export function RequirementSection({ userId, saved, save: saveAction }: RequirementSectionProps) {
  const { value, isChanged, change, undo, settle } = useUnsaved(
    `second-factor-${userId}`,
    saved.isRequired ? 'REQUIRED' : 'OPTIONAL',
  );
  const { save, isPending, problem, clear } = useSave();
  const chosen = value === 'REQUIRED' ? 'REQUIRED' : 'OPTIONAL';

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(saveAction, { isRequired: chosen === 'REQUIRED' }), {
      done: () => {
        settle(chosen);
        return chosen === 'REQUIRED'
          ? 'Everyone must have a second factor now'
          : 'Everyone decides for themselves now';
      },
    });
  }

  return (
    <Section
      id="second-factor"
      title="Second factor"
      description={
        <>
          <p>Whether a password alone lets somebody into this account.</p>
          <p>
            {saved.withFactor} of {saved.people} {saved.people === 1 ? 'person has' : 'people have'} a second
            factor.
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit}>
        <div className="p-4 sm:p-5">
          <ChoiceCards
            legend="Who must have one"
            name="second-factor"
            value={chosen}
            options={requirementChoices}
            onChange={(next) => {
              clear();
              change(next);
            }}
          />
        </div>
        <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
      </form>
    </Section>
  );
}
