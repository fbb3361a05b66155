import { Checkbox } from '@/components/ui/checkbox';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import type { ColumnStats } from '@/lib/number-lists/file/columns';

interface ColumnChoiceProps {
  columns: readonly ColumnStats[];
  chosen: readonly number[];
  onChoose: (columns: readonly number[]) => void;
}

/** As many columns are all listed; of more, those without numbers wait behind a word. */
const listedColumns = 6;

/** Which columns the numbers are read from: every one that holds some is named, with how many. */
export function ColumnChoice({ columns, chosen, onChoose }: ColumnChoiceProps) {
  const all = columns.map((stats, index) => ({ stats, index }));
  const isNear = ({ stats, index }: (typeof all)[number]) =>
    columns.length <= listedColumns || stats.numbers + stats.scientific > 0 || chosen.includes(index);
  const far = all.filter((column) => !isNear(column));

  function toggle(column: number, isChosen: boolean) {
    const rest = chosen.filter((other) => other !== column);
    onChoose(isChosen ? [...rest, column].sort((one, other) => one - other) : rest);
  }

  const list = (listed: typeof all) => (
    <div className="grid gap-x-4 sm:grid-cols-2 lg:grid-cols-3">
      {listed.map(({ stats, index }) => (
        <Checkbox
          key={index}
          checked={chosen.includes(index)}
          onChange={(event) => toggle(index, event.target.checked)}
        >
          <span className="wrap-anywhere">{stats.name}</span>{' '}
          <span className="text-xs whitespace-nowrap text-ink-faint tabular-nums">{describe(stats)}</span>
        </Checkbox>
      ))}
    </div>
  );
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">Columns with the numbers</legend>
      {list(all.filter(isNear))}
      {far.length > 0 && (
        <details className="mt-1 text-sm">
          <summary className="cursor-pointer text-ink-soft hover:text-ink">
            {formatNumberOf(far.length, 'column')} without numbers
          </summary>
          {list(far)}
        </details>
      )}
    </fieldset>
  );
}

function describe({ numbers, scientific }: ColumnStats): string {
  if (numbers === 0 && scientific > 0) return `${formatCount(scientific)} shortened`;
  return numbers === 0 ? 'no numbers' : formatNumberOf(numbers, 'number');
}
