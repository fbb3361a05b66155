'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ChoiceSection } from '@/components/settings/choice-section';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountRequirement } from '@/lib/second-factor/schema';
import { requirementChoices } from './requirement-choices';

interface RequirementSectionProps {
  userId: number;
  saved: AccountRequirement;
  save: ServerAction<[input: { isRequired: boolean }], { ok: true } | Refusal>;
}

/** Whether everybody who works with the account must have a second factor. */
export function RequirementSection({ userId, saved, save }: RequirementSectionProps) {
  return (
    <ChoiceSection
      id="second-factor"
      userId={userId}
      legend="Who must have one"
      choices={requirementChoices}
      saved={saved.isRequired ? 'REQUIRED' : 'OPTIONAL'}
      prepareSave={(chosen) => prepareCall(save, { isRequired: chosen === 'REQUIRED' })}
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
    />
  );
}
