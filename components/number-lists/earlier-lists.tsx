import { LiveRefresh } from '@/components/live/live-indicator';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { purposeLabels } from '@/lib/number-lists/labels';
import { countUsable, isUnderWay, keptDays, type NumberListRow } from '@/lib/number-lists/schema';
import { describeSize } from './describe-size';
import { ListStateBadge } from './list-state-badge';

interface EarlierListsProps {
  lists: readonly NumberListRow[];
  timeZone: string;
}

/** What came of a list, in a line. */
function describeResult(list: NumberListRow): string {
  if (list.purpose === 'IMPORT') {
    return `${formatCount(list.added)} added, ${formatCount(list.alreadyThere)} already there`;
  }
  if (list.purpose === 'CONSENT') {
    return `${formatCount(list.added)} recorded, ${formatCount(list.alreadyThere + list.blocked)} not`;
  }
  return `${formatCount(countUsable(list) - list.blocked)} clear, ${formatCount(list.blocked)} blocked`;
}

/** The imports and checks of the last 30 days. */
export function EarlierLists({ lists, timeZone }: EarlierListsProps) {
  return (
    <Card title="Earlier imports and checks" className="mt-6">
      {lists.some(isUnderWay) && <LiveRefresh topics={['opt-outs']} />}
      {lists.length === 0 ? (
        <EmptyState kind="nothing-yet" title="Nothing yet">
          Each import and each check is listed here, with its report, for {keptDays} days.
        </EmptyState>
      ) : (
        <>
          <ul className="divide-y divide-line text-sm">
            {lists.map((list) => (
              <li
                key={list.id}
                className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 transition-colors hover:bg-hover md:grid-cols-[4rem_minmax(0,1fr)_15rem_7rem_9rem]"
              >
                <span className="text-ink-soft max-md:hidden">{purposeLabels[list.purpose]}</span>
                <span className="flex min-w-0 items-baseline gap-2">
                  <Link
                    href={`/messages/opt-outs/lists/${list.id}`}
                    className="truncate rounded-sm font-medium after:absolute after:inset-0 hover:underline"
                  >
                    {list.name}
                  </Link>
                  <span className="shrink-0 text-xs text-ink-faint tabular-nums">{describeSize(list)}</span>
                </span>
                <span className="text-ink-soft tabular-nums max-md:order-3">
                  <span className="md:hidden">{purposeLabels[list.purpose]}: </span>
                  {describeResult(list)}
                </span>
                <span className="max-md:order-2 max-md:justify-self-end">
                  <ListStateBadge state={list.state} />
                </span>
                <span className="text-right text-ink-soft max-md:order-4">
                  <Time value={list.createdAt} timeZone={timeZone} />
                </span>
              </li>
            ))}
          </ul>
          <p className="border-t border-line px-4 py-2.5 text-xs text-ink-faint">
            Lists and their reports are removed after {keptDays} days.
          </p>
        </>
      )}
    </Card>
  );
}
