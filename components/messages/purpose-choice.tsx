import { To } from '@/components/help/prose';
import { RadioCards } from '@/components/ui/radio-cards';
import { purposeLabels, purposeTexts } from '@/lib/messages/labels';
import { messagePurposes, type MessagePurpose } from '@/lib/messages/schema';

interface PurposeChoiceProps {
  /** Null: nobody has said yet. */
  value: MessagePurpose | null;
  /** What in the text reads like marketing, where the choice is another. */
  sign: string | null;
  onChange: (value: MessagePurpose) => void;
}

const options = messagePurposes.map((value) => ({ value, label: purposeLabels[value] }));

/** What a message is for, with what is meant by it. */
export function PurposeChoice({ value, sign, onChange }: PurposeChoiceProps) {
  return (
    <div className="grid gap-2">
      <RadioCards
        legend="Purpose"
        name="purpose"
        value={value ?? ''}
        options={options}
        onChange={(next) => next !== '' && onChange(next)}
        className="grid-cols-2"
      />
      <div className="space-y-1 text-sm text-pretty text-ink-soft" aria-live="polite">
        {value !== null && (
          <p>
            {purposeTexts[value]} <To href="/help#purpose">What the law says</To>
          </p>
        )}
        {sign !== null && <p className="text-warn-text">“{sign}” reads like marketing.</p>}
      </div>
    </div>
  );
}
