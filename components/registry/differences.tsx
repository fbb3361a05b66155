import { FileLinks } from '@/components/number-lists/list-files';
import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { AnswerDifference } from '@/lib/registry/schema';

interface DifferencesProps {
  /** Of the answer. */
  id: string;
  /** The first of each. */
  differences: readonly AnswerDifference[];
  came: number;
  left: number;
}

/** Who came with an answer of the account and who left. */
export function Differences({ id, differences, came, left }: DifferencesProps) {
  if (differences.length === 0) return null;
  const groups = [
    { title: 'Who came', total: came, numbers: differences.filter((each) => each.came) },
    { title: 'Who left', total: left, numbers: differences.filter((each) => !each.came) },
  ].filter(({ numbers }) => numbers.length > 0);
  return (
    <Card title="Who came and who left">
      <div className="grid gap-4 p-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {groups.map(({ title, total, numbers }) => (
            <div key={title}>
              <h3 className="text-sm font-medium">
                {title}{' '}
                <span className="font-normal text-ink-faint tabular-nums">
                  {numbers.length < total ? `First ${numbers.length} of ${formatCount(total)}` : ''}
                </span>
              </h3>
              <ul aria-label={title} className="mt-1 columns-2 text-sm">
                {numbers.map(({ msisdn }) => (
                  <li key={msisdn}>
                    <PhoneNumber msisdn={msisdn} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        <FileLinks files={[{ path: `/api/cleansing/${id}/differences`, label: 'Download all of them' }]} />
      </div>
    </Card>
  );
}
