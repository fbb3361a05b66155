import { LiveRefresh } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { countBlocked, type MonthOfAccount } from '@/lib/home/schema';
import { BlockedReasons } from './blocked-reasons';
import { formatDay } from './chart-series';
import { MonthNav, nameMonth } from './month-nav';
import { TextRates } from './text-rates';

interface MonthPageProps {
  month: string;
  latest: string;
  figures: MonthOfAccount;
  /** Now; null: there is no cleansing. */
  cleansingAge: number | null;
}

/** A month of marketing at a glance. */
export function MonthPage({ month, latest, figures: found, cleansingAge }: MonthPageProps) {
  const { figures, often, most, textRates, uncounted } = found;
  const blocked = countBlocked(figures.blocked);
  const isEmpty = figures.sent + blocked === 0 && uncounted.length === 0;
  const name = nameMonth(month);
  return (
    <>
      <PageHeader
        title={name}
        above={[{ href: '/messages', label: 'Message Logs' }]}
        description="Your marketing of the month, by the days on which it was accepted."
        actions={<MonthNav month={month} latest={latest} path="/messages/month" />}
      />
      {uncounted.length > 0 && (
        <div className="mb-4">
          <LiveRefresh topics={['messages']} />
          <Callout title="Some days are being counted">The figures grow by themselves in a moment.</Callout>
        </div>
      )}
      {isEmpty ? (
        <Card>
          <EmptyState kind="nothing-yet" title={`No marketing in ${name}`}>
            What you send as marketing is counted here, with what was blocked and why.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Stat label="Marketing sent" value={figures.sent} note="Left, or on its way" />
            <Stat label="Blocked" value={blocked} note="Cost nothing" />
            <Stat label="Held for lawful hours" value={figures.held} note="Of what was sent" />
            {cleansingAge === null ? (
              <div className="flex flex-col gap-0.5 rounded-lg border border-line bg-surface p-4">
                <span className="text-sm text-ink-soft">Days since cleansing</span>
                <span className="text-2xl font-semibold">None yet</span>
              </div>
            ) : (
              <Stat
                label="Days since cleansing"
                value={cleansingAge}
                note="Today"
                href="/messages/cleansing"
              />
            )}
          </div>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <BlockedReasons blocked={figures.blocked} />
            <Card title={`More than ${formatCount(most)} a week`} className="min-w-0">
              <ul aria-label="Weeks" className="divide-y divide-line text-sm">
                {often.map(({ week, numbers }) => (
                  <li key={week} className="flex items-baseline justify-between gap-4 px-4 py-2.5">
                    <span className="text-ink-soft">Week from {formatDay(week)}</span>
                    <span className="tabular-nums">
                      <span className="font-semibold">{formatCount(numbers)}</span>{' '}
                      {numbers === 1 ? 'number' : 'numbers'}
                    </span>
                  </li>
                ))}
              </ul>
              <p className="border-t border-line px-4 py-2.5 text-xs text-pretty text-ink-faint">
                Numbers that got more than {formatCount(most)} marketing messages from Monday to Sunday. A{' '}
                <Link
                  href="/settings#frequency-cap"
                  className="text-accent-text underline underline-offset-4"
                >
                  frequency cap
                </Link>{' '}
                holds the rest back.
              </p>
            </Card>
          </div>
          <TextRates textRates={textRates} isPartial={uncounted.length > 0} period={name} />
        </div>
      )}
    </>
  );
}
