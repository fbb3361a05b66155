'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { IfMay } from '@/components/permissions/permissions';
import { ChoiceSection } from '@/components/settings/choice-section';

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
    done: 'Each account honours its own opt-outs now',
  },
  {
    value: 'ALL',
    label: 'Honour opt-outs of my other accounts too',
    text: 'Whoever has opted out of this account or of a sub-account gets messages of none of them. Such a message is shown as blocked and costs nothing.',
    done: 'Your accounts honour each other’s opt-outs now',
  },
] as const;

/** Whether an opt-out of one account of the family holds back messages of all of them. */
export function FamilyOptOuts({ userId, honoursAll, honour }: FamilyOptOutsProps) {
  const saved = choices[honoursAll ? 1 : 0];
  return (
    <ChoiceSection
      id="family-opt-outs"
      userId={userId}
      legend="Opt-outs that count"
      choices={choices}
      saved={saved.value}
      prepareSave={(chosen) => prepareCall(honour, { honoursAll: chosen === 'ALL' })}
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
      {(form) => (
        <IfMay
          may="settings.change"
          otherwise={
            <div className="p-4 text-sm sm:p-5">
              <p className="font-medium">{saved.label}</p>
              <p className="text-ink-soft">{saved.text}</p>
            </div>
          }
        >
          {form}
        </IfMay>
      )}
    </ChoiceSection>
  );
}
