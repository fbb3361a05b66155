import { Field } from '@/components/ui/field';
import { formatNumberOf } from '@/components/ui/format-count';
import { Select } from './select';
import type { ChosenSheet } from './use-workbook';

interface SheetChoiceProps {
  sheets: readonly ChosenSheet[];
  chosen: number;
  onChoose: (sheet: number) => void;
}

/** Which sheet of a workbook is read; where there is but one, its name. */
export function SheetChoice({ sheets, chosen, onChoose }: SheetChoiceProps) {
  const [only, ...others] = sheets;
  if (only && others.length === 0) {
    return <p className="text-sm wrap-anywhere text-ink-soft">Read from the sheet “{only.name}”.</p>;
  }
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Sheet" hint="One sheet is read. Hand the workbook in again for another.">
        {(control) => (
          <Select {...control} value={chosen} onChange={(event) => onChoose(Number(event.target.value))}>
            {sheets.map(({ name, isHidden, numbers }, index) => (
              <option key={index} value={index}>
                {`${name}${isHidden ? ' (hidden)' : ''}: ${numbers === 0 ? 'no numbers' : formatNumberOf(numbers, 'number')}`}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
