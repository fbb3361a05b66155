import { Select } from '@/components/number-lists/select';
import { Field } from '@/components/ui/field';
import { sourceLabels } from '@/lib/consents/labels';
import { readSource } from '@/lib/number-lists/file/consent-cells';
import type { ConsentColumns } from '@/lib/number-lists/schema';
import type { Preview } from '@/lib/number-lists/file/inspect';

interface ConsentColumnChoiceProps {
  preview: Preview;
  chosen: ConsentColumns;
  /** When a cell says that it was; as `readGivenAt` answers. */
  readDate: (cell: string) => string;
  onChoose: (columns: ConsentColumns) => void;
}

/** Which columns say when and how each number consented, and how the first of their cells are read. */
export function ConsentColumnChoice({ preview, chosen, readDate, onChoose }: ConsentColumnChoiceProps) {
  const options = preview.columns.flatMap(({ name }, index) =>
    preview.format.columns.includes(index) ? [] : [{ name, index }],
  );
  if (options.length === 0) return null;
  const firstOf = (column: number | null) =>
    column === null
      ? undefined
      : preview.rows.map((row) => row[column] ?? '').find((cell) => cell.trim() !== '');
  const date = firstOf(chosen.date);
  const source = firstOf(chosen.source);
  const choices: { label: string; which: keyof ConsentColumns; hint: string | undefined }[] = [
    {
      label: 'Column with the day',
      which: 'date',
      hint: date === undefined ? undefined : describeDate(date, readDate(date)),
    },
    {
      label: 'Column with how it was given',
      which: 'source',
      hint:
        source === undefined
          ? undefined
          : `“${source.trim()}” is read as: ${sourceLabels[readSource(source) ?? 'OTHER']}. Words that are none of ours count as “${sourceLabels.OTHER}”.`,
    },
  ];
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {choices.map(({ label, which, hint }) => (
        <Field key={which} label={label} hint={hint}>
          {(control) => (
            <Select
              {...control}
              value={chosen[which] ?? ''}
              onChange={({ target: { value } }) =>
                onChoose({ ...chosen, [which]: value === '' ? null : Number(value) })
              }
            >
              <option value="">None: the same for all</option>
              {options.map(({ name, index }) => (
                <option key={index} value={index}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </div>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Africa/Johannesburg' });

function describeDate(cell: string, read: string): string {
  const text = `“${cell.trim()}”`;
  if (read === 'bad-date')
    return `${text} is no date that can be read. Lines like it are left out, and listed in the report.`;
  if (read === 'date-to-come')
    return `${text} is still to come. Lines like it are left out, and listed in the report.`;
  return `${text} is read as ${day.format(new Date(read))}.`;
}
