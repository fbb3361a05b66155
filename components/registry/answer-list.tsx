import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { describeMarketer, formatDay } from '@/lib/registry/labels';
import type { RegistryImportRow } from '@/lib/registry/schema';
import { ImportStateBadge } from './import-state-badge';

interface AnswerListProps {
  answers: readonly RegistryImportRow[];
  /** Of their pages. */
  path: string;
  timeZone: string;
}

/** Answers of the registry, with what came of each. */
export function AnswerList({ answers, path, timeZone }: AnswerListProps) {
  return (
    <ul aria-label="Answers" className="divide-y divide-line">
      {answers.map((row) => (
        <li
          key={row.id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 text-sm"
        >
          <div className="min-w-0">
            <Link
              href={`${path}/${row.id}`}
              className="font-medium wrap-anywhere text-accent-text underline-offset-4 hover:underline"
            >
              {row.name}
            </Link>
            <p className="text-xs text-ink-faint">
              Of {formatDay(row.answeredOn)}. {describeMarketer(row.marketerId)}. Handed in{' '}
              <Time value={row.createdAt} timeZone={timeZone} />
              {row.createdBy !== null && ` by ${row.createdBy}`}.
            </p>
          </div>
          <div className="flex items-center gap-3">
            <span className="text-xs text-ink-soft tabular-nums">{describeDifference(row)}</span>
            <ImportStateBadge state={row.state} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function describeDifference({ state, comes, goes, added, lifted }: RegistryImportRow): string {
  const isDone = state === 'DONE' || state === 'FAILED';
  return `+${formatCount(isDone ? added : comes)} −${formatCount(isDone ? lifted : goes)}`;
}
