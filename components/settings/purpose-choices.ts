import { purposeLabels, purposeTexts } from '@/lib/messages/labels';
import type { MessagePurpose } from '@/lib/messages/schema';
import type { Choice } from './choice-section';

/** What the messages of an account can be for when nobody says so. */
export const purposeChoices = [
  {
    value: 'MARKETING',
    label: purposeLabels.MARKETING,
    text: purposeTexts.MARKETING,
    done: 'Messages are marketing now, unless somebody says otherwise',
  },
  {
    value: 'SERVICE',
    label: purposeLabels.SERVICE,
    text: purposeTexts.SERVICE,
    done: 'Messages are service now, unless somebody says otherwise',
  },
] as const satisfies readonly Choice<MessagePurpose>[];
