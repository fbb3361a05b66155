import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import { Pager } from '@/components/data-table/pager';
import { PageHeader } from '@/components/shell/page-header';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import type { EmailRow } from '@/lib/notices/schema';
import { EmailStateBadge } from './email-state-badge';

/** The e-mails to the owners of accounts, newest first. */
export function OutboxPage({ page }: { page: ListPage<EmailRow> }) {
  return (
    <>
      <PageHeader
        title="Outbox"
        description="The e-mails to the owners of accounts. Without a mail server they are kept here and in a folder."
      />
      <section aria-label="Outbox" className="rounded-lg border border-line bg-surface">
        {page.rows.length === 0 ? (
          <EmptyState kind="nothing-yet" title="No e-mails yet">
            When a removal request ends, the account’s owner is told, and the e-mail stands here.
          </EmptyState>
        ) : (
          <>
            <ul className="divide-y divide-line">
              {page.rows.map((email) => (
                <li
                  key={email.id}
                  className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm hover:bg-canvas sm:grid-cols-[minmax(0,1fr)_14rem_5.5rem_9rem]"
                >
                  <Link
                    href={`/admin/outbox/${email.accountId}/${email.id}`}
                    className="truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-text"
                  >
                    {email.subject}
                  </Link>
                  <span className="truncate text-ink-soft max-sm:order-3 max-sm:text-xs">
                    <span className="tabular-nums">W{email.accountId}</span> {email.recipient}
                  </span>
                  <span className="max-sm:order-2">
                    <EmailStateBadge state={email.state} />
                  </span>
                  <span className="text-ink-soft max-sm:order-4 max-sm:text-xs sm:text-right">
                    <Time value={email.createdAt} timeZone={staffTimeZone} />
                  </span>
                </li>
              ))}
            </ul>
            <div className="border-t border-line">
              <Pager newer={page.newer} older={page.older}>
                {formatNumberOf(page.rows.length, 'e-mail')} on this page
              </Pager>
            </div>
          </>
        )}
      </section>
    </>
  );
}
