import { formatNumberOf } from '@/components/ui/format-count';
import type { NumberListRow } from '@/lib/number-lists/schema';

/** How long a list is: "6 lines"; where lines hold several numbers, "8 numbers in 6 lines". */
export function describeSize({ lines, numbers }: Pick<NumberListRow, 'lines' | 'numbers'>): string {
  const inLines = formatNumberOf(lines, 'line');
  return numbers > lines ? `${formatNumberOf(numbers, 'number')} in ${inLines}` : inLines;
}
