import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import type { SetAsideCounts } from '@/lib/carriers/schema';
import type { QueueRow } from '@/lib/removal-requests/list';
import type { WaitingCounts } from '@/lib/unowned-replies/schema';
import { getRequestTabHref, type OpenCounts } from '@/components/removal-requests/request-tabs';
import { staffTimeZone } from '@/lib/lists/schema';

interface StaffHomePageProps {
  name: string;
  counts: OpenCounts;
  /** The longest waiting first, a handful. */
  waiting: readonly QueueRow[];
  /** Wishes that belong to no account. */
  waitingUnowned: WaitingCounts;
  /** Replies that could not be recorded. */
  setAside: SetAsideCounts;
}

function describeUnowned({ certain, unsure }: WaitingCounts): string {
  const rest = unsure > 99 ? '99+' : String(unsure);
  if (unsure > 0) return `${certain > 99 ? 'And more; ' : ''}${rest} more may want to opt out`;
  return certain > 99 ? 'And more' : 'Nobody is blocked by them yet';
}

function describeSetAside({ waiting, wishes }: SetAsideCounts): string {
  const count = waiting > 99 ? '99+' : String(waiting);
  const replies =
    waiting === 1 ? 'One reply could not be recorded' : `${count} replies could not be recorded`;
  if (wishes === 0) return `${replies}.`;
  return waiting === 1
    ? `${replies}, and may be an opt-out.`
    : `${replies}, of which ${wishes > 99 ? '99+' : wishes} may be opt-outs.`;
}

/** What waits for staff. */
export function StaffHomePage({ name, counts, waiting, waitingUnowned, setAside }: StaffHomePageProps) {
  return (
    <>
      <PageHeader
        title={`Good day, ${name.split(' ')[0] ?? name}`}
        aside={<LiveIndicator topics={['removal-requests', 'unowned-replies']} />}
        description="What waits, for you and for others."
        actions={
          <ButtonLink href="/admin/accounts" variant="secondary">
            Find an account
          </ButtonLink>
        }
      />
      {setAside.waiting > 0 && (
        <div className="mb-4">
          <Callout tone="bad">
            {describeSetAside(setAside)}{' '}
            <Link href="/admin/replies" className="underline underline-offset-4">
              See them
            </Link>
          </Callout>
        </div>
      )}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat
          label="Awaiting approval"
          value={counts.AWAITING_APPROVAL}
          href={getRequestTabHref('AWAITING_APPROVAL')}
          note="Recipients who said YES"
        />
        <Stat
          label="Awaiting reply"
          value={counts.AWAITING_REPLY}
          href={getRequestTabHref('AWAITING_REPLY')}
          note="Recipients who are asked"
        />
        <Stat
          label="Awaiting confirmation"
          value={counts.AWAITING_CONFIRMATION}
          href={getRequestTabHref('AWAITING_CONFIRMATION')}
          note="From the public form"
        />
        <Stat
          label="Opt-outs without an owner"
          value={Math.min(waitingUnowned.certain, 99)}
          href={`/admin/replies?state=${waitingUnowned.certain > 0 || waitingUnowned.unsure === 0 ? 'WAITING' : 'UNSURE'}`}
          note={describeUnowned(waitingUnowned)}
        />
      </div>
      <Card
        title="Waiting longest"
        className="mt-4"
        aside={
          waiting.length > 0 && (
            <Link
              href="/admin/removal-requests"
              className="text-sm text-accent-text underline-offset-4 hover:underline"
            >
              All that wait
            </Link>
          )
        }
      >
        {waiting.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Nothing waits for you">
            A removal request appears here as soon as its recipient has answered YES.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {waiting.map((row) => (
              <li
                key={row.id}
                className="relative flex items-center justify-between gap-4 px-4 py-2.5 text-sm hover:bg-canvas"
              >
                <span className="min-w-0">
                  <Link
                    href={`/admin/removal-requests/${row.accountId}/${row.id}`}
                    className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-text"
                  >
                    <PhoneNumber msisdn={row.msisdn} />
                  </Link>
                  <span className="ml-3 text-ink-soft max-sm:ml-0 max-sm:block max-sm:truncate">
                    {row.accountName}
                  </span>
                </span>
                <span className="shrink-0 text-ink-soft">
                  <RelativeTime value={row.answeredAt ?? row.createdAt} timeZone={staffTimeZone} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
