'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { To } from '@/components/help/prose';
import type { MessagePurpose } from '@/lib/messages/schema';
import { ChoiceSection } from './choice-section';
import { purposeChoices } from './purpose-choices';

interface PurposeSectionProps {
  userId: number;
  saved: MessagePurpose;
  save: ServerAction<[input: { defaultPurpose: MessagePurpose }]>;
}

export function PurposeSection({ userId, saved, save }: PurposeSectionProps) {
  return (
    <ChoiceSection
      id="purpose"
      userId={userId}
      legend="What they are for"
      choices={purposeChoices}
      saved={saved}
      prepareSave={(defaultPurpose) => prepareCall(save, { defaultPurpose })}
      title="Purpose of messages"
      description={
        <>
          <p>
            The Send page begins with this choice, and it counts for what programs send without saying. What
            was sent or scheduled before stays as it is.
          </p>
          <p>
            <To href="/help#purpose">Marketing or service</To>
          </p>
        </>
      }
    />
  );
}
