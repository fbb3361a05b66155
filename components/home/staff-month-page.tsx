import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { addUpReasons, countBlocked, type AccountOfMonth, type TextRateOfAccount } from '@/lib/home/schema';
import { BlockedReasons } from './blocked-reasons';
import { MonthNav, nameMonth } from './month-nav';
import { TextRates } from './text-rates';

interface StaffMonthPageProps {
  month: string;
  latest: string;
  accounts: readonly AccountOfMonth[];
  /** The worst of all accounts. */
  textRates: readonly TextRateOfAccount[];
  /** Accounts that are not counted yet. */
  left: number;
}

/** A month of marketing of all accounts at a glance. */
export function StaffMonthPage({ month, latest, accounts, textRates, left }: StaffMonthPageProps) {
  const name = nameMonth(month);
  const marketers = accounts.filter(({ figures }) => figures.sent + countBlocked(figures.blocked) > 0);
  const sum = (read: (account: AccountOfMonth) => number) =>
    marketers.reduce((total, account) => total + read(account), 0);
  return (
    <>
      <PageHeader
        title={name}
        description="Marketing of all accounts, by the days on which it was accepted, each by its own calendar."
        actions={<MonthNav month={month} latest={latest} path="/admin/month" />}
      />
      {left > 0 && (
        <div className="mb-4">
          <Callout title={`${formatNumberOf(left, 'account')} still to be counted`}>
            Load the page again: what has been counted stays.
          </Callout>
        </div>
      )}
      {marketers.length === 0 ? (
        <Card>
          <EmptyState kind="nothing-yet" title={`No marketing in ${name}`}>
            Each account that sends marketing stands here, with what was blocked and why.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Stat
              label="Marketing sent"
              value={sum(({ figures }) => figures.sent)}
              note="Left, or on its way"
            />
            <Stat
              label="Blocked"
              value={sum(({ figures }) => countBlocked(figures.blocked))}
              note="Cost nothing"
            />
            <Stat
              label="Held for lawful hours"
              value={sum(({ figures }) => figures.held)}
              note="Of what was sent"
            />
            <Stat label="Accounts" value={marketers.length} note="With marketing" />
          </div>
          <BlockedReasons blocked={addUpReasons(marketers.flatMap(({ figures }) => figures.blocked))} />
          <Card title="By account" className="min-w-0">
            <ul aria-label="Accounts" className="divide-y divide-line text-sm">
              {marketers.map(({ id, name: accountName, figures, often, cleansingAge }) => (
                <li
                  key={id}
                  className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]"
                >
                  <Link
                    href={`/admin/accounts/${id}`}
                    className="font-medium wrap-anywhere text-accent-text underline-offset-4 hover:underline"
                  >
                    {accountName}
                  </Link>
                  <span className="text-ink-soft tabular-nums">
                    {formatCount(figures.sent)} sent, {formatCount(countBlocked(figures.blocked))} blocked,{' '}
                    {formatCount(figures.held)} held, {formatNumberOf(figures.optOuts, 'opt-out')},{' '}
                    {formatNumberOf(often, 'number')} too often in a week,{' '}
                    {cleansingAge === null
                      ? 'never cleansed'
                      : `cleansed ${formatNumberOf(cleansingAge, 'day')} ago`}
                  </span>
                </li>
              ))}
            </ul>
          </Card>
          <TextRates textRates={textRates} isPartial={left > 0} period={name} />
        </div>
      )}
    </>
  );
}
