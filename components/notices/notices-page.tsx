import { IfMay } from '@/components/permissions/permissions';
import type { ListPage } from '@/lib/lists/schema';
import { Pager } from '@/components/data-table/pager';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import type { NoticeRow } from '@/lib/notices/schema';
import { NoticeLine, ReadAllButton, type ReadNotices } from './notice-line';

interface NoticesPageProps {
  page: ListPage<NoticeRow>;
  /** Of all of them, not of this page. */
  unread: number;
  timeZone: string;
  /** A server action: marks them as read. */
  read: ReadNotices;
}

/** What the account has been told, the latest first. */
export function NoticesPage({ page, unread, timeZone, read }: NoticesPageProps) {
  return (
    <>
      <PageHeader
        title="Notices"
        aside={
          <>
            <span className="text-sm text-ink-faint tabular-nums">{unread > 0 && `${unread} unread`}</span>
            <LiveIndicator topics={['notices']} />
          </>
        }
        actions={
          unread > 0 && (
            <IfMay may="notices.read">
              <ReadAllButton read={read} />
            </IfMay>
          )
        }
      />
      <Card>
        {page.rows.length === 0 ? (
          <EmptyState kind="nothing-yet" title="No notices">
            When a removal request is decided, refused or runs out of time, you are told here and by e-mail.
          </EmptyState>
        ) : (
          <>
            <ul aria-label="Notices" className="divide-y divide-line">
              {page.rows.map((notice) => (
                <NoticeLine key={notice.id} notice={notice} timeZone={timeZone} read={read} />
              ))}
            </ul>
            <div className="border-t border-line">
              <Pager newer={page.newer} older={page.older}>
                {formatNumberOf(page.rows.length, 'notice')} on this page
              </Pager>
            </div>
          </>
        )}
      </Card>
    </>
  );
}
