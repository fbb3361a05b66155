import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import { problemLabels } from '@/lib/number-lists/labels';
import type { ProblemLine } from '@/lib/number-lists/schema';

interface ProblemTableProps {
  /** The first of them. */
  problems: readonly ProblemLine[];
  total: number;
}

/** Lines and numbers of a file that could not be used, with why. */
export function ProblemTable({ problems, total }: ProblemTableProps) {
  return (
    <Card
      title="Lines and numbers that were not used"
      aside={
        <span className="text-sm text-ink-faint tabular-nums">
          {problems.length < total ? `First ${problems.length} of ${formatCount(total)}` : formatCount(total)}
        </span>
      }
    >
      <div
        tabIndex={0}
        role="region"
        aria-label="Lines and numbers that were not used"
        className="overflow-x-auto"
      >
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="border-b border-line text-ink-soft">
              <th scope="col" className="w-20 px-4 py-2 text-right font-medium max-sm:px-3">
                Line
              </th>
              <th scope="col" className="py-2 font-medium sm:px-4">
                As given
              </th>
              <th scope="col" className="px-4 py-2 font-medium">
                Why
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {problems.map(({ line, input, problem }, index) => (
              <tr key={index}>
                <td className="px-4 py-2 text-right text-ink-soft tabular-nums">{formatCount(line)}</td>
                <td className="max-w-32 truncate py-2 tabular-nums sm:max-w-md sm:px-4" title={input}>
                  {input === '' ? <span className="text-ink-faint">Empty</span> : input}
                </td>
                <td className="px-4 py-2">
                  {problem === 'duplicate' ? (
                    <span className="text-ink-soft">{problemLabels[problem]}</span>
                  ) : (
                    <span className="text-bad-text">{problemLabels[problem]}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
