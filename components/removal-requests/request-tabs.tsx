import { clsx } from 'clsx';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import type { openStates, RemovalRequestState } from '@/lib/removal-requests/schema';
import { staffStateLabels } from '@/lib/removal-requests/labels';

export type RequestTab = RemovalRequestState | 'ALL';
export type OpenCounts = Record<(typeof openStates)[number], number>;

export const requestTabs: readonly RequestTab[] = [
  ...(Object.keys(staffStateLabels) as RemovalRequestState[]),
  'ALL',
];

export function getRequestTabHref(tab: RequestTab): string {
  return tab === 'AWAITING_APPROVAL' ? '/admin/removal-requests' : `/admin/removal-requests?state=${tab}`;
}

/** Links, not tabs in the ARIA sense: each has its own address. */
export function RequestTabs({ current, counts }: { current: RequestTab; counts: OpenCounts }) {
  const getCount = (tab: RequestTab) => (tab in counts ? counts[tab as keyof OpenCounts] : null);
  return (
    <nav aria-label="States" className="mb-4 overflow-x-auto overflow-y-hidden border-b border-line">
      <ul className="flex gap-5">
        {requestTabs.map((tab) => {
          const count = getCount(tab);
          return (
            <li key={tab} className="shrink-0">
              <Link
                href={getRequestTabHref(tab)}
                aria-current={tab === current ? 'page' : undefined}
                className={clsx(
                  'flex h-9 items-center gap-1.5 border-b-2 text-sm font-medium transition-colors focus-visible:-outline-offset-2 max-sm:h-11',
                  tab === current
                    ? 'border-accent-text text-ink'
                    : 'border-transparent text-ink-soft hover:border-control hover:text-ink',
                )}
              >
                {tab === 'ALL' ? 'All' : staffStateLabels[tab]}
                {count !== null && count > 0 && (
                  <span className="text-xs font-normal text-ink-faint tabular-nums">
                    {formatCount(count)}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
