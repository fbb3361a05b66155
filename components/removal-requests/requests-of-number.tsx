import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { describeNext } from '@/lib/removal-requests/labels';
import type { RequestRow } from '@/lib/removal-requests/list';
import { RequestStateBadge } from './request-state-badge';

interface RemovalRequestsOfNumberProps {
  /** The newest first. */
  rows: readonly RequestRow[];
  timeZone: string;
  /** Where one asks for a removal; null when there is nothing to ask for. */
  requestHref: string | null;
}

/** The requests about one number, for its page. */
export function RemovalRequestsOfNumber({ rows, timeZone, requestHref }: RemovalRequestsOfNumberProps) {
  return (
    <Card
      title="Removal requests"
      aside={
        requestHref && (
          <Link
            href={requestHref}
            className="rounded-sm text-sm text-accent-text underline-offset-4 hover:underline"
          >
            Request removal
          </Link>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="px-4 py-3.5 text-sm text-ink-soft">Nobody has asked for the removal of this number.</p>
      ) : (
        <ul className="divide-y divide-line">
          {rows.map((row) => (
            <li key={row.id} className="relative px-4 py-3 text-sm hover:bg-canvas">
              <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <RequestStateBadge state={row.state} />
                <Link
                  href={`/removal-requests/${row.id}`}
                  className="rounded-sm text-xs text-ink-soft underline-offset-4 after:absolute after:inset-0 hover:underline"
                >
                  <Time value={row.createdAt} timeZone={timeZone} />
                </Link>
              </p>
              <p className="mt-1 text-ink-soft">{describeNext(row)}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
