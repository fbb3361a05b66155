import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import type { MarketingFigures } from '@/lib/home/schema';

/** Why marketing did not go out, most first. */
export function BlockedReasons({ blocked }: Pick<MarketingFigures, 'blocked'>) {
  return (
    <Card title="Blocked, by reason" className="min-w-0">
      {blocked.length === 0 ? (
        <p className="px-4 py-10 text-center text-sm text-ink-soft">No marketing was blocked.</p>
      ) : (
        <ul aria-label="Reasons" className="divide-y divide-line text-sm">
          {blocked.map(({ reason, messages }) => (
            <li key={reason} className="flex items-start justify-between gap-4 px-4 py-2.5">
              <span className="min-w-0 wrap-anywhere text-ink-soft">{reason}</span>
              <span className="font-semibold tabular-nums">{formatCount(messages)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
